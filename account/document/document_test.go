package document_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/message"
)

func amount(s string) decimal.Decimal { return decimal.RequireFromString(s) }

var clientID = account.NewID(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), [10]byte{1})

// entryAfter returns the next entry: one that moves an amount for so many messages.
func entryAfter(mark document.Mark, kind account.MovementKind, moved string, messages int64) account.Entry {
	d := amount(moved)
	return account.Entry{
		Account: clientID, Number: mark.Entry + 1, Kind: kind, Amount: d, After: mark.Balance.Add(d), HeldAfter: mark.Held,
		Messages: messages, At: time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC),
	}
}

// usageOf returns that of charges and refunds of October and November of one client.
func usageOf(t require.TestingT, moves ...func(document.Mark) account.Entry) *document.Usage {
	u := document.NewUsage(clientID, document.Mark{Entry: 10, Balance: amount("1000")})
	for _, move := range moves {
		require.NoError(t, u.Add(move(u.To()), kyiv))
	}
	return u
}

func charge(amount string, messages int64) func(document.Mark) account.Entry {
	return func(m document.Mark) account.Entry { return entryAfter(m, account.KindCharge, "-"+amount, messages) }
}

func refund(amount string, of int64) func(document.Mark) account.Entry {
	return func(m document.Mark) account.Entry {
		e := entryAfter(m, account.KindRefund, amount, 0)
		e.Of = of
		return e
	}
}

func on(day int, move func(document.Mark) account.Entry) func(document.Mark) account.Entry {
	return func(m document.Mark) account.Entry {
		e := move(m)
		e.At = time.Date(2026, 11, day, 9, 0, 0, 0, time.UTC)
		return e
	}
}

func head() document.Head {
	return document.Head{
		ID: clientID, Number: document.NewNumber("INV", 2026, 42, nil), Zone: "Europe/Kyiv", Currency: "EUR",
		Issued: account.Date{Year: 2026, Month: time.December, Day: 1}, At: time.Date(2026, 11, 30, 22, 0, 1, 0, time.UTC),
		Issuer: document.Issuer{
			Name: "Fernweh Messaging GmbH", Address: []string{"Torstraße 10", "10119 Berlin"}, Country: "DE", Credential: "DE123456789",
			Email: "billing@fernweh.example", Notes: []string{"IBAN DE02 1203 0000 0000 2020 51"},
		},
		Customer: document.Customer{Login: "acme", Name: "ACME Ltd", Contact: "Ann Lee", Country: "UA", Credential: "12345678", Contract: "C-17"},
	}
}

var november = document.NewPeriod(
	account.Cut{At: time.Date(2026, 10, 31, 22, 0, 0, 0, time.UTC), Day: account.Date{Year: 2026, Month: time.November, Day: 1}},
	account.Cut{At: time.Date(2026, 11, 30, 22, 0, 0, 0, time.UTC), Day: account.Date{Year: 2026, Month: time.December, Day: 1}}, kyiv)

// aMonth is the usage that most tests are about.
func aMonth(t require.TestingT) *document.Usage {
	topUp := func(m document.Mark) account.Entry { return entryAfter(m, account.KindTopUp, "500", 0) }
	return usageOf(
		t, on(1, charge("77", 1000)), on(1, charge("0.077", 1)), on(2, topUp), on(3, charge("0.3465", 9)), on(3, charge("15", 0)),
		on(4, charge("0.1", 3)), on(5, refund("0.077", 12)), on(6, refund("4", 3)),
	)
}

func invoice(t require.TestingT, taxes document.TaxFunc) document.Invoice {
	i, err := document.NewInvoice(head(), november, aMonth(t), taxes)
	require.NoError(t, err)
	return i
}

func TestAnInvoiceOfAMonth(t *testing.T) {
	i := invoice(t, document.Percent("VAT", amount("19")))
	var lines []string
	for _, l := range i.Lines {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s x %d = %s", l.Refund, l.Price, l.Messages, l.Amount)))
	}
	assert.Equal(t, []string{
		"0.0385 x 9 = 0.3465", "0.077 x 1001 = 77.077", "various x 3 = 0.1", "x 0 = 15", "period  x 0 = -0.077", "earlier  x 0 = -4",
	}, lines)
	assert.Equal(t, "88.4465 + 0.0035 = 88.45, and 16.81 are 105.26",
		fmt.Sprintf("%s + %s = %s, and %s are %s", i.Subtotal, i.Rounding, i.Net, i.Taxes[0].Amount, i.Total))
	assert.Equal(t, "2026-11-01 2026-11-30", i.Period.First.String()+" "+i.Period.Last.String())
}

func TestAStatementOfAMonth(t *testing.T) {
	u := aMonth(t)
	s, err := document.NewStatement(head(), november, u)
	require.NoError(t, err)
	assert.Equal(t, "1000 1411.5535", s.Opening.Balance.String()+" "+s.Closing.Balance.String())
	assert.EqualValues(t, 18, s.Closing.Entry)
	var kinds []string
	for _, row := range s.ByKind() {
		kinds = append(kinds, fmt.Sprintf("%s %d %s", row.Kind, row.Entries, row.Moved))
	}
	assert.Equal(t, []string{"top_up 1 500", "charge 5 -92.5235", "refund 2 4.077"}, kinds)

	days := u.ByDay()
	assert.Equal(t, "2026-11-03 9 15.3465 0", fmt.Sprintf("%s %d %s %s", days[1].Day, days[1].Messages, days[1].Used, days[1].GivenBack))
	assert.Len(t, days, 5, "a top-up is no use")
}

func TestUsageRefusesEntriesThatDoNotFollow(t *testing.T) {
	next := entryAfter(document.Mark{Entry: 10, Balance: amount("1000")}, account.KindCharge, "-1", 1)
	for name, spoil := range map[string]func(*account.Entry){
		"a gap":              func(e *account.Entry) { e.Number++ },
		"the same again":     func(e *account.Entry) { e.Number-- },
		"another account":    func(e *account.Entry) { e.Account = account.ID{1} },
		"another balance":    func(e *account.Entry) { e.After = e.After.Add(amount("0.000001")) },
		"more that is held":  func(e *account.Entry) { e.HeldAfter = amount("1") },
		"a kind of no table": func(e *account.Entry) { e.Kind = "gift" },
	} {
		u := usageOf(t)
		e := next
		spoil(&e)
		require.ErrorIs(t, u.Add(e, kyiv), document.ErrLedger, name)
		require.Empty(t, u.Rows(), name)
		require.NoError(t, u.Add(next, kyiv), "nothing was added")
	}
	require.ErrorIs(t, usageOf(t).Add(next, nil), document.ErrLedger, "there is no zone")

	u := usageOf(t)
	require.ErrorIs(t, u.Merge(u.Part(document.Mark{Entry: 11})), document.ErrLedger)
	require.ErrorIs(t, u.Merge(document.NewUsage(account.ID{1}, u.To())), document.ErrLedger)
	require.ErrorIs(t, u.Merge(document.NewUsage(clientID, document.Mark{Entry: 9})), document.ErrLedger)
}

// However many prices there are, the lowest are told apart, and the sums are right.
func TestUsageOfManyPricesIsBounded(t *testing.T) {
	const prices = 3 * document.MaxPrices
	whole, parts := usageOf(t), usageOf(t)
	for n := range prices {
		price := (n*7919)%prices + 1 // each once, in no order
		e := entryAfter(whole.To(), account.KindCharge, decimal.New(-2*int64(price), -6).String(), 2)
		require.NoError(t, whole.Add(e, kyiv))
		part := parts.Part(parts.To())
		require.NoError(t, part.Add(e, kyiv))
		require.NoError(t, parts.Merge(part))
	}
	sameRows(t, whole.Rows(), parts.Rows())
	rows := whole.Rows()
	require.Len(t, rows, document.MaxPrices+1)
	assert.Equal(t, "0.000001", rows[0].Price.String())
	assert.Equal(t, "0.001", rows[document.MaxPrices-1].Price.String())
	assert.EqualValues(t, prices-document.MaxPrices, rows[document.MaxPrices].Entries)

	i, err := document.NewInvoice(head(), november, whole, nil)
	require.NoError(t, err)
	assert.Len(t, i.Lines, document.MaxPrices+1)
	assert.True(t, i.Lines[document.MaxPrices].Price.IsVarious())
	assert.Equal(t, whole.From().Balance.Sub(whole.To().Balance).String(), i.Subtotal.String())
}

// A month of a million entries takes no more memory than one of a thousand.
func TestUsageOfManyEntriesIsBounded(t *testing.T) {
	u := usageOf(t)
	used := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	add := func(entries int) {
		for n := range entries {
			e := entryAfter(u.To(), account.KindCharge, "-0.077", 1)
			e.At = e.At.AddDate(0, 0, n%30)
			require.NoError(t, u.Add(e, kyiv))
		}
	}
	add(1000)
	before := used()
	add(200_000)
	assert.Less(t, used(), before+1<<20)
	runtime.KeepAlive(u)
}

func TestAPeriodEndsBeforeItsLastInstant(t *testing.T) {
	assert.True(t, november.Takes(account.Entry{At: november.To.Add(-time.Microsecond)}))
	assert.False(t, november.Takes(account.Entry{At: november.To}), "at the cut the next one begins")
}

// An entry from before the cut that a slow process writes behind the statement is in the next one,
// whose refunds know what was used before it by the number.
func TestAnEntryThatComesLateIsInTheNextStatement(t *testing.T) {
	first := usageOf(t, on(29, charge("1", 1)))
	rest := document.NewUsage(clientID, first.To()).Part(first.To())
	late := on(30, charge("2", 1))(rest.To())
	require.True(t, november.Takes(late))
	require.NoError(t, rest.Add(late, kyiv))
	require.NoError(t, rest.Add(on(30, refund("0.5", 12))(rest.To()), kyiv))
	require.NoError(t, rest.Add(on(30, refund("1", 11))(rest.To()), kyiv))
	next := document.NewUsage(clientID, first.To())
	require.NoError(t, next.Merge(read(t, rest)))

	i, err := document.NewInvoice(head(), november, next, nil)
	require.NoError(t, err)
	assert.EqualValues(t, 12, i.FirstEntry)
	var lines []string
	for _, l := range i.Lines {
		lines = append(lines, fmt.Sprint(l.Refund, " ", l.Amount))
	}
	assert.Equal(t, []string{" 2", "period -0.5", "earlier -1"}, lines)
}

func TestTaxesThatCannotStandInAnInvoice(t *testing.T) {
	refused := errors.New("no rate for this country")
	for name, tt := range map[string]struct {
		taxes document.TaxFunc
		want  error
	}{
		"half a cent": {func(document.Invoice) ([]document.Tax, error) {
			return []document.Tax{{Name: "VAT", Amount: amount("1.005")}}, nil
		}, document.ErrTaxes},
		"no name":   {func(document.Invoice) ([]document.Tax, error) { return []document.Tax{{Amount: amount("1")}}, nil }, document.ErrTaxes},
		"two lines": {func(document.Invoice) ([]document.Tax, error) { return []document.Tax{{Name: "VAT\nX"}}, nil }, document.ErrTaxes},
		"a base too fine": {func(document.Invoice) ([]document.Tax, error) {
			return []document.Tax{{Name: "VAT", Base: amount("0.0000001")}}, nil
		}, document.ErrTaxes},
		"too large": {func(document.Invoice) ([]document.Tax, error) {
			return []document.Tax{{Name: "VAT", Amount: amount("1e15")}}, nil
		}, document.ErrTaxes},
		"the host's own": {func(document.Invoice) ([]document.Tax, error) { return nil, refused }, refused},
	} {
		_, err := document.NewInvoice(head(), november, aMonth(t), tt.taxes)
		require.ErrorIs(t, err, tt.want, name)
	}
	reverse := func(i document.Invoice) ([]document.Tax, error) {
		i.Lines[0].Amount = amount("1000000") // of its copy
		return []document.Tax{{Name: "VAT, owed by the customer", Base: i.Net}}, nil
	}
	assert.Equal(t, "88.45", invoice(t, reverse).Total.String())
	yen := head()
	yen.Currency = "JPY"
	i, err := document.NewInvoice(yen, november, aMonth(t), document.Percent("Tax", amount("10")))
	require.NoError(t, err)
	assert.Equal(t, "88 + 9 = 97", fmt.Sprintf("%s + %s = %s", i.Net, i.Taxes[0].Amount, i.Total))
}

func TestWhatDoesNotAddUpIsNotKept(t *testing.T) {
	i := invoice(t, nil)
	for name, spoil := range map[string]func(*document.Invoice){
		"a line":           func(i *document.Invoice) { i.Lines[1].Amount = i.Lines[1].Amount.Add(amount("0.01")) },
		"messages":         func(i *document.Invoice) { i.Lines[1].Messages++ },
		"the subtotal":     func(i *document.Invoice) { i.Subtotal = i.Subtotal.Add(amount("0.01")) },
		"the rounding":     func(i *document.Invoice) { i.Rounding = decimal.Zero },
		"the total":        func(i *document.Invoice) { i.Total = i.Total.Add(amount("0.01")) },
		"the order":        func(i *document.Invoice) { i.Lines[0], i.Lines[1] = i.Lines[1], i.Lines[0] },
		"an unknown class": func(i *document.Invoice) { i.Lines[0].Refund = "gift" },
	} {
		spoiled := invoice(t, nil)
		spoil(&spoiled)
		_, err := document.Encode(spoiled)
		require.ErrorIs(t, err, document.ErrSums, name)
	}
	i.Customer.Name = "ACME\nLtd"
	_, err := document.Hash(i)
	require.ErrorIs(t, err, document.ErrUnshowable)

	for name, tt := range map[string]struct {
		to   document.Mark
		rows []document.UsageRow
	}{
		"money that was lost":   {document.Mark{Entry: 1, Balance: amount("5")}, rowsOf(1)},
		"entries that were":     {document.Mark{Entry: 1}, nil},
		"what is held":          {document.Mark{Entry: 1, Held: amount("1")}, rowsOf(1)},
		"entries counted twice": {document.Mark{Entry: 1}, rowsOf(2)},
	} {
		_, err = document.NewStatement(head(), november, document.Restore(clientID, document.Mark{}, tt.to, tt.rows))
		require.ErrorIs(t, err, document.ErrSums, name)
	}
}

// rowsOf are those of so many holds of nothing.
func rowsOf(entries int64) []document.UsageRow {
	return []document.UsageRow{{UsageKey: document.UsageKey{Kind: account.KindHold}, UsageSums: document.UsageSums{Entries: entries}}}
}

func TestAnInvoiceIsTakenBackLineByLine(t *testing.T) {
	i := invoice(t, document.Percent("VAT", amount("19")))
	n := head()
	n.Number = document.NewNumber("CN", 2026, 1, nil)
	first, err := i.Credit(n, "Undelivered", nil, document.Take{Line: 2, Messages: 500}, document.Take{Line: 4, Amount: amount("5")})
	require.NoError(t, err)
	assert.Equal(t, "43.5 43.5 8.27 51.77", fmt.Sprint(first.Subtotal, " ", first.Net, " ", first.Taxes[0].Amount, " ", first.Total))
	second, err := i.Credit(n, "", []document.CreditNote{first})
	require.NoError(t, err)
	assert.Equal(t, i.Total.String(), first.Total.Add(second.Total).String())
	assert.Equal(t, i.Rounding.String(), first.Rounding.Add(second.Rounding).String())
	assert.Equal(t, "501 38.577", fmt.Sprint(second.Lines[1].Messages, " ", second.Lines[1].Amount))
	again(t, second)

	_, err = i.Credit(n, "", []document.CreditNote{first, second})
	require.ErrorIs(t, err, document.ErrCredited)
	_, err = i.Credit(n, "", nil, document.Take{Line: 2}, document.Take{Line: 4}, document.Take{Line: 1})
	require.ErrorIs(t, err, document.ErrCredited, "with its refunds, the invoice is less than these lines")
	other := first
	other.Invoice.ID = account.ID{9}
	_, err = i.Credit(n, "", []document.CreditNote{other})
	require.ErrorIs(t, err, document.ErrCredited)
	_, err = i.Credit(n, "two\nlines", nil)
	require.ErrorIs(t, err, document.ErrUnshowable)
}

// However an invoice that was kept had been rounded, it is taken back as it is.
func TestAnInvoiceThatWasRoundedOtherwiseIsTakenBackWhole(t *testing.T) {
	i := invoice(t, nil)
	i.Rounding, i.Net, i.Total = amount("-0.0465"), amount("88.4"), amount("88.4")
	require.NoError(t, i.Check())
	part, err := i.Credit(head(), "", nil, document.Take{Line: 4})
	require.NoError(t, err)
	rest, err := i.Credit(head(), "", []document.CreditNote{part})
	require.NoError(t, err)
	assert.Equal(t, "88.4", part.Total.Add(rest.Total).String())
}

func TestFaultsOfACreditNoteComeAllAtOnce(t *testing.T) {
	i := invoice(t, nil)
	_, err := i.Credit(
		head(), "", nil, document.Take{Line: 99}, document.Take{Line: 2, Messages: 1002}, document.Take{Line: 2}, document.Take{Line: 6},
		document.Take{Line: 4, Amount: amount("-1")}, document.Take{Line: 3, Messages: 1}, document.Take{Line: 1, Messages: 1, Amount: amount("1")},
	)
	faults, ok := account.AsFaults(err)
	require.True(t, ok)
	var codes []string
	for _, f := range faults {
		codes = append(codes, f.Path+" "+f.Code)
	}
	assert.Equal(t, []string{
		"lines.0.line credit_note.line", "lines.1.messages credit_note.messages", "lines.2.line credit_note.twice", "lines.3.line credit_note.line",
		"lines.4.amount credit_note.amount", "lines.5.messages credit_note.price", "lines.6.messages credit_note.both",
	}, codes)
	_, err = i.Credit(head(), "", nil, document.Take{Line: 4, Amount: amount("0.0000001")})
	faults, _ = account.AsFaults(err)
	assert.True(t, faults.Has("amount.scale"))
}

func daily(t require.TestingT) document.Daily {
	day := account.Date{Year: 2026, Month: time.November, Day: 27}
	row := func(mnc string, state account.MessageState, messages int64, taken, back string) message.FiguresRow {
		return message.FiguresRow{
			Key:     message.FiguresKey{Account: clientID, Day: day, MCC: "255", MNC: mnc, Channel: account.ChannelREST, State: account.Some(state)},
			Figures: message.Figures{Messages: messages, Parts: messages + 1, Taken: amount(taken), GivenBack: amount(back)},
		}
	}
	elsewhere := row("01", account.StateDelivered, 1000, "1000", "0")
	elsewhere.Key.Day = day.Next()
	rows := []message.FiguresRow{
		row("03", account.StateDelivered, 7, "0.539", "0"), row("01", account.StateUndeliverable, 3, "0.231", "0.231"),
		row("01", account.StateDelivered, 5, "0.385", "0"), row("01", account.StateDelivered, -1, "-0.077", "0"), elsewhere,
	}
	h := head()
	h.Account = clientID
	b := account.Balance{Amount: amount("10"), Held: amount("1"), Terms: account.Terms{Limit: account.MessagesLimit(50), Price: account.Some(amount("0.077"))}}
	d := document.NewDaily(h, account.DailyReport{Day: day, Period: day.In(kyiv)}, rows, document.NewFunds(b, amount("9")), func(mcc, mnc string) string {
		return "Network " + mcc + mnc
	})
	require.NoError(t, d.Check())
	return d
}

func TestStatisticsOfADay(t *testing.T) {
	d := daily(t)
	var got []string
	for _, f := range d.Figures {
		got = append(got, fmt.Sprintf("%s %s %d %d %s %s", f.Network, f.State, f.Messages, f.Parts, f.Taken, f.GivenBack))
	}
	assert.Equal(t, []string{
		"Network 25501 DELIVRD 4 6 0.308 0", "Network 25501 UNDELIV 3 4 0.231 0.231", "Network 25503 DELIVRD 7 8 0.539 0",
	}, got)
	assert.EqualValues(t, 14, d.Total.Messages)
	assert.EqualValues(t, 7, d.ByNetwork()[0].Messages)
	assert.EqualValues(t, 11, d.ByState()[0].Messages)
	assert.Equal(t, "116 66", d.Funds.Messages.String()+" "+d.Funds.UntilLimit.String())
	again(t, d)
}

func TestFundsUntilALimitOfMoney(t *testing.T) {
	b := account.Balance{Amount: amount("10"), Held: amount("1"), Terms: account.Terms{Limit: account.MoneyLimit(amount("8.5"))}}
	assert.True(t, document.NewFunds(b, amount("9")).Messages.IsZero(), "there is no price to count by")
	b.Terms.Price = account.Some(amount("0.1"))
	assert.Equal(t, "5", document.NewFunds(b, amount("9")).UntilLimit.String())
	b.Amount = amount("-3")
	assert.Equal(t, "0", document.NewFunds(b, amount("9")).UntilLimit.String())
	b.Terms.Limit = account.NotificationLimit{}
	assert.True(t, document.NewFunds(b, amount("9")).UntilLimit.IsZero())
}

func TestTheBytesOfADocument(t *testing.T) {
	i := invoice(t, nil)
	text, err := document.Encode(i)
	require.NoError(t, err)
	assert.Contains(t, string(text), `{"format":1,"kind":"invoice","document":{"id":"`)
	assert.Contains(t, string(text), `"period":{"from":"2026-10-31T22:00:00Z","to":"2026-11-30T22:00:00Z","first":"2026-11-01","last":"2026-11-30"}`)
	assert.Contains(t, string(text), `{"refund":"","price":"0.0385","messages":9,"amount":"0.3465"}`)
	assert.True(t, strings.HasSuffix(string(text), `"subtotal":"88.4465","rounding":"0.0035","net":"88.45","total":"88.45"}}`), "%s", text)
	hash, err := document.Hash(i)
	require.NoError(t, err)

	same := invoice(t, nil)
	same.At = same.At.In(kyiv).Add(time.Nanosecond)
	same.Taxes, same.Total = []document.Tax{}, amount("88.4500")
	other, err := document.Hash(same)
	require.NoError(t, err)
	assert.Equal(t, hash, other, "however it is written")

	var loose map[string]any
	require.NoError(t, json.Unmarshal(text, &loose))
	reordered, err := json.MarshalIndent(loose, "", " ")
	require.NoError(t, err)
	read, err := document.Decode(reordered)
	require.NoError(t, err)
	other, err = document.Hash(read)
	require.NoError(t, err)
	assert.Equal(t, hash, other, "a database may lay it out anew")
}

func TestWhatIsNoDocument(t *testing.T) {
	for _, text := range []string{
		"", "{}", "null", `{"format":2,"kind":"invoice","document":{}}`, `{"format":1,"kind":"gift","document":{}}`,
		`{"format":1,"kind":"invoice","document":{"gift":1}}`, `{"format":1,"kind":"invoice","document":{}} {}`,
		`{"format":1,"kind":"invoice","document":{"lines":[{"price":"-1"}]}}`, `{"format":1,"kind":"invoice"}`,
	} {
		_, err := document.Decode([]byte(text))
		require.ErrorIs(t, err, document.ErrFormat, text)
	}
}

// Amounts that no computer can add up are refused before anything is added up.
func TestAbsurdAmountsEnd(t *testing.T) {
	i := invoice(t, nil)
	text, err := document.Encode(i)
	require.NoError(t, err)
	for _, absurd := range []string{`"1e2147483647"`, `1e-2147483648`, `"` + strings.Repeat("9", 100) + `"`, strings.Repeat("9", 1<<20)} {
		_, err := document.Decode([]byte(strings.Replace(string(text), `"subtotal":"88.4465"`, `"subtotal":`+absurd, 1)))
		require.ErrorIs(t, err, document.ErrFormat)
	}
	i.Lines[0].Amount = decimal.New(1, 1<<30)
	_, err = document.Encode(i)
	require.ErrorIs(t, err, document.ErrSums)
	d := daily(t)
	d.Funds.Messages = account.Some(decimal.New(1, 1<<30))
	_, err = document.Hash(d)
	require.ErrorIs(t, err, document.ErrSums)
}

// What can be told apart of a document is written: each field of each type comes back.
func TestNoFieldOfADocumentIsLost(t *testing.T) {
	n, err := invoice(t, document.Percent("VAT", amount("19"))).Credit(head(), "Reason", nil)
	require.NoError(t, err)
	s, err := document.NewStatement(head(), november, aMonth(t))
	require.NoError(t, err)
	for _, d := range []document.Document{n, s, daily(t), invoice(t, document.Percent("VAT", amount("19")))} {
		var walk func(of reflect.Type, path string)
		walk = func(of reflect.Type, path string) {
			for i := range of.NumField() {
				f := of.Field(i)
				assert.True(t, f.IsExported(), "%s%s would be lost", path, f.Name)
				if f.Type.PkgPath() == of.PkgPath() && f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[document.UnitPrice]() {
					walk(f.Type, path+f.Name+".")
				}
			}
		}
		walk(reflect.TypeOf(d), string(d.Kind())+" ")
		again(t, d)
	}
}

func TestCustomers(t *testing.T) {
	a := account.New()
	a.Core.Login, a.Contact.FirstName, a.Contact.LastName = "lee", "Ann", "Lee"
	assert.Equal(t, document.Customer{Login: "lee", Name: "Ann Lee"}, document.CustomerOf(a))
	a.Contact.Company = "ACME Ltd"
	assert.Equal(t, document.Customer{Login: "lee", Name: "ACME Ltd", Contact: "Ann Lee"}, document.CustomerOf(a))
	a.Billing.Enterprise = account.EnterprisePrivate
	assert.Equal(t, "Ann Lee", document.CustomerOf(a).Name)
}

func TestNumbers(t *testing.T) {
	assert.Equal(t, "INV-2026-000042", document.NewNumber("INV", 2026, 42, nil).Text)
	assert.Equal(t, "2026-12345678", document.NewNumber("", 2026, 12345678, nil).Text)
	assert.Equal(t, "42/26", document.NewNumber("", 2026, 42, func(n document.Number) string { return fmt.Sprint(n.Number, "/", n.Year%100) }).Text)
	assert.True(t, document.Number{}.IsZero())
}

func BenchmarkUsage(b *testing.B) {
	u := usageOf(b)
	for n := range b.N {
		e := entryAfter(u.To(), account.KindCharge, "-0.077", 1)
		e.At = e.At.AddDate(0, 0, n%30)
		if err := u.Add(e, kyiv); err != nil {
			b.Fatal(err)
		}
	}
}
