package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// Lock is [store.Tx]'s.
func (t *tx) Lock(ctx context.Context, ids ...account.ID) ([]account.Balance, error) {
	if len(ids) == 0 {
		return nil, ctx.Err()
	}
	balances, err := t.engine.lockBalances(ctx, t, store.Ascending(ids))
	return balances, t.failed(ctx, err)
}

// Post is [store.Tx]'s. What moves no money changes the terms.
func (t *tx) Post(ctx context.Context, p store.Posting) error {
	if p.From == 0 {
		return t.failed(ctx, t.open(ctx, &p))
	}
	err := t.engine.post(ctx, t.session, p)
	if err != nil || len(p.Entries) > 0 {
		return t.failed(ctx, err)
	}
	return t.changed(ctx, p.Balance.Account)
}

// open writes the balance of an account that has none.
func (t *tx) open(ctx context.Context, p *store.Posting) error {
	s := t.engine.writing(balanceColumns)
	s.key(p.Balance.Account)
	writeMoving(s, &p.Balance)
	writeTerms(s, &p.Balance.Terms)
	if _, err := t.changeBy(ctx, t.engine.texts().openBalance, s); err != nil {
		return err
	}
	return t.writeRows(ctx, []store.Posting{*p})
}

// writeRows writes what postings bring beside balances.
func (s session) writeRows(ctx context.Context, ps []store.Posting) error {
	e, texts := s.engine, s.engine.texts()
	plain, entries := e.writing(plainColumns), e.writing(entryColumns)
	holds, ended, events := e.writing(holdColumns), e.writing(referenceColumns), e.writing(eventColumns)
	for i := range ps {
		for j := range ps[i].Entries {
			if entry := &ps[i].Entries[j]; isPlain(entry) {
				writePlain(plain, entry)
			} else {
				writePlain(entries, entry)
				writeOther(entries, entry)
			}
		}
		writeExtra(holds, ended, events, &ps[i])
	}
	for _, write := range []struct {
		text string
		rows *sheet
	}{
		{texts.insertPlain, plain},
		{texts.insertEntries, entries},
		{texts.insertHolds, holds},
		{texts.deleteHolds, ended},
		{texts.insertEvents, events},
	} {
		if _, err := s.changeBy(ctx, write.text, write.rows); err != nil {
			return err
		}
	}
	return nil
}

// changeBy runs a statement with the rows of a sheet, and says how many it changed.
func (s session) changeBy(ctx context.Context, text string, rows *sheet) (changed int64, err error) {
	if rows.err != nil {
		return 0, rows.err
	}
	return s.change(ctx, text, rows.form.calls())
}
