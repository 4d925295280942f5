package message

import (
	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// FiguresKey is what messages are counted by. It is comparable.
type FiguresKey struct {
	Account account.ID                             `json:"account"`
	Day     account.Date                           `json:"day"` // the client's civil day of admission: Terms
	MCC     string                                 `json:"mcc"`
	MNC     string                                 `json:"mnc"`
	Channel account.Channel                        `json:"channel"`
	State   account.Optional[account.MessageState] `json:"state"` // the final one; unset: on the way
}

// Figures are what messages come to, exactly. Amounts are in the account's currency.
type Figures struct {
	Messages  int64           `json:"messages"`
	Parts     int64           `json:"parts"`
	Taken     decimal.Decimal `json:"taken"`
	GivenBack decimal.Decimal `json:"given_back"` // of what was taken
}

// Plus is both together.
func (f Figures) Plus(g Figures) Figures {
	return Figures{
		Messages: f.Messages + g.Messages, Parts: f.Parts + g.Parts,
		Taken: f.Taken.Add(g.Taken), GivenBack: f.GivenBack.Add(g.GivenBack),
	}
}

// Minus is what is left without others.
func (f Figures) Minus(g Figures) Figures {
	return Figures{
		Messages: f.Messages - g.Messages, Parts: f.Parts - g.Parts,
		Taken: f.Taken.Sub(g.Taken), GivenBack: f.GivenBack.Sub(g.GivenBack),
	}
}

// IsZero reports whether nothing is counted.
func (f Figures) IsZero() bool {
	return f.Messages == 0 && f.Parts == 0 && f.Taken.IsZero() && f.GivenBack.IsZero()
}

// FiguresChange is what is to be added to the figures of a key. It may be below zero.
type FiguresChange struct {
	Key     FiguresKey `json:"key"`
	Figures Figures    `json:"figures"`
}

// Figures are what a message counts for, and under which key: each message under one, that
// of the state which it has come to. So figures of many messages are the sum of theirs. The
// zero Message counts for nothing.
func (m Message) Figures() (FiguresKey, Figures) {
	if m.ID == "" {
		return FiguresKey{}, Figures{}
	}
	key := FiguresKey{Account: m.Account, Day: m.Day, MCC: m.MCC, MNC: m.MNC, Channel: m.Channel}
	if m.over() {
		key.State = account.Some(m.State())
	}
	f := Figures{Messages: 1, Parts: int64(m.Parts)}
	switch m.Money {
	case MoneyTaken:
		f.Taken = m.Cost()
	case MoneyRefunded:
		f.Taken, f.GivenBack = m.Cost(), m.Cost()
	}
	return key, f
}

// FiguresChanges are what a step changes in the figures, from the message as it was: what
// it counted for is taken away, and what it counts for now is added. Nil for nothing. Added
// up in any order, they are the figures of the messages.
func (s Step) FiguresChanges(before Message) []FiguresChange {
	if !s.Changed {
		return nil
	}
	wasKey, was := before.Figures()
	key, now := s.Message.Figures()
	if wasKey == key {
		was, now = Figures{}, now.Minus(was)
	}
	var changes []FiguresChange
	if !was.IsZero() {
		changes = append(changes, FiguresChange{wasKey, Figures{}.Minus(was)})
	}
	if !now.IsZero() {
		changes = append(changes, FiguresChange{key, now})
	}
	return changes
}
