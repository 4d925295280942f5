package document

import (
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
)

// Take names a line of an invoice to be taken back: so many messages of it, or an amount with the
// line's sign, or with neither all that is left of it.
type Take struct {
	Line     int             `json:"line"` // 1 for the first
	Messages int64           `json:"messages"`
	Amount   decimal.Decimal `json:"amount"`
}

// take returns what is taken back of each line, where before was taken back already.
func (i Invoice) take(before []Line, takes []Take) (lines []CreditLine, err error) {
	if len(takes) == 0 {
		for k := range i.Lines {
			if rest := i.Lines[k].without(before[k]); !rest.Amount.IsZero() || rest.Messages > 0 {
				lines = append(lines, CreditLine{k + 1, rest})
			}
		}
		return lines, nil
	}
	var faults account.Faults
	named := map[int]bool{}
	for k, take := range takes {
		path := "lines." + strconv.Itoa(k) + "."
		switch {
		case take.Line < 1 || take.Line > len(i.Lines) || i.Lines[take.Line-1].Amount.Sign()*i.Subtotal.Sign() <= 0:
			faults = append(faults, account.NewFault(path+"line", "credit_note.line", take.Line))
			continue
		case named[take.Line]:
			faults = append(faults, account.NewFault(path+"line", "credit_note.twice", take.Line))
			continue
		}
		named[take.Line] = true
		line, wrong := take.of(i.Lines[take.Line-1].without(before[take.Line-1]), path)
		faults = append(faults, wrong...)
		lines = append(lines, CreditLine{take.Line, line})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return lines, nil
}

// of returns what is taken of what is left of a line.
func (t Take) of(rest Line, path string) (Line, account.Faults) {
	price, one := rest.Price.Get()
	switch {
	case rest.Amount.IsZero():
		return Line{}, account.Faults{account.NewFault(path+"line", "credit_note.line", t.Line)}
	case t.Messages != 0 && !t.Amount.IsZero():
		return Line{}, account.Faults{account.NewFault(path+"messages", "credit_note.both")}
	case t.Messages != 0 && !one:
		return Line{}, account.Faults{account.NewFault(path+"messages", "credit_note.price")}
	case t.Messages < 0 || t.Messages > rest.Messages:
		return Line{}, account.Faults{account.NewFault(path+"messages", "credit_note.messages", rest.Messages)}
	case t.Messages > 0:
		return Line{Price: rest.Price, Messages: t.Messages, Amount: price.Mul(decimal.NewFromInt(t.Messages))}, nil
	case t.Amount.IsZero():
		return rest, nil
	case bounds.Scale(t.Amount) > account.MaxScale:
		return Line{}, account.Faults{account.NewFault(path+"amount", "amount.scale", account.MaxScale)}
	case t.Amount.Sign() != rest.Amount.Sign() || t.Amount.Abs().GreaterThan(rest.Amount.Abs()):
		return Line{}, account.Faults{account.NewFault(path+"amount", "credit_note.amount", rest.Amount)}
	default:
		return Line{Refund: rest.Refund, Amount: t.Amount}, nil
	}
}

// without returns what is left of a line. Its messages are no longer counted where amounts were
// taken back that are no messages.
func (l Line) without(taken Line) Line {
	rest := l
	rest.Messages, rest.Amount = l.Messages-taken.Messages, l.Amount.Sub(taken.Amount)
	price, one := l.Price.Get()
	counted := one && price.Mul(decimal.NewFromInt(rest.Messages)).Equal(rest.Amount)
	if !counted && !taken.Amount.IsZero() || rest.Messages == 0 {
		rest.Price, rest.Messages = UnitPrice{}, 0
	}
	return rest
}
