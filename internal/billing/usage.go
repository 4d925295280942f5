package billing

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// mostUnwritten is how many pages of entries that are not in the usage yet are gone through when it
// is asked for.
const mostUnwritten = 10

// Days are what an account used on days.
type Days struct {
	Days     []document.UsageByDay
	Through  int64 // entries up to this one are in it
	Complete bool  // that is the last one
}

// Span is days from a day to a day, both included.
type Span struct{ First, Last account.Date }

// Usage returns what an account used on the days of spans, in their order: what is kept, and the
// entries behind that, up to a bound.
func (e *Engine) Usage(ctx context.Context, a account.Account, zone *time.Location, spans ...Span) ([]Days, error) {
	for range 5 {
		b, _, err := found(e.Store.Book(ctx, a.ID))
		if err != nil {
			return nil, err
		}
		kept := make([][]store.UsageRow, len(spans))
		for i, s := range spans {
			if kept[i], err = usage(ctx, e.Store, store.UsageQuery{Account: a.ID, First: s.First, Last: s.Last}); err != nil {
				return nil, err
			}
		}
		part, complete, err := e.unwritten(ctx, a.ID, b.To, zone)
		if err != nil {
			return nil, err
		}
		again, _, err := found(e.Store.Book(ctx, a.ID))
		if err != nil {
			return nil, err
		}
		if again.Version == b.Version { // so what is kept is of entries up to the mark, and no others
			return together(a.ID, b, spans, kept, part, complete)
		}
	}
	return nil, account.ErrConflict
}

// Kept returns what an account used on days as far as that is kept: no entry is read. What was used
// since the last visit is not in it.
func (e *Engine) Kept(ctx context.Context, id account.ID, s Span) ([]document.UsageByDay, error) {
	kept, err := usage(ctx, e.Store, store.UsageQuery{Account: id, First: s.First, Last: s.Last})
	if err != nil {
		return nil, err
	}
	return document.Restore(id, document.Mark{}, document.Mark{}, rowsOf(kept)).ByDay(), nil
}

// unwritten goes through entries behind a mark.
func (e *Engine) unwritten(ctx context.Context, id account.ID, mark document.Mark, zone *time.Location) (*document.Usage, bool, error) {
	part := document.NewUsage(id, document.Mark{}).Part(mark)
	for range mostUnwritten {
		page, err := e.Store.Entries(ctx, account.EntryQuery{Account: id, After: part.To().Entry, Oldest: true, Limit: account.MaxPage})
		if err != nil {
			return nil, false, err
		}
		for _, entry := range page {
			if err := part.Add(entry, zone); err != nil {
				return nil, false, err
			}
		}
		if len(page) < account.MaxPage {
			return part, true, nil
		}
	}
	return part, false, nil
}

func together(id account.ID, b store.Book, spans []Span, kept [][]store.UsageRow, part *document.Usage, complete bool) ([]Days, error) {
	all := make([]Days, len(spans))
	for i, s := range spans {
		whole := document.Restore(id, document.Mark{}, b.To, rowsOf(kept[i]))
		if err := whole.Merge(part); err != nil {
			return nil, err
		}
		days := slices.DeleteFunc(whole.ByDay(), func(d document.UsageByDay) bool {
			return d.Day.Compare(s.First) < 0 || d.Day.Compare(s.Last) > 0
		})
		all[i] = Days{days, part.To().Entry, complete}
	}
	return all, nil
}
