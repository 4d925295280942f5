package document_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// zones are of all kinds: whole hours and quarters, with and without summer time, midnights that
// there are not, and days that were skipped.
var zones = []string{
	"UTC", "Europe/Kyiv", "Europe/Berlin", "Europe/London", "Europe/Athens", "Europe/Istanbul", "Europe/Moscow", "Asia/Tehran",
	"Asia/Kolkata", "Asia/Kathmandu", "Asia/Beirut", "Asia/Gaza", "Asia/Tokyo", "Asia/Shanghai", "Asia/Amman", "Africa/Cairo",
	"Africa/Casablanca", "Africa/Johannesburg", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo", "America/Asuncion",
	"America/St_Johns", "America/Havana", "Atlantic/Azores", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Auckland",
	"Pacific/Apia", "Pacific/Kiritimati", "Pacific/Chatham", "Pacific/Pago_Pago",
}

var kyiv = mustZone("Europe/Kyiv")

func mustZone(name string) *time.Location {
	loc, err := account.LoadZone(name)
	if err != nil {
		panic(err)
	}
	return loc
}

// maker makes the documents of one account, as a store does that keeps the last cut, the
// mark at which the last statement ended, and the usage of what came since.
type maker struct {
	last       account.Cut
	mark       document.Mark
	usage      *document.Usage // nil: not rolled up yet
	statements []document.Statement
	invoices   []document.Invoice
}

func TestEachEntryIsInOneStatement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBook(t)
		makers := map[account.ID]*maker{}
		for _, id := range b.ids {
			makers[id] = &maker{last: account.Cut{At: b.now}}
			b.edit(id)
		}
		for range rapid.IntRange(1, 150).Draw(t, "steps") {
			b.step(makers)
		}
		b.now = b.now.Add(70 * 24 * time.Hour)
		for _, id := range b.ids {
			b.make(b.clients[id], makers[id])
			b.audit(b.clients[id], makers[id])
		}
	})
}

// step is one thing that may happen.
func (b *book) step(makers map[account.ID]*maker) {
	id := rapid.SampledFrom(b.ids).Draw(b.T, "whose")
	switch n := rapid.IntRange(0, 99).Draw(b.T, "step"); {
	case n < 4:
		b.edit(id)
	case n < 6:
		i := rapid.IntRange(1, 2).Draw(b.T, "sharing")
		b.share(i, rapid.Bool().Draw(b.T, "on"))
	case n < 12:
		b.roll(b.clients[id], makers[id])
	case n < 20:
		b.make(b.clients[id], makers[id])
	case n < 23:
		b.now = b.now.Add(-time.Duration(rapid.Int64Range(1, 3*3600).Draw(b.T, "back")) * time.Second)
	case n < 45:
		b.now = b.now.Add(time.Duration(rapid.SampledFrom([]int64{1, 3600, 86400, 86400 * 3, 86400 * 40, 86400 * 400}).Draw(b.T, "seconds"))*time.Second + time.Microsecond)
	default:
		b.move()
	}
}

// edit gives an account other days, another zone, and other switches.
func (b *book) edit(id account.ID) {
	a := &b.clients[id].account
	a.Core.TimeZone = rapid.SampledFrom(zones).Draw(b.T, "zone")
	require.NoError(b, a.Billing.InvoiceDays.UnmarshalText([]byte(rapid.SampledFrom([]string{"1", "1,15", "31", "28,29,30,31", "7"}).Draw(b.T, "days"))))
	a.Billing.SendStats, a.Billing.SendInvoices = rapid.Bool().Draw(b.T, "stats"), rapid.Bool().Draw(b.T, "invoices")
}

// roll adds what came since to the usage, up to the next cut at most.
func (b *book) roll(c *client, m *maker) {
	zone := mustZone(c.account.Core.TimeZone)
	next, ok := c.account.Billing.InvoiceDays.NextCut(m.last, zone)
	require.True(b, ok)
	if m.usage == nil {
		m.usage = document.NewUsage(c.account.ID, m.mark)
	}
	part := m.usage.Part(m.usage.To())
	for _, e := range c.entries[part.From().Entry:] {
		if !e.At.Before(next.At) || rapid.IntRange(0, 9).Draw(b.T, "enough") == 0 {
			break
		}
		require.NoError(b, part.Add(e, zone))
	}
	require.NoError(b, m.usage.Merge(part))
}

// make makes what is due.
func (b *book) make(c *client, m *maker) {
	zone := mustZone(c.account.Core.TimeZone)
	for due := range c.account.Statements(m.last, b.now, zone) {
		period := document.NewPeriod(m.last, due.Cut, zone)
		require.LessOrEqual(b, period.First.Compare(period.Last), 0, "%v", period)
		require.Equal(b, due.Period, period.Window)
		whole := document.NewUsage(c.account.ID, m.mark)
		for _, e := range c.entries[m.mark.Entry:] {
			if !period.Takes(e) {
				break
			}
			require.NoError(b, whole.Add(e, zone))
		}
		b.document(c, m, period, b.rolled(c, m, whole, zone))
		m.last, m.mark, m.usage = due.Cut, whole.To(), nil
	}
}

// rolled returns the usage that was kept, where it does not reach beyond, with the rest of the
// whole. That it does happens where the days were edited to one that is past.
func (b *book) rolled(c *client, m *maker, whole *document.Usage, zone *time.Location) *document.Usage {
	if m.usage == nil || m.usage.To().Entry > whole.To().Entry {
		return whole
	}
	kept := document.Restore(c.account.ID, m.mark, m.usage.To(), m.usage.Rows())
	for _, e := range c.entries[kept.To().Entry:whole.To().Entry] {
		require.NoError(b, kept.Add(e, zone))
	}
	require.Equal(b, whole.To().Entry, kept.To().Entry)
	return kept
}

func (b *book) document(c *client, m *maker, period document.Period, u *document.Usage) {
	s, err := document.NewStatement(headOf(c.account), period, u)
	require.NoError(b, err)
	m.statements = append(m.statements, s)
	i, err := document.NewInvoice(headOf(c.account), period, u, document.Percent("VAT", decimal.NewFromInt(19)))
	require.NoError(b, err)
	m.invoices = append(m.invoices, i)
	if u.To().Entry == u.From().Entry {
		return // of which there are many alike
	}
	for _, d := range []document.Document{s, i} {
		again(b, d)
	}
	b.credit(i)
}

// again holds a document to what is read of its bytes.
func again(t require.TestingT, d document.Document) {
	text, err := document.Encode(d)
	require.NoError(t, err)
	read, err := document.Decode(text)
	require.NoError(t, err)
	require.NoError(t, read.Check())
	same, err := document.Encode(read)
	require.NoError(t, err)
	require.Equal(t, string(text), string(same))
}

// audit holds all documents of an account against its ledger.
func (b *book) audit(c *client, m *maker) {
	sum, opening := decimal.Decimal{}, document.Mark{}
	for n, s := range m.statements {
		require.Equal(b, opening.Entry, s.Opening.Entry, "closing is the next opening")
		require.True(b, opening.Balance.Equal(s.Opening.Balance) && opening.Held.Equal(s.Opening.Held))
		if s.Closing.Entry > 0 {
			require.True(b, c.entries[s.Closing.Entry-1].After.Equal(s.Closing.Balance))
		}
		moved, _ := s.Moved()
		sum, opening = sum.Add(moved), s.Closing
		if n > 0 {
			require.Equal(b, m.statements[n-1].Period.To, s.Period.From)
			require.Equal(b, m.statements[n-1].Period.Last.Next(), s.Period.First, "each day is in one statement")
		}
		b.auditInvoice(c, m.invoices[n], s)
	}
	require.EqualValues(b, len(c.entries), opening.Entry, "all are in one: the last cut is behind the last entry")
	require.True(b, sum.Equal(c.balance.Amount), "the sum of all statements is the balance")
}

// auditInvoice adds up what the ledger says was used, less refunds.
func (b *book) auditInvoice(c *client, i document.Invoice, s document.Statement) {
	used, earlier := decimal.Decimal{}, decimal.Decimal{}
	messages := int64(0)
	for _, e := range c.entries[s.Opening.Entry:s.Closing.Entry] {
		if len(e.Chain) > 0 && e.Chain[len(e.Chain)-1] != e.Account {
			continue // another pays
		}
		switch e.Kind {
		case account.KindCharge, account.KindCapture:
			used = used.Sub(e.Amount)
			messages += e.Messages
		case account.KindRefund:
			used = used.Sub(e.Amount)
			if len(e.Chain) == 0 && e.Of <= s.Opening.Entry {
				earlier = earlier.Sub(e.Amount)
			}
		}
	}
	require.True(b, used.Equal(i.Subtotal), "%s, and not %s", used, i.Subtotal)
	lines := decimal.Decimal{}
	for _, line := range i.Lines {
		lines = lines.Add(line.Amount)
		messages -= line.Messages
		if line.Refund == document.RefundEarlier {
			earlier = earlier.Sub(line.Amount)
		}
	}
	require.Zero(b, messages)
	require.True(b, earlier.IsZero())
	require.True(b, lines.Equal(i.Subtotal))
	require.True(b, lines.Add(i.Rounding).Add(i.Taxes[0].Amount).Equal(i.Total), "the sum of what is printed")
	require.True(b, i.Rounding.Abs().LessThanOrEqual(decimal.RequireFromString("0.005")))
}

// credit takes an invoice back, bit by bit.
func (b *book) credit(i document.Invoice) {
	var notes []document.CreditNote
	total, tax := decimal.Decimal{}, decimal.Decimal{}
	take := func(takes ...document.Take) {
		n, err := i.Credit(i.Head, "a mistake", notes, takes...)
		if err != nil {
			_, refused := account.AsFaults(err)
			require.True(b, refused || errors.Is(err, document.ErrCredited), "%v", err)
			return
		}
		again(b, n)
		notes = append(notes, n)
		total, tax = total.Add(n.Total), tax.Add(n.Taxes[0].Amount)
		require.True(b, total.Abs().LessThanOrEqual(i.Total.Abs()), "never more than the invoice")
	}
	for range rapid.IntRange(0, 4).Draw(b.T, "notes") {
		var takes []document.Take
		for line := range i.Lines {
			switch rapid.IntRange(0, 3).Draw(b.T, "take") {
			case 0:
				takes = append(takes, document.Take{Line: line + 1, Amount: i.Lines[line].Amount.Mul(decimal.RequireFromString("0.3")).Round(6)})
			case 1:
				takes = append(takes, document.Take{Line: line + 1, Messages: i.Lines[line].Messages / 2})
			}
		}
		if len(takes) > 0 {
			take(takes...)
		}
	}
	take()
	if i.Subtotal.IsZero() {
		require.Empty(b, notes)
		return
	}
	require.True(b, total.Equal(i.Total), "all credit notes are the invoice: %s of %s", total, i.Total)
	require.True(b, tax.Equal(i.Taxes[0].Amount))
	_, err := i.Credit(i.Head, "once more", notes)
	require.ErrorIs(b, err, document.ErrCredited)
}

func TestUsageOfPartsIsThatOfTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBook(t)
		for range rapid.IntRange(1, 80).Draw(t, "moves") {
			b.now = b.now.Add(time.Duration(rapid.Int64Range(0, 86400).Draw(t, "seconds")) * time.Second)
			b.move()
		}
		for _, id := range b.ids {
			c := b.clients[id]
			begin := document.Mark{}
			if len(c.entries) > 0 {
				at := rapid.IntRange(0, len(c.entries)).Draw(t, "begins")
				if at > 0 {
					begin = document.MarkOf(c.entries[at-1])
				}
			}
			whole, parts := document.NewUsage(id, begin), document.NewUsage(id, begin)
			for rest := c.entries[begin.Entry:]; len(rest) > 0; {
				size := rapid.IntRange(1, len(rest)).Draw(t, "size")
				part := parts.Part(parts.To())
				for _, e := range rest[:size] {
					require.NoError(t, whole.Add(e, kyiv))
					require.NoError(t, part.Add(e, kyiv))
				}
				require.NoError(t, parts.Merge(part))
				rest = rest[size:]
			}
			sameRows(t, whole.Rows(), parts.Rows())
			sameRows(t, whole.Rows(), document.Restore(id, begin, whole.To(), whole.Rows()).Rows())
			sameRows(t, whole.Rows(), read(t, whole).Rows())
		}
	})
}

// read returns what JSON brings back.
func read(t require.TestingT, u *document.Usage) *document.Usage {
	text, err := json.Marshal(u)
	require.NoError(t, err)
	var back document.Usage
	require.NoError(t, json.Unmarshal(text, &back))
	same, err := json.Marshal(&back)
	require.NoError(t, err)
	require.Equal(t, string(text), string(same))
	return &back
}

func sameRows(t require.TestingT, want, got []document.UsageRow) {
	same := slices.EqualFunc(want, got, func(a, b document.UsageRow) bool {
		return a.UsageKey == b.UsageKey && a.Entries == b.Entries && a.Messages == b.Messages && a.Moved.Equal(b.Moved) && a.Held.Equal(b.Held)
	})
	require.True(t, same, "%v\n%v", want, got)
}

func headOf(a account.Account) document.Head {
	return document.Head{
		ID: a.ID, Zone: a.Core.TimeZone, Currency: "EUR", Number: document.NewNumber("INV", 2026, 42, nil),
		Issued: account.Date{Year: 2026, Month: time.November, Day: 28}, At: a.CreatedAt,
		Issuer: document.Issuer{Name: "Platform Ltd"}, Customer: document.CustomerOf(a),
	}
}
