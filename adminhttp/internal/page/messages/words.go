package messages

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// stateTones are the colours of states.
var stateTones = map[account.MessageState]string{
	account.StateScheduled: "warn", account.StateEnroute: "warn", account.StateAccepted: "warn", account.StateUnknown: "warn",
	account.StateDelivered: "good", account.StateExpired: "bad", account.StateUndeliverable: "bad", account.StateRejected: "bad",
	account.StateDeleted: "off", account.StateSkipped: "off",
}

// statePill returns what has become of a message: what its client was told last, or how far it
// came before anything was.
func statePill(m message.Message) page.Pill {
	if m.Tracking.Seq == 0 {
		return page.Pill{Word: words.MessageStage(m.Stage()), Tone: "warn"}
	}
	return page.Pill{Word: words.MessageState(m.State()), Tone: stateTones[m.State()]}
}

// stateNotes say more of the state of a message: its name in SMPP with the error, parts that
// ended before others, and what was reported late.
func stateNotes(m message.Message) (notes []words.Text) {
	if m.Tracking.Seq > 0 {
		notes = append(notes, said(m.State(), m.Err))
	}
	if ended := len(m.Tracking.Ended); ended > 0 {
		notes = append(notes, words.Textf("%d of %s ended", ended, words.Parts(m.Parts)))
	}
	if m.Tracking.TimedOut && m.Tracking.Reported {
		notes = append(notes, words.Textf("late: %s", m.Tracking.Late.String()))
	}
	return notes
}

// said returns a state's name in SMPP, with its error: "UNDELIV, error 27".
func said(s account.MessageState, code string) words.Text {
	if text := words.MessageErr(code); text != "" {
		return words.Textf("%s, %s", s.String(), text)
	}
	return words.Plain(s.String())
}
