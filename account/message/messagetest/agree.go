package messagetest

import (
	"fmt"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// Agree holds a message against all that was moved and told of it, by the invariants of
// package message. The error says what does not agree. moved are the kinds of the
// movements, or of the entries; an expiry of the hold counts as its release.
func Agree(m message.Message, moved []account.MovementKind, told []account.StateUpdate) error {
	if err := agreeMoney(m, moved); err != nil {
		return err
	}
	finals, late, last := 0, 0, account.StateUpdate{}
	for i, u := range told {
		switch {
		case u.Seq != int64(i+1):
			return fmt.Errorf("message %s: state %d was told as number %d", m.ID, i+1, u.Seq)
		case u.Late:
			late++
		default:
			last = u
		}
		if u.Final() && !u.Late {
			finals++
		} else if finals > 0 && !u.Late {
			return fmt.Errorf("message %s: %s was told after a final state", m.ID, u.State)
		}
	}
	over := slices.Contains([]message.Stage{message.StageEnded, message.StageUnsent, message.StageTimedOut}, m.Stage())
	switch {
	case m.State() != last.State || m.Err != last.Err:
		return fmt.Errorf("message %s is %s %q, and was told to be %s %q", m.ID, m.State(), m.Err, last.State, last.Err)
	case over != (finals == 1) || over != !m.EndedAt.IsZero() || over != m.Due().IsZero():
		return fmt.Errorf("message %s is %s, and %d final states were told", m.ID, m.Stage(), finals)
	case finals > 1 || late > 1 || late > finals || late == 1 && !m.Tracking.TimedOut:
		return fmt.Errorf("message %s was told %d final states, and %d late", m.ID, finals, late)
	}
	return nil
}

// moneys are the movements that lead to each place; a hold may also end by itself, which
// may not have been written yet.
var moneys = map[message.Money][]string{
	message.MoneyHeld:     {"hold"},
	message.MoneyTaken:    {"hold capture"},
	message.MoneyReleased: {"hold", "hold release", "hold expire"},
	message.MoneyRefunded: {"hold capture refund"},
}

func agreeMoney(m message.Message, moved []account.MovementKind) error {
	way := ""
	for i, kind := range moved {
		if i > 0 {
			way += " "
		}
		way += string(kind)
	}
	if !slices.Contains(moneys[m.Money], way) {
		return fmt.Errorf("message %s: its money is %s, and the movements are %q", m.ID, m.Money, way)
	}
	may := map[message.Stage][]message.Money{
		message.StageHeld:     {message.MoneyHeld},
		message.StageUnsent:   {message.MoneyReleased},
		message.StageTimedOut: {message.MoneyReleased},
		message.StageSent:     {message.MoneyTaken},
		message.StageEnded:    {message.MoneyTaken, message.MoneyReleased, message.MoneyRefunded},
	}
	if m.Pricing == message.PricingDelivered {
		may[message.StageSent] = []message.Money{message.MoneyHeld}
		may[message.StageEnded] = []message.Money{message.MoneyReleased}
		if m.State() == account.StateDelivered {
			may[message.StageEnded] = []message.Money{message.MoneyTaken}
		}
	}
	if !slices.Contains(may[m.Stage()], m.Money) {
		return fmt.Errorf("message %s is %s, and its money %s", m.ID, m.Stage(), m.Money)
	}
	return nil
}
