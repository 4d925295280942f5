package page

import (
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// Sends says whether a client can send now, and by which channels or why not.
type Sends struct {
	Tone  string
	Words say.Text
	poor  bool // nothing is left to spend
}

// sendsOf asks the Service about the cheapest message that the client could well send now, by each
// channel: to a number of nobody, from a sender that is approved. It is nil for who may not try
// messages, and for a client without a ledger.
func sendsOf(r *ask.Request, a account.Account, d kind.Directory) (*Sends, error) {
	if !r.Judge.May(access.Decide) {
		return nil, nil
	}
	message := plainMessage(a, d)
	var open []say.Text
	var best account.Decision
	for _, channel := range account.Channels() {
		message.Channel = channel
		decision, err := r.Service.Decide(r.Context(), a.ID, message)
		switch {
		case errors.Is(err, account.ErrNotFound):
			return nil, nil
		case err != nil:
			return nil, err
		}
		closed := decision.Has("channel.off") || decision.Has("channel.parent_off")
		if !closed && r.Judge.Shows("sending."+string(channel)) {
			open = append(open, words.Channel(channel))
		}
		if best.Verdict == "" || !closed {
			best = decision
		}
	}
	return newSends(r, a, best, open)
}

// plainMessage is a message that a client could well send: of one part, at the reference price, or
// else for the least there is.
func plainMessage(a account.Account, d kind.Directory) account.Request {
	m := account.Request{Sender: "Test", Destination: "+15005550000", Parts: 1, Price: account.Some(decimal.New(1, -account.MaxScale)), Round: true}
	if senders := a.Routing.Senders; len(senders) > 0 {
		m.Sender = senders[0]
	}
	for _, p := range d.Products {
		if p.ID == a.Notes.Product && !p.Price.IsZero() {
			m.Price = p.Price
		}
	}
	return m
}

// newSends puts a decision into one sentence.
func newSends(r *ask.Request, a account.Account, d account.Decision, open []say.Text) (*Sends, error) {
	var why say.Text
	for _, f := range d.Findings {
		if f.Verdict != account.VerdictRefuse || f.Code == "channel.parent_off" && d.Has("channel.off") {
			continue
		}
		said, err := refusalWords(r, a, f)
		if err != nil {
			return nil, err
		}
		if why == "" {
			why = said
		} else if !strings.Contains(string(why), string(said)) {
			why = say.Textf("%s; %s", why, said)
		}
	}
	s := &Sends{Tone: "good", poor: d.Has("credit.exhausted")}
	by := say.Join(open, ", ")
	switch {
	case d.Verdict == account.VerdictRefuse:
		s.Tone, s.Words = "bad", say.Textf("May not send: %s.", why)
	case len(open) == 0:
		s.Words = "May send."
	case d.Verdict == account.VerdictReview:
		s.Words = say.Textf("May send by %s; every message waits for a person's review.", by)
	case d.Verdict == account.VerdictDefer:
		s.Tone, s.Words = "warn", waitsWords(r, a, d, by)
	default:
		s.Words = say.Textf("May send by %s.", by)
	}
	return s, nil
}

// waitsWords say that it is outside of the client's hours, and until when for who sees that.
func waitsWords(r *ask.Request, a account.Account, d account.Decision, by say.Text) say.Text {
	if until := r.Until(d); !until.IsZero() {
		return say.Textf("May send by %s; what comes now waits until %s.", by, say.Time(until.In(words.Zone(a)), words.ShortLayout))
	}
	return say.Textf("May send by %s; what comes now waits.", by)
}

// refusalTexts say why a client may not send, by the codes of the decision that are not about a
// status.
var refusalTexts = map[string]say.Text{
	"channel.off": "no channel is on", "channel.parent_off": "its parents have no channel on",
	"time.never": "its time of dispatch is never open", "time.zone_unknown": "its time zone is not known on this server",
	"sender.not_approved": "no sender is approved, and Dynamic Sender is off",
	"credit.exhausted":    "nothing is left to spend", "price.unknown": "no price is known",
}

var statusTexts = map[string]struct{ own, above say.Text }{
	"status.pending":   {"it is not active yet", "its parent %s is not active yet"},
	"status.suspended": {"it is suspended", "suspended by its parent %s"},
	"status.blocked":   {"it is blocked", "blocked by its parent %s"},
	"status.closed":    {"it is closed for good", "its parent %s is closed for good"},
	"status.expired":   {"it has expired", "its parent %s has expired"},
}

// refusalWords say what a finding means for all that a client sends.
func refusalWords(r *ask.Request, a account.Account, f account.Finding) (say.Text, error) {
	told := r.Judge.Finding(f)
	if text, of := refusalTexts[told.Code]; of {
		return text, nil
	}
	status, of := statusTexts[told.Code]
	switch {
	case !of && told.Code == access.CodeHidden:
		return "a setting that you do not see stands in the way", nil
	case !of:
		return "something stands in the way, see Try a message", nil
	case !told.Above:
		return status.own, nil
	}
	above, err := NameOf(r, told.Account)
	if above.Href == "" {
		return "an account that you do not see stops it", err
	}
	return say.Textf(status.above, above.Name), err
}

// lastsOf says until when what is available lasts at the present rate; nothing where nothing is
// spent, or for who does not see that.
func lastsOf(r *ask.Request, seen account.Account) (say.Text, error) {
	if seen.Status == account.StatusClosed {
		return "", nil
	}
	rate, err := r.Rate(seen.ID)
	if err != nil || rate.RunsOut.IsZero() {
		return "", err
	}
	_, sums, err := r.MoneyOf(seen.ID)
	now := r.Service.Now()
	switch {
	case err != nil || !sums.Available:
		return "", err
	case !rate.RunsOut.After(now):
		return say.Textf("Nothing is left to spend; lately it was %s a day.", words.Money(rate.PerDay, seen.Core.Currency)), nil
	default:
		return say.Textf("At the present rate the money lasts until %s, %s.", say.Time(rate.RunsOut.In(words.Zone(seen)), words.ShortLayout), words.Relative(rate.RunsOut, now)), nil
	}
}
