package clientaccount

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/cursor"
	"github.com/clientaccount/clientaccount/store"
)

// Page is a part of the Clients list.
type Page struct {
	Rows []account.Summary `json:"rows"`
	Next string            `json:"next"` // cursor of the rows after these, of which after account.MaxPage there may be none; empty at the end
}

// List returns a page of the Clients list: the first, or the one after a cursor that a page
// of the same order gave, of this Service or another with the same [Options].CursorKey. A
// cursor that was altered, or is of another order or key, is the fault cursor.invalid.
// Query's After and Now are set here.
//
// Errors: [account.Faults].
func (s *Service) List(ctx context.Context, q account.Query, cursor string) (Page, error) {
	if err := q.Faults().Err(); err != nil {
		return Page{}, err
	}
	if !storable(q.Search + string(q.Country) + string(q.Status)) {
		return Page{}, nil
	}
	q.Now, q.After = s.now(), nil
	if q.Sort == "" {
		q.Sort = account.SortLogin
	}
	if cursor != "" {
		after, err := openRow(s.cursors, cursor, q)
		if err != nil {
			return Page{}, err
		}
		q.After = &after
	}
	size := q.PageSize()
	q.Limit = min(size+1, account.MaxPage) // one more tells whether there is a next page
	rows, err := s.stored().Accounts(ctx, q)
	if err != nil || len(rows) < q.Limit {
		return Page{Rows: rows}, err
	}
	rows = rows[:size]
	return Page{Rows: rows, Next: sealRow(s.cursors, rows[size-1], q)}, nil
}

// Count returns how many clients a query finds, whatever its page, at most most: whether there are
// more is seen by asking for one more. It costs little where most is a thousand.
//
// Errors: [account.Faults].
func (s *Service) Count(ctx context.Context, q account.Query, most int) (int, error) {
	counts, err := s.CountEach(ctx, most, q)
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}

// CountEach is [Service.Count] of several queries, at most account.MaxPage: all as they are at one
// time, and at less than the cost of each.
//
// Errors: [account.Faults].
func (s *Service) CountEach(ctx context.Context, most int, queries ...account.Query) ([]int, error) {
	if err := s.made(); err != nil {
		return nil, err
	}
	if len(queries) > account.MaxPage {
		return nil, account.Faults{account.NewFault("", "limit.range", account.MaxPage)}
	}
	asked, now := slices.Clone(queries), s.now()
	for i, q := range asked {
		if err := q.Faults().Err(); err != nil {
			return nil, err
		}
		asked[i].Now, asked[i].After = now, nil
	}
	return s.stored().CountAccounts(ctx, most, asked...)
}

// All iterates over every row of a list, page by page, in the query's order. It ends after
// the first error.
//
// Errors: those of [Service.List].
func (s *Service) All(ctx context.Context, q account.Query) iter.Seq2[account.Summary, error] {
	return func(yield func(account.Summary, error) bool) {
		q.Limit = account.MaxPage
		for cursor := ""; ; {
			page, err := s.List(ctx, q, cursor)
			if err != nil {
				yield(account.Summary{}, err)
				return
			}
			for _, row := range page.Rows {
				if !yield(row, nil) {
					return
				}
			}
			if cursor = page.Next; cursor == "" {
				return
			}
		}
	}
}

// Bounds of what ListSeen reads for a page.
const (
	mostScanned = 20  // pages of account.MaxPage rows
	seenAtOnce  = 100 // accounts
)

// ListSeen is [Service.List] for somebody who does not see all fields: a search finds
// clients by those that sees is true for, and is in an order that they see, so that nobody
// learns by searching what is hidden: a page is full while there is more, and its cursor
// stands at a row of it. An order by a field that is not seen is the fault sort.hidden; a
// search that finds far too much by such fields alone is search.broad.
//
// Errors: [account.Faults].
func (s *Service) ListSeen(ctx context.Context, q account.Query, cursor string, sees func(path string) bool) (Page, error) {
	if err := cmp.Or(s.made(), q.Faults().Err()); err != nil {
		return Page{}, err
	}
	q.Sort = cmp.Or(q.Sort, account.SortLogin)
	if sees == nil {
		sees = func(string) bool { return false }
	}
	if path := q.Sort.Path(); path != "" && !sees(path) {
		return Page{}, account.Faults{account.NewFault("sort", "sort.hidden")}
	}
	hides := func(f account.Field) bool { return f.Searched && !sees(f.Path) }
	if q.Search == "" || !slices.ContainsFunc(account.Fields(), hides) {
		return s.List(ctx, q, cursor)
	}
	size, terms := min(q.PageSize(), account.MaxPage), store.ParseSearch(q.Search)
	q.Limit = account.MaxPage
	var found Page
	for range mostScanned {
		page, err := s.List(ctx, q, cursor)
		if err != nil {
			return Page{}, err
		}
		for rows := range slices.Chunk(page.Rows, seenAtOnce) {
			seen, err := s.foundBySeen(ctx, rows, terms, sees)
			if err != nil {
				return Page{}, err
			}
			if found.Rows = append(found.Rows, seen...); len(found.Rows) > size {
				found.Rows = found.Rows[:size]
				found.Next = sealRow(s.cursors, found.Rows[size-1], q)
				return found, nil
			}
		}
		if cursor = page.Next; cursor == "" {
			return found, nil
		}
	}
	return Page{}, account.Faults{account.NewFault("q", "search.broad")}
}

// Beside returns the rows before and after the one that a cursor stands at, of those that
// [Service.ListSeen] returns; nil where there is none. The cursor is one of [Service.CursorOf]: of
// the place where the row stood, wherever its client is now.
//
// Errors: those of ListSeen.
func (s *Service) Beside(ctx context.Context, q account.Query, cursor string, sees func(path string) bool) (before, after *account.Summary, err error) {
	q.Sort, q.Limit = cmp.Or(q.Sort, account.SortLogin), 1
	at, err := openRow(s.cursors, cursor, q)
	if err != nil {
		return nil, nil, err
	}
	back := q
	back.Desc = !q.Desc
	for _, way := range []struct {
		q    account.Query
		into **account.Summary
	}{{back, &before}, {q, &after}} {
		page, err := s.ListSeen(ctx, way.q, seal(s.cursors, at, way.q), sees)
		if err != nil {
			return nil, nil, err
		}
		if len(page.Rows) > 0 {
			*way.into = &page.Rows[0]
		}
	}
	return before, after, nil
}

// CursorOf returns the cursor that stands at a row of a list in an order: the rows after it are
// the next page.
func (s *Service) CursorOf(row account.Summary, q account.Query) string {
	q.Sort = cmp.Or(q.Sort, account.SortLogin)
	return sealRow(s.cursors, row, q)
}

// foundBySeen returns those rows of whose accounts the fields that are seen have the terms.
func (s *Service) foundBySeen(ctx context.Context, rows []account.Summary, terms store.SearchTerms, sees func(path string) bool) (seen []account.Summary, err error) {
	ids := make([]account.ID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	all, err := s.GetMany(ctx, ids...)
	for _, row := range rows {
		if a, there := all[row.ID]; there && terms.In(a.SearchTextOf(sees)) {
			seen = append(seen, row)
		}
	}
	return seen, err
}

// SealCursor returns a cursor for a page of a host's own: it holds a mark that nobody reads
// or changes, and belongs to the list that over names, of this Service or another with
// the same [Options].CursorKey.
func (s *Service) SealCursor(mark []byte, over string) string { return s.cursors.Seal(mark, over) }

// OpenCursor returns the mark of a cursor of SealCursor. Any other, and one that belongs to
// another list, is the fault cursor.invalid.
//
// Errors: [account.Faults].
func (s *Service) OpenCursor(cursor, over string) ([]byte, error) {
	return s.cursors.Open(cursor, over)
}

// cursorMark is the row after which a page begins, and the order it is of.
type cursorMark struct {
	Sort  account.Sort `json:"s"`
	Desc  bool         `json:"d,omitempty"`
	Value string       `json:"v"`
	ID    account.ID   `json:"i"`
}

// clientsList is what cursors of the Clients list belong to.
const clientsList = "clients"

func sealRow(c cursor.Sealer, last account.Summary, q account.Query) string {
	return seal(c, account.Position{Value: last.SortKey(q.Sort), ID: last.ID}, q)
}

func seal(c cursor.Sealer, at account.Position, q account.Query) string {
	mark, err := json.Marshal(cursorMark{Sort: q.Sort, Desc: q.Desc, Value: at.Value, ID: at.ID})
	if err != nil { // strings, a bool and an id always encode
		return ""
	}
	return c.Seal(mark, clientsList)
}

func openRow(c cursor.Sealer, text string, q account.Query) (account.Position, error) {
	invalid := account.Faults{account.NewFault("cursor", "cursor.invalid")}
	mark, err := c.Open(text, clientsList)
	if err != nil {
		return account.Position{}, err
	}
	var m cursorMark
	if json.Unmarshal(mark, &m) != nil || m.Sort != q.Sort || m.Desc != q.Desc || !m.stands() {
		return account.Position{}, invalid
	}
	return account.Position{Value: m.Value, ID: m.ID}, nil
}

// stands reports whether a store can look for the mark: another version may have made it.
func (m cursorMark) stands() bool {
	switch {
	case m.Sort.IsTime():
		at, err := account.ParseSortTime(m.Value)
		return err == nil && bounds.Instant(at)
	case m.Sort.IsAmount():
		_, ok := account.ParseSortAmount(m.Value)
		return ok
	default:
		return storable(m.Value)
	}
}

// storable reports whether a text can be in a store at all: databases refuse to even
// look for a NUL or for what is no UTF-8.
func storable(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// Sighting is something of a client that was found by its key: one of the three is set.
type Sighting struct {
	Account  account.ID
	Entry    *account.Entry
	Message  *store.MessageKey
	Document *store.Document
}

// Find looks for what has a text as its key, across clients: an entry by its reference, a message by
// its id or a network's, a document by its number. It returns at most most of each, and at most
// [account.MaxPage]; where that is more than 1, also what has a longer key that begins so. With
// managers only the clients of these count.
//
// Entries that people made (top-ups, adjustments, refunds, transfers) are found among all clients;
// other entries, and messages by their own ids, where managers have no more than [store.MostProbed]
// clients. What a store cannot look for is not found.
//
// Errors: the store's.
func (s *Service) Find(ctx context.Context, text string, managers account.Optional[[]account.ID], most int) ([]Sighting, error) {
	if err := s.made(); err != nil {
		return nil, err
	}
	text = strings.TrimSpace(text)
	if text == "" || most < 1 || !storable(text) {
		return nil, nil
	}
	q := store.KeyQuery{Key: text, Prefix: most > 1, Managers: managers, Limit: min(most, account.MaxPage)}
	found, err := s.findKeyed(ctx, q)
	if err != nil {
		return nil, err
	}
	documents, err := s.Documents(ctx, store.DocumentQuery{Number: text, Managers: managers, Limit: q.Limit})
	if err != nil && !errors.Is(err, ErrNoBilling) {
		return nil, err
	}
	for i := range documents {
		if q.Prefix || strings.EqualFold(documents[i].Number, text) {
			found = append(found, Sighting{Account: documents[i].Account, Document: &documents[i]})
		}
	}
	return found, nil
}

// findKeyed finds entries and messages.
func (s *Service) findKeyed(ctx context.Context, q store.KeyQuery) (found []Sighting, _ error) {
	finder, ok := s.stored().(store.Finder)
	if !ok {
		return nil, nil
	}
	entries, err := finder.FindEntries(ctx, q)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		found = append(found, Sighting{Account: entries[i].Account, Entry: &entries[i]})
	}
	messages, err := finder.FindMessages(ctx, q)
	seen := make(map[store.MessageKey]bool, len(messages))
	for i := range messages {
		if key := &messages[i]; !seen[*key] {
			seen[*key] = true
			found = append(found, Sighting{Account: key.Account, Message: key})
		}
	}
	return found, err
}
