package adminhttp

import "github.com/shopspring/decimal"

// barPart is a stretch of the bar, in thousandths of its length.
type barPart struct {
	Class    string
	X, Width int64
}

// layer is a kind of money to be spent.
type layer struct {
	class  string
	amount decimal.Decimal
}

// bar lays the layers end to end and covers them from the left with what is spent,
// and then with what is held.
func bar(spent, held decimal.Decimal, layers []layer) []barPart {
	total := decimal.Zero
	for _, l := range layers {
		total = total.Add(l.amount)
	}
	if !total.IsPositive() {
		return []barPart{{Class: "bg", Width: 1000}}
	}
	parts := []barPart{{Class: "bg", Width: 1000}}
	at, gone := decimal.Zero, spent.Add(held)
	for _, l := range layers {
		end := at.Add(l.amount)
		if begin := decimal.Max(at, gone); begin.LessThan(end) {
			parts = append(parts, stretch(l.class, begin, end, total))
		}
		at = end
	}
	if held.IsPositive() && spent.LessThan(total) {
		parts = append(parts, stretch("held", spent, decimal.Min(gone, total), total))
	}
	return parts
}

func stretch(class string, begin, end, total decimal.Decimal) barPart {
	x, to := share(begin, total, 1000), share(end, total, 1000)
	return barPart{class, x, to - x}
}

// share is part of whole in steps of it, whole being positive.
func share(part, whole decimal.Decimal, steps int64) int64 {
	return part.Mul(decimal.NewFromInt(steps)).DivRound(whole, 0).IntPart()
}
