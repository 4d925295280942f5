package rows

import (
	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// FiguresRows is a row of clientaccount_message_figures.
var FiguresRows = FiguresKeys.And(Codec[message.FiguresRow]{
	bigint("messages", func(r *message.FiguresRow) *int64 { return &r.Figures.Messages }),
	bigint("parts", func(r *message.FiguresRow) *int64 { return &r.Figures.Parts }),
	total("taken", func(r *message.FiguresRow) *decimal.Decimal { return &r.Figures.Taken }),
	total("given_back", func(r *message.FiguresRow) *decimal.Decimal { return &r.Figures.GivenBack }),
})

// FiguresKeys is the key of such a row, in the order in which figures are told.
var FiguresKeys = Codec[message.FiguresRow]{
	key("account_id", func(r *message.FiguresRow) *account.ID { return &r.Key.Account }),
	day("day", func(r *message.FiguresRow) *account.Date { return &r.Key.Day }),
	text("mcc", func(r *message.FiguresRow) *string { return &r.Key.MCC }),
	text("mnc", func(r *message.FiguresRow) *string { return &r.Key.MNC }),
	text("channel", func(r *message.FiguresRow) *account.Channel { return &r.Key.Channel }),
	stateOrNone("state", func(r *message.FiguresRow) *account.Optional[account.MessageState] { return &r.Key.State }),
}

// noState stands before every state, and may be part of a key.
const noState = -1

// stateOrNone keeps no state as noState.
func stateOrNone[T any](name string, at func(*T) *account.Optional[account.MessageState]) field[T] {
	return field[T]{
		Column{name, "smallint"},
		func(p *Params, v *T) {
			code := int64(noState)
			if s, set := at(v).Get(); set {
				code = int64(s)
			}
			p.Integer(code)
		},
		func(r *Row, v *T) { *at(v) = optionalState(r.Integer()) },
	}
}

func optionalState(code int64) account.Optional[account.MessageState] {
	if code == noState {
		return account.Optional[account.MessageState]{}
	}
	return account.Some(account.MessageState(code))
}

// total is a sum of any number of amounts.
func total[T any](name string, at func(*T) *decimal.Decimal) field[T] {
	return field[T]{
		Column{name, "numeric"},
		func(p *Params, v *T) { p.form.Text(at(v).String()) },
		func(r *Row, v *T) { *at(v) = r.sum() },
	}
}

// Counted is a message, and what it counted for in the figures when it was counted last.
type Counted struct {
	Message message.Message

	counted bool // else the rest is nothing
	state   account.Optional[account.MessageState]
	money   message.Money
}

// Before returns what the message counted for.
func (c *Counted) Before() message.FiguresRow {
	if !c.counted {
		return message.FiguresRow{}
	}
	before := c.Message
	before.Money = c.money
	state, over := c.state.Get()
	before.Tracking = account.Tracking{State: state, Reported: over}
	return before.FiguresRow()
}

// CountedMessages reads messages with what they counted for.
var CountedMessages = append(within(Messages, func(c *Counted) *message.Message { return &c.Message }), Codec[Counted]{
	{Column{"counted_state", "smallint"}, nil, func(r *Row, c *Counted) {
		if c.counted = !r.isNull(); c.counted {
			c.state = optionalState(r.Integer())
		} else {
			r.next++
		}
	}},
	textOrNull("counted_money", func(c *Counted) *message.Money { return &c.money }),
}...)
