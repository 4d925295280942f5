package money

import (
	"net/http"
	"net/url"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// ledgerView is a page of a client's entries, the newest first.
type ledgerView struct {
	page.Pager
	Files   []page.Link // the entries as files
	State   ledgerState
	Kinds   []kind.Option
	Rows    []entryRow
	Refunds bool // a row has a form
}

// ledgerState is what the URL says of the entries shown.
type ledgerState struct {
	Kind, From, To, Reference, Hold string
	Before                          int64
}

// ledgerPage is how many entries a page shows.
const ledgerPage = 50

func readLedgerState(r *ask.Request) (ledgerState, error) {
	q := r.URL.Query()
	s := ledgerState{Kind: q.Get("kind"), From: q.Get("from"), To: q.Get("to"), Reference: q.Get("reference"), Hold: q.Get("hold")}
	if before, ok := page.RevisionOf(q, "before"); ok {
		s.Before = before
	}
	if !account.MovementKind(s.Kind).IsKnown() {
		s.Kind = ""
	}
	for _, day := range []*string{&s.From, &s.To} {
		if _, ok := words.DayOf(*day); !ok {
			*day = ""
		}
	}
	return s, s.asPayment(r)
}

// asPayment has a reference that none of the entries asked for begins with be looked for as that of a payment is
// stored, however it was typed.
func (s *ledgerState) asPayment(r *ask.Request) error {
	payment := ask.PaymentReference(s.Reference)
	if payment == s.Reference {
		return nil
	}
	q := s.query(r.Judge.Visible(r.Client))
	q.Before, q.Limit = 0, 1
	found, err := r.Service.Entries(r.Context(), q)
	if err == nil && len(found) == 0 {
		s.Reference = payment
	}
	return err
}

// query returns the state as the Service is asked; days are the client's.
func (s ledgerState) query(a account.Account) account.EntryQuery {
	q := account.EntryQuery{Account: a.ID, Reference: s.Reference, Prefix: true, Hold: s.Hold, Before: s.Before, Limit: ledgerPage + 1}
	if s.Kind != "" {
		q.Kinds = []account.MovementKind{account.MovementKind(s.Kind)}
	}
	if from, err := time.ParseInLocation(time.DateOnly, s.From, words.Zone(a)); err == nil {
		q.From = from
	}
	if to, err := time.ParseInLocation(time.DateOnly, s.To, words.Zone(a)); err == nil {
		q.To = to.AddDate(0, 0, 1)
	}
	return q
}

// URL returns the page in this state, below the entry numbered before.
func (s ledgerState) URL(shown string, before int64) string {
	return page.StateURL(shown, "entries", s.values(before))
}

func (s ledgerState) values(before int64) url.Values {
	return page.StateValues(before, map[string]string{
		"kind": s.Kind, "from": s.From, "to": s.To, "reference": s.Reference, "hold": s.Hold,
	})
}

func addLedger(p *moneyPage, v *moneyView) error {
	state, shown := p.state, v.Head.URL("money")
	ledger := ledgerView{State: state, Pager: page.Pager{
		One: "entry", Many: "entries", None: "No money has moved yet.",
		Clear: shown + "#entries", Filtered: state != ledgerState{Before: state.Before},
	}}
	ledger.Files = page.ExportLinks(p.r, access.ExportMoney, v.Head.URL("money/export"), state.values(0))
	for _, k := range account.MovementKinds() {
		ledger.Kinds = append(ledger.Kinds, kind.Option{Value: string(k), Label: kindTitle(k)})
	}
	entries, err := p.r.Service.Entries(p.r.Context(), state.query(p.seen))
	if err != nil {
		return err
	}
	entries, more := ask.Cut(entries, ledgerPage)
	if more {
		ledger.Older = state.URL(shown, entries[ledgerPage-1].Number)
	}
	if state.Before > 0 {
		ledger.Newest = state.URL(shown, 0)
	}
	given, err := givenBack(p, entries)
	if err != nil {
		return err
	}
	var column []decimal.Decimal
	for _, e := range entries {
		column = append(column, e.Moved(), e.After, e.SpentAfter)
	}
	p.places = words.Places(p.seen.Core.Currency, column...)
	for _, e := range entries {
		e, err := p.r.Judge.Entry(p.r.Context(), e)
		if err != nil {
			return err
		}
		row, err := newEntryRow(p, e, given)
		if err != nil {
			return err
		}
		ledger.Rows = append(ledger.Rows, row)
		ledger.Refunds = ledger.Refunds || row.Refund != nil
	}
	ledger.Shown = len(ledger.Rows)
	v.Ledger = ledger
	return nil
}

// exportLedger answers with the entries that the page's filters find as a file.
func exportLedger(w http.ResponseWriter, r *ask.Request) error {
	state, err := readLedgerState(r)
	if err != nil {
		return err
	}
	state.Before = 0
	return page.Export(w, r, r.ExportEntries(state.query(r.Judge.Visible(r.Client))))
}

// maxRefunds bounds how many refunds are looked through for one page of entries.
const maxRefunds = 1000

// refunded is what was given back of entries, by their numbers; Known is false where
// there are too many refunds to tell.
type refunded struct {
	of    map[int64]decimal.Decimal
	known bool
}

// kindsThat returns the kinds of which something is so.
func kindsThat(so func(account.Traits) bool) (kinds []account.MovementKind) {
	for _, k := range account.MovementKinds() {
		if so(k.Traits()) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// givenBack looks through the refunds since the oldest of the entries.
func givenBack(p *moneyPage, entries []account.Entry) (refunded, error) {
	g := refunded{of: map[int64]decimal.Decimal{}, known: true}
	if len(entries) == 0 {
		return g, nil
	}
	q := account.EntryQuery{
		Account: p.account.ID, Kinds: kindsThat(func(row account.Traits) bool { return row.Refunds }),
		After: entries[len(entries)-1].Number, Oldest: true,
	}
	seen := 0
	for e, err := range p.r.Service.AllEntries(p.r.Context(), q) {
		if err != nil {
			return g, err
		}
		if seen++; seen > maxRefunds {
			g.known = false
			return g, nil
		}
		if askedHere(e.Chain, p.account.ID) {
			g.of[e.Of] = g.of[e.Of].Add(e.Moved())
		}
	}
	return g, nil
}
