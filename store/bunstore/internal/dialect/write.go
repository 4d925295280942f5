package dialect

import (
	"context"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
)

// Open writes the balance of an account that has none, and what the posting brings.
func Open(ctx context.Context, m Money, conn prepared.Conn, p *store.Posting) error {
	opened := m.Writing(rows.Balances.Columns())
	rows.Balances.Write(opened, &p.Balance)
	if _, err := Change(ctx, conn, m.Queries().OpenBalance, opened); err != nil {
		return err
	}
	return WriteRows(ctx, m, conn, []store.Posting{*p})
}

// WriteRows writes what postings bring beside balances.
func WriteRows(ctx context.Context, m Money, conn prepared.Conn, ps []store.Posting) error {
	queries := m.Queries()
	plain, sole, entries := m.Writing(rows.PlainEntries.Columns()), m.Writing(rows.SoleEntries.Columns()), m.Writing(rows.Entries.Columns())
	extra, kept := NewExtra(m.Writing), rows.NewKeeping(m.Writing)
	for i := range ps {
		for j := range ps[i].Entries {
			switch entry := &ps[i].Entries[j]; {
			case rows.IsPlain(entry):
				rows.PlainEntries.Write(plain, entry)
			case rows.IsSole(entry):
				rows.SoleEntries.Write(sole, entry)
			default:
				rows.Entries.Write(entries, entry)
			}
		}
		extra.Write(&ps[i])
		kept.Write(i, &ps[i])
	}
	for _, write := range []struct {
		query string
		rows  *rows.Params
	}{
		{queries.InsertPlain, plain},
		{queries.InsertSole, sole},
		{queries.InsertEntries, entries},
		{queries.InsertHolds, extra.Holds},
		{queries.DeleteHolds, extra.Ended},
		{queries.InsertEvents, extra.Events},
		{queries.InsertMessages, kept.New},
		{queries.MoveMessages, kept.Moved},
		{queries.PutNetworkIDs, kept.IDs},
		{queries.AddDeliveries, kept.Deliveries},
	} {
		if _, err := Change(ctx, conn, write.query, write.rows); err != nil {
			return err
		}
	}
	return nil
}

// NewExtra gathers holds, references of those that ended, and events.
func NewExtra(writing func(rows.Columns) *rows.Params) rows.Extra {
	return rows.Extra{Holds: writing(rows.Holds.Columns()), Ended: writing(rows.References), Events: writing(rows.Events.Columns())}
}

// Change runs a statement with rows, and returns how many it changed.
func Change(ctx context.Context, conn prepared.Conn, query string, p *rows.Params) (changed int64, err error) {
	calls, err := p.Calls()
	if err != nil {
		return 0, err
	}
	return conn.Change(ctx, query, calls)
}

// Written notes the postings at the positions as written.
func Written(positions []int, outcomes []store.Outcome) {
	for _, n := range positions {
		outcomes[n] = store.Outcome{Kind: store.OutcomeWritten}
	}
}

// References returns those that a posting uses or looks up.
func References(p *store.Posting) []string {
	references := append([]string(nil), p.Lookups...)
	for i := range p.Entries {
		references = append(references, p.Entries[i].Reference)
	}
	return references
}
