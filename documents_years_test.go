package clientaccount_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/internal/moneytest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// zonesOfAllKinds have whole hours and quarters, summer time and none, midnights that there are not,
// and days that were skipped.
var zonesOfAllKinds = []string{
	"UTC", "Europe/Kyiv", "Europe/Berlin", "Europe/London", "Europe/Athens", "Europe/Istanbul", "Europe/Moscow", "Asia/Tehran",
	"Asia/Kolkata", "Asia/Kathmandu", "Asia/Beirut", "Asia/Gaza", "Asia/Tokyo", "Asia/Shanghai", "Asia/Amman", "Africa/Cairo",
	"Africa/Casablanca", "Africa/Johannesburg", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "America/Asuncion",
	"America/St_Johns", "America/Havana", "Atlantic/Azores", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Auckland",
	"Pacific/Apia", "Pacific/Kiritimati", "Pacific/Chatham", "Pacific/Pago_Pago",
}

// years are a platform whose clients live through years of edits.
type years struct {
	*rapid.T
	clock *fakeClock
	svc   *clientaccount.Service
	slow  *clientaccount.Service // of a process whose clock is late
	ids   []account.ID
	moved int
}

func newYears(t *rapid.T) *years {
	y := &years{T: t, clock: &fakeClock{now: time.Date(2006, time.March, 1, 9, 0, 0, 0, time.UTC)}}
	st := memstore.New()
	y.svc = clientaccount.New(st, &clientaccount.Options{Clock: y.clock.Now, Hash: cheap})
	y.slow = clientaccount.New(st, &clientaccount.Options{Clock: func() time.Time { return y.clock.Now().Add(-7 * time.Minute) }, Hash: cheap})
	for n := range 2 {
		made, err := y.svc.Create(t.Context(), client(fmt.Sprint("acme", n), sender, func(a *account.Account) {
			a.Mail.Email = "office@example.com"
			a.Credit.Limit = account.Some(account.Amount("1000000"))
			a.Core.TimeZone = rapid.SampledFrom(zonesOfAllKinds).Draw(t, "zone")
		}))
		require.NoError(t, err)
		y.ids = append(y.ids, made.Account.ID)
	}
	return y
}

// Over twenty years of other days, zones and switches, of clocks that are set back or late, each
// entry is in one statement.
func TestEachEntryIsInOneStatementForYears(t *testing.T) {
	moneytest.Checks(t, 25)
	rapid.Check(t, func(t *rapid.T) {
		y := newYears(t)
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			y.step()
		}
		for _, id := range y.ids {
			y.edit(id, "billing.send_stats", "true", "billing.invoice_days", "1")
		}
		for range 2 { // holds that time out are entries, too
			y.clock.Advance(70 * 24 * time.Hour)
			for range 20 {
				y.tick()
			}
		}
		for _, id := range y.ids {
			y.audit(id)
		}
		y.auditNumbers()
	})
}

func (y *years) step() {
	id := rapid.SampledFrom(y.ids).Draw(y.T, "whose")
	switch n := rapid.IntRange(0, 99).Draw(y.T, "step"); {
	case n < 12:
		y.editSome(id)
	case n < 35:
		y.tick()
	case n < 38:
		y.clock.Advance(-time.Duration(rapid.Int64Range(1, 3*3600).Draw(y.T, "back")) * time.Second)
	case n < 60:
		seconds := rapid.SampledFrom([]int64{1, 3600, 86400, 86400 * 3, 86400 * 40, 86400 * 400}).Draw(y.T, "seconds")
		y.clock.Advance(time.Duration(seconds)*time.Second + time.Microsecond)
	default:
		y.move(id)
	}
}

func (y *years) tick() { require.NoError(y, y.svc.Tick(y.Context())) }

func (y *years) edit(id account.ID, pathsAndTexts ...string) {
	a, err := y.svc.Get(y.Context(), id)
	require.NoError(y, err)
	_, err = y.svc.Update(y.Context(), id, a.Revision, set(pathsAndTexts...))
	require.NoError(y, err)
}

func (y *years) editSome(id account.ID) {
	flag := func(label string) string { return fmt.Sprint(rapid.Bool().Draw(y.T, label)) }
	days := rapid.SampledFrom([]string{"", "1", "1,15", "31", "28,29,30,31", "7"}).Draw(y.T, "days")
	invoices := "false"
	if days != "" {
		invoices = flag("invoices")
	}
	y.edit(id, "time_zone", rapid.SampledFrom(zonesOfAllKinds).Draw(y.T, "zone"), "billing.invoice_days", days,
		"billing.send_invoices", invoices, "billing.send_stats", flag("stats"), "billing.to_email", flag("mailed"), "mail.daily_statistics", flag("daily"))
}

// move moves money, now and then by a process that is late.
func (y *years) move(id account.ID) {
	y.moved++
	svc, reference := y.svc, fmt.Sprint("m-", y.moved)
	if rapid.IntRange(0, 4).Draw(y.T, "late") == 0 {
		svc = y.slow
	}
	var err error
	switch rapid.IntRange(0, 5).Draw(y.T, "move") {
	case 0:
		_, err = svc.TopUp(y.Context(), topUpOf(id, "100", reference))
	case 1:
		_, err = svc.Hold(y.Context(), clientaccount.Hold{Account: id, Amount: account.Amount("3"), Messages: 2, Reference: reference})
	case 2:
		_, err = svc.Refund(y.Context(), clientaccount.Refund{Account: id, OfReference: fmt.Sprint("m-", y.moved-1), Reference: reference})
		if err != nil { // it was no charge
			err = nil
		}
	default:
		price := rapid.SampledFrom([]string{"0.05", "0.031", "0", "1.234567"}).Draw(y.T, "price")
		_, err = svc.Charge(y.Context(), clientaccount.Charge{
			Account: id, Price: account.Some(decimal.RequireFromString(price)), Messages: rapid.Int64Range(1, 4).Draw(y.T, "messages"), Reference: reference,
		})
	}
	require.NoError(y, err)
}

func (y *years) documents(q store.DocumentQuery) (all []document.Document) {
	q.Limit = account.MaxPage
	for {
		rows, err := y.svc.Documents(y.Context(), q)
		require.NoError(y, err)
		for _, row := range rows {
			d, err := y.svc.Document(y.Context(), row.Account, row.ID)
			require.NoError(y, err)
			all = append(all, d)
		}
		if len(rows) < account.MaxPage {
			return all
		}
		after := store.PositionOf(rows[len(rows)-1])
		q.After = &after
	}
}

func of[D document.Document](all []document.Document, compare func(a, b D) int) (some []D) {
	for _, d := range all {
		if it, ok := d.(D); ok {
			some = append(some, it)
		}
	}
	slices.SortFunc(some, compare)
	return some
}

// audit holds all documents of an account against its ledger.
func (y *years) audit(id account.ID) {
	var entries []account.Entry
	for e, err := range y.svc.AllEntries(y.Context(), account.EntryQuery{Account: id, Oldest: true}) {
		require.NoError(y, err)
		entries = append(entries, e)
	}
	for f, err := range y.svc.Verify(y.Context(), id) {
		require.NoError(y, err)
		require.Fail(y, f.String())
	}
	all := y.documents(store.DocumentQuery{Account: id})
	y.auditStatements(entries, of(all, func(a, b document.Statement) int { return a.Period.To.Compare(b.Period.To) }))
	y.auditInvoices(entries, of(all, func(a, b document.Invoice) int { return a.Period.To.Compare(b.Period.To) }))
	y.auditDays(of(all, func(a, b document.Daily) int { return a.Period.To.Compare(b.Period.To) }))
}

func (y *years) auditStatements(entries []account.Entry, statements []document.Statement) {
	sum, opening, balance := decimal.Zero, document.Mark{}, decimal.Zero
	for n, s := range statements {
		require.Equal(y, opening.Entry, s.Opening.Entry, "each entry is in one statement")
		require.True(y, opening.Balance.Equal(s.Opening.Balance) && opening.Held.Equal(s.Opening.Held), "closing is the next opening")
		moved, _ := s.Moved()
		sum, opening = sum.Add(moved), s.Closing
		if n > 0 {
			require.Equal(y, statements[n-1].Period.To, s.Period.From)
			require.Equal(y, statements[n-1].Period.Last.Next(), s.Period.First, "each day is in one")
		}
		if s.Closing.Entry > 0 {
			require.True(y, entries[s.Closing.Entry-1].At.Before(s.Period.To))
		}
	}
	if len(entries) > 0 {
		balance = entries[len(entries)-1].After
	}
	require.EqualValues(y, len(entries), opening.Entry, "all are in one: the last cut is behind the last entry")
	require.True(y, sum.Equal(balance), "the sum of all statements is the balance")
}

func (y *years) auditInvoices(entries []account.Entry, invoices []document.Invoice) {
	last := int64(0)
	for _, i := range invoices {
		require.False(y, i.IsEmpty())
		require.Greater(y, i.FirstEntry, last, "what is in one invoice is in no other")
		last = i.LastEntry
		used := decimal.Zero
		for _, e := range entries[i.FirstEntry-1 : i.LastEntry] {
			require.True(y, e.At.Before(i.Period.To))
			if kind := e.Kind.Traits(); kind.Refundable || kind.Refunds {
				used = used.Sub(e.Amount)
			}
		}
		require.True(y, used.Equal(i.Subtotal), "%s, and not %s", used, i.Subtotal)
	}
}

func (y *years) auditDays(days []document.Daily) {
	for n, d := range days[min(1, len(days)):] {
		before := days[n]
		require.Negative(y, before.Day.Compare(d.Day), "a day is reported once")
		require.False(y, d.Period.From.Before(before.Period.To), "and so is each instant")
	}
}

// auditNumbers holds that there is no gap in any series.
func (y *years) auditNumbers() {
	given := map[string][]int64{}
	for _, d := range y.documents(store.DocumentQuery{}) {
		if n := d.About().Number; !n.IsZero() {
			require.Equal(y, d.About().Issued.Year, n.Year)
			in := fmt.Sprint(n.Series, n.Year)
			given[in] = append(given[in], n.Number)
		}
	}
	for in, numbers := range maps.All(given) {
		slices.SortFunc(numbers, cmp.Compare[int64])
		for i, n := range numbers {
			require.EqualValues(y, i+1, n, "series %s", in)
		}
	}
}
