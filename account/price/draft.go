package price

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Draft gathers changes to a list until they are announced. The zero value changes nothing.
type Draft struct {
	Undo []Start `json:"undo"` // rows that have not begun, to be taken back; first
	Rows []Row   `json:"rows"` // to be added
}

// Apply returns the list as the draft leaves it. The error is [Faults], with all that is wrong
// with the draft at once, and then nothing is changed: a row added has a fault of its own,
// begins before now, or stands where another does; a row taken back is not in the list,
// or has begun.
func (d Draft) Apply(l *List, now time.Time) (*List, error) {
	faults, undone := d.checkUndo(l, now)
	faults = append(faults, d.checkRows(l, undone, now)...)
	if len(faults) > 0 {
		return nil, faults
	}
	rows := slices.DeleteFunc(l.Rows(), func(r Row) bool { return undone[r.Start().start()] })
	return newList(append(rows, d.Rows...)), nil
}

// checkUndo returns what is wrong with the rows to be taken back, and which they are.
func (d Draft) checkUndo(l *List, now time.Time) (faults Faults, undone map[start]bool) {
	undone = make(map[start]bool, len(d.Undo))
	for i, s := range d.Undo {
		code := ""
		switch {
		case !l.Has(s):
			code = "undo.unknown"
		case !s.From.After(now):
			code = "undo.begun"
		default:
			undone[s.start()] = true
			continue
		}
		f := FaultOf(code)
		f.Row = i + 1
		faults = append(faults, f)
	}
	return faults, undone
}

// checkRows returns what is wrong with the rows to be added.
func (d Draft) checkRows(l *List, undone map[start]bool, now time.Time) Faults {
	faults := check(d.Rows)
	for i, r := range d.Rows {
		code := ""
		switch {
		case checkFrom(r.From) != "": // has been said
		case r.From.Before(now):
			code = "from.past"
		case l.Has(r.Start()) && !undone[r.Start().start()]:
			code = "row.exists"
		}
		if code != "" {
			f := FaultOf(code)
			f.Row = i + 1
			faults = append(faults, f)
		}
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return cmp.Compare(a.Row, b.Row) })
	return faults
}

// Changes returns what the draft comes to for who pays by prices: before and after it was
// applied to one of the two lists. To see only the list itself, leave the other nil. There
// is a Change for the start of each row of the draft, also where nothing changes for this
// client; and at the same instants for each network that a row of its whole country, added or
// taken back, makes dearer, cheaper, sold or closed. Before is the price that holds until then;
// where nothing changes at that instant any more, it is what had been planned for it.
func (d Draft) Changes(before, after Prices) []Change {
	starts := map[Start]bool{} // true: the draft has a row there
	for _, s := range d.starts() {
		starts[s] = true
		if s.MNC != "" {
			continue
		}
		for _, n := range networksOf(s.MCC, before, after) {
			if other := (Start{n, s.From}); !starts[other] {
				starts[other] = false
			}
		}
	}
	var changes []Change
	for _, s := range slices.SortedFunc(maps.Keys(starts), Start.compare) {
		if c, altered := change(s, before, after); starts[s] || altered {
			changes = append(changes, c)
		}
	}
	return changes
}

// starts returns those of all rows added and taken back, with instants in UTC.
func (d Draft) starts() []Start {
	starts := slices.Clone(d.Undo)
	for _, r := range d.Rows {
		starts = append(starts, r.Start())
	}
	for i := range starts {
		starts[i].From = starts[i].From.UTC().Round(0)
	}
	return starts
}

// change returns what happens at a start, and whether it was to be otherwise.
func change(s Start, before, after Prices) (c Change, altered bool) {
	planned := before.Price(s.Network, s.From)
	c = Change{s.Network, s.From, after.before(s.Network, s.From), after.Price(s.Network, s.From)}
	if same(c.Before, c.After) {
		c.Before = planned
	}
	return c, !same(planned, c.After)
}

// networksOf returns the networks of one country that any of the lists names.
func networksOf(mcc string, prices ...Prices) (networks []Network) {
	for _, p := range prices {
		for _, l := range []*List{p.Own, p.Product} {
			for _, r := range l.country(mcc) {
				networks = append(networks, r.Network)
			}
		}
	}
	slices.SortFunc(networks, Network.Compare)
	return slices.Compact(networks)
}
