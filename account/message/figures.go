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

// Minus returns what is left without others.
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

// FiguresRow are the figures of a key, or what is to be added to them: that may be below
// zero.
type FiguresRow struct {
	Key     FiguresKey `json:"key"`
	Figures Figures    `json:"figures"`
}

// FiguresRow returns what a message counts for, and under which key: each message under one,
// that of the state which it has come to. So the figures of many messages are the sum of
// theirs. The zero Message counts for nothing.
func (m Message) FiguresRow() FiguresRow {
	if m.ID == "" {
		return FiguresRow{}
	}
	row := FiguresRow{
		Key:     FiguresKey{Account: m.Account, Day: m.Day, MCC: m.MCC, MNC: m.MNC, Channel: m.Channel},
		Figures: Figures{Messages: 1, Parts: int64(m.Parts)},
	}
	if m.over() {
		row.Key.State = account.Some(m.State())
	}
	switch m.Money {
	case MoneyTaken:
		row.Figures.Taken = m.Cost()
	case MoneyRefunded:
		row.Figures.Taken, row.Figures.GivenBack = m.Cost(), m.Cost()
	}
	return row
}

// Since returns what is to be added to the figures for a message that counted for before when
// it was counted last: that is taken away, and what it counts for now is added. Nil for
// nothing. Added up in any order, these are the figures of the messages.
func (r FiguresRow) Since(before FiguresRow) []FiguresRow {
	if r.Key == before.Key {
		r.Figures, before.Figures = r.Figures.Minus(before.Figures), Figures{}
	}
	var rows []FiguresRow
	if !before.Figures.IsZero() {
		rows = append(rows, FiguresRow{before.Key, Figures{}.Minus(before.Figures)})
	}
	if !r.Figures.IsZero() {
		rows = append(rows, r)
	}
	return rows
}
