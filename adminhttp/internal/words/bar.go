package words

import "github.com/shopspring/decimal"

// BarPart is a stretch of the bar, in thousandths of its length.
type BarPart struct {
	Class    string
	X, Width int64
}

// Layer is a kind of money to be spent.
type Layer struct {
	Class  string
	Amount decimal.Decimal
}

// Bar lays the layers end to end and covers them from the left with what is spent,
// and then with what is held.
func Bar(spent, held decimal.Decimal, layers []Layer) []BarPart {
	total := decimal.Zero
	for _, l := range layers {
		total = total.Add(l.Amount)
	}
	if !total.IsPositive() {
		return []BarPart{{Class: "bg", Width: 1000}}
	}
	parts := []BarPart{{Class: "bg", Width: 1000}}
	at, gone := decimal.Zero, spent.Add(held)
	for _, l := range layers {
		end := at.Add(l.Amount)
		if begin := decimal.Max(at, gone); begin.LessThan(end) {
			parts = append(parts, stretch(l.Class, begin, end, total))
		}
		at = end
	}
	if held.IsPositive() && spent.LessThan(total) {
		parts = append(parts, stretch("held", spent, decimal.Min(gone, total), total))
	}
	return parts
}

func stretch(class string, begin, end, total decimal.Decimal) BarPart {
	x, to := Share(begin, total, 1000), Share(end, total, 1000)
	return BarPart{class, x, to - x}
}

// Share is part of whole in steps of it, whole being positive.
func Share(part, whole decimal.Decimal, steps int64) int64 {
	return part.Mul(decimal.NewFromInt(steps)).DivRound(whole, 0).IntPart()
}
