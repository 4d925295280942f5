package mail_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
	"github.com/clientaccount/clientaccount/mail"
)

func composer(t testing.TB) mail.Composer {
	t.Helper()
	templates, err := mail.NewTemplates(mail.TemplateOptions{})
	require.NoError(t, err)
	return mail.Composer{
		Templates: templates, Platform: "Example SMS", From: address(t, "Example SMS <billing@example.net>"), ReplyTo: address(t, "office@example.net"),
		Domain: "example.net",
	}
}

// head is that of the nth document.
func head(n int) document.Head {
	return document.Head{
		ID: accounttest.ID(n), Account: accounttest.ID(1), Issued: account.Date{Year: 2026, Month: time.December, Day: 1},
		At: time.Date(2026, 11, 30, 23, 0, 1, 0, time.UTC), Zone: "Europe/Berlin", Language: "en", Currency: "EUR", Digits: 2,
		Customer: document.Customer{Login: "acme", Name: "ACME Ltd", Contact: "Ann Lee"},
		Manager:  document.Contact{Name: "Max Muster", Email: "max@example.net"},
	}
}

func numbered(n int, series string) document.Head {
	h := head(n)
	h.Number = document.NewNumber(series, 2026, 42, nil)
	return h
}

func amount(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// bills are a statement, an invoice and a credit note.
func bills(t testing.TB) []document.Document {
	t.Helper()
	day := func(month time.Month) account.Cut {
		return account.Cut{At: time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC).Add(-time.Hour), Day: account.Date{Year: 2026, Month: month, Day: 1}}
	}
	berlin, err := account.LoadZone("Europe/Berlin")
	require.NoError(t, err)
	period := document.NewPeriod(day(time.November), day(time.December), berlin)
	u := document.NewUsage(accounttest.ID(1), document.Mark{Entry: 10, Balance: amount("100")})
	require.NoError(t, u.Add(account.Entry{
		Account: accounttest.ID(1), Number: 11, Kind: account.KindCharge, Amount: amount("-77"), After: amount("23"), Messages: 1000, At: period.From,
	}, berlin))
	s, err := document.NewStatement(numbered(11, "ST"), period, u)
	require.NoError(t, err)
	i, err := document.NewInvoice(numbered(12, "INV"), period, u, document.Percent("VAT", amount("19")))
	require.NoError(t, err)
	c, err := i.Credit(numbered(13, "CN"), "Undelivered", nil)
	require.NoError(t, err)
	return []document.Document{s, i, c}
}

func dailyDocument() document.Daily {
	day := account.Date{Year: 2026, Month: time.November, Day: 29}
	row := message.FiguresRow{
		Key:     message.FiguresKey{Account: accounttest.ID(1), Day: day, MCC: "262", MNC: "02", Channel: account.ChannelREST, State: account.Some(account.StateDelivered)},
		Figures: message.Figures{Messages: 12000, Parts: 12450, Taken: amount("933.75")},
	}
	other := row
	other.Key.MCC, other.Key.MNC = "901", "70"
	funds := document.Funds{Balance: amount("-87.6"), Available: amount("12.4"), Messages: account.Some(amount("161"))}
	return document.NewDaily(head(14), account.DailyReport{Day: day}, []message.FiguresRow{row, other}, funds, func(mcc, _ string) string {
		return map[string]string{"262": "Vodafone"}[mcc]
	})
}

func pricesDocument(t testing.TB, format account.PriceFormat) document.PriceUpdate {
	t.Helper()
	u, err := document.NewPriceUpdate(head(15), format, []price.Change{
		{Network: price.Network{MCC: "262", MNC: "02"}, From: time.Date(2026, 12, 7, 23, 0, 0, 0, time.UTC), Before: account.Some(amount("0.07")), After: account.Some(amount("0.075"))},
	}, price.Names{})
	require.NoError(t, err)
	return u
}

func noticeDocument(n int, event document.NoticeEvent) document.Notice {
	made := document.NewNotice(head(n), event)
	made.Funds = document.Funds{Balance: amount("-87.6"), Available: amount("12.4"), Limit: account.MessagesLimit(1500), Messages: account.Some(amount("161"))}
	switch event {
	case document.NoticeOverdrawEnding:
		made.Overdraw, made.Ends = amount("50"), made.At.Add(24*time.Hour)
	case document.NoticeHookOff, document.NoticeHookOn:
		made.Hook, made.Code = account.HookRESTState, "gone"
	case document.NoticePasswordChanged:
		made.Field = account.PathGatewayPassword
	case document.NoticeEmailChanged:
		made.Field, made.Old, made.New = "mail.billing", "old@acme.example", "new@acme.example"
	case document.NoticeStatusChanged:
		made.Field, made.Old, made.New = "status", "active", "suspended"
	}
	return made
}

func files() document.Files {
	return document.Files{
		PDF: func(w io.Writer, d document.Document, words document.Words) error {
			_, err := io.WriteString(w, "PDF of "+string(d.Kind())+" in "+words.Language)
			return err
		},
		Workbook: func(w io.Writer, name string, _ sheet.Sheet) error {
			_, err := io.WriteString(w, "workbook "+name)
			return err
		},
	}
}

func attached(m mail.Message) (names []string) {
	for _, a := range m.Attachments {
		names = append(names, a.Name.String()+" "+a.Type)
	}
	return names
}

func TestMailsOfAllDocuments(t *testing.T) {
	c, to := composer(t), address(t, "jane@acme.example")
	documents := append(bills(t), dailyDocument(), pricesDocument(t, account.PriceCSVMCCMNC))
	for n, event := range document.NoticeEvents() {
		documents = append(documents, noticeDocument(20+n, event))
	}
	told := map[string]string{}
	for _, d := range documents {
		m, err := c.Compose(d, to)
		require.NoError(t, err)
		require.NoError(t, m.Check())
		told[m.Subject.String()] = m.Text
		assert.Equal(t, d.About().At, m.Date)
		assert.Equal(t, to, m.To)
		assert.Equal(t, c.From.String()+c.ReplyTo.String(), m.From.String()+m.ReplyTo.String())
		id, err := mail.NewMessageID(d.About().ID, to, "example.net")
		require.NoError(t, err)
		assert.Equal(t, id, m.ID)
		assert.Contains(t, m.Text, "Dear Ann Lee,")
		assert.Contains(t, m.Text, "please ask Max Muster, max@example.net.")
		assert.Contains(t, m.Text, "Account: acme (ACME Ltd)")
	}
	for subject, text := range map[string]string{
		"Statement ST-2026-000042, 1 November 2026 to 30 November 2026":  "Opening balance: 100.00 EUR\nClosing balance: 23.00 EUR",
		"Invoice INV-2026-000042: 91.63 EUR":                             "from 1 November 2026 to 30 November 2026",
		"Credit note CN-2026-000042 for invoice INV-2026-000042":         "Total: 91.63 EUR",
		"Your statistics of 29 November 2026":                            "Germany, Vodafone: 12,000 messages (12,450 parts), charged 933.75 EUR, refunded 0.00 EUR\n901 70: 12,000",
		"Your prices change from 8 December 2026, 00:00 (Europe/Berlin)": "Higher: 1\nLower: 0",
		"Your notification limit is reached: 12.40 EUR left":             "At 1 December 2026, 00:00 (Europe/Berlin) what is left of your account came down to the limit at which you wish to be told: 1,500 messages.",
		"Your account is above its notification limit again":             "Enough for: 161 messages",
		"Your money is used up: messages are not sent":                   "Balance: −87.60 EUR",
		"Your temporary credit ends soon":                                "Your temporary credit of 50.00 EUR ends at 2 December 2026, 00:00 (Europe/Berlin).",
		"Your temporary credit has ended":                                "Your temporary credit ended at",
		"Your webhook for SMS State via RestAPI was switched off":        "gone for good (410).",
		"Your webhook for SMS State via RestAPI is switched on again":    "is sent there",
		"Your gateway password was changed":                              "by which your systems connect",
		"An e-mail address of your account was changed":                  "“E-mail for billing” of your account was changed from old@acme.example to new@acme.example.",
		"Your account is now suspended":                                  "from active to suspended",
	} {
		assert.Contains(t, told[subject], text, subject)
	}
	assert.Len(t, told, len(documents))
}

func TestWhatMailsCarry(t *testing.T) {
	c, to := composer(t), address(t, "jane@acme.example")
	const csv, html = " text/csv; charset=utf-8", " text/html; charset=utf-8"
	const workbook = " application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	for _, tt := range []struct {
		d    document.Document
		bare []string
		full []string
	}{
		{bills(t)[0], []string{"statement-ST-2026-000042.html" + html, "statement-ST-2026-000042.csv" + csv}, []string{"statement-ST-2026-000042.pdf application/pdf", "statement-ST-2026-000042.csv" + csv}},
		{bills(t)[1], []string{"invoice-INV-2026-000042.html" + html, "invoice-INV-2026-000042.csv" + csv}, []string{"invoice-INV-2026-000042.pdf application/pdf", "invoice-INV-2026-000042.csv" + csv}},
		{bills(t)[2], []string{"credit-note-CN-2026-000042.html" + html, "credit-note-CN-2026-000042.csv" + csv}, []string{"credit-note-CN-2026-000042.pdf application/pdf", "credit-note-CN-2026-000042.csv" + csv}},
		{dailyDocument(), []string{"statistics-daily-2026-11-29.csv" + csv}, []string{"statistics-daily-2026-11-29.csv" + csv}},
		{pricesDocument(t, account.PriceCSV), []string{"price-update-2026-12-01.csv" + csv}, []string{"price-update-2026-12-01.csv" + csv}},
		{pricesDocument(t, account.PriceXLSX), []string{"price-update-2026-12-01.csv" + csv}, []string{"price-update-2026-12-01.xlsx" + workbook}},
		{noticeDocument(30, document.NoticeHookOn), nil, nil},
	} {
		c.Files = document.Files{}
		m, err := c.Compose(tt.d, to)
		require.NoError(t, err)
		assert.Equal(t, tt.bare, attached(m))
		c.Files = files()
		m, err = c.Compose(tt.d, to)
		require.NoError(t, err)
		assert.Equal(t, tt.full, attached(m))
	}
}

// A mail made again, of the document as it was kept, is the same byte for byte.
func TestTheSameDocumentMakesTheSameMail(t *testing.T) {
	c, to := composer(t), address(t, "jane@acme.example")
	c.Files = files()
	for _, d := range append(bills(t), dailyDocument(), pricesDocument(t, account.PriceXLSX), noticeDocument(30, document.NoticeHookOff)) {
		first, err := c.Compose(d, to)
		require.NoError(t, err)
		text, err := document.Encode(d)
		require.NoError(t, err)
		again, err := document.Decode(text)
		require.NoError(t, err)
		second, err := c.Compose(again, to)
		require.NoError(t, err)
		want, err := first.Bytes()
		require.NoError(t, err)
		got, err := second.Bytes()
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got))
	}
}

func TestWhatCannotBeComposed(t *testing.T) {
	to, notice := address(t, "jane@acme.example"), noticeDocument(30, document.NoticeHookOn)
	for name, spoil := range map[string]func(*mail.Composer){
		"no templates":   func(c *mail.Composer) { c.Templates = nil },
		"zero templates": func(c *mail.Composer) { c.Templates = &mail.Templates{} },
		"no sender":      func(c *mail.Composer) { c.From = mail.Address{} },
		"no domain":      func(c *mail.Composer) { c.Domain = "" },
	} {
		c := composer(t)
		spoil(&c)
		_, err := c.Compose(notice, to)
		require.ErrorIs(t, err, mail.ErrComposer, name)
		require.ErrorIs(t, c.Check(), mail.ErrComposer, name)
	}
	c := composer(t)
	_, err := c.Compose(notice, mail.Address{})
	require.ErrorIs(t, err, mail.ErrAddress)
	of := notice
	of.ID = account.ID{}
	_, err = c.Compose(of, to)
	require.ErrorIs(t, err, mail.ErrMessageID)
	of = notice
	of.Event = "gift"
	_, err = c.Compose(of, to)
	require.ErrorIs(t, err, mail.ErrContent)
	_, err = mail.ContentOf(&notice, "", document.English())
	require.ErrorIs(t, err, mail.ErrContent)
	full := errors.New("full")
	c.Files.PDF = func(io.Writer, document.Document, document.Words) error { return full }
	_, err = c.Compose(bills(t)[1], to)
	require.ErrorIs(t, err, full)
}

// A document in another language is written in it, and its words with it.
func TestMailsInTheDocumentsLanguage(t *testing.T) {
	c, to := composer(t), address(t, "jane@acme.example")
	c.Templates = templates(t, mail.TemplateOptions{Files: german()})
	c.Files.Words = func(language string) document.Words {
		w := document.English()
		w.Language = language
		w.Titles[document.KindInvoice] = strings.ToUpper(language)
		return w
	}
	n := noticeDocument(30, document.NoticeLimitReached)
	n.Language = "de-AT"
	m, err := c.Compose(n, to)
	require.NoError(t, err)
	assert.Equal(t, "de", m.Language)
	assert.True(t, strings.HasPrefix(m.Text, "Guten Tag Ann Lee,"))
	i := bills(t)[1].(document.Invoice)
	i.Language = "de"
	m, err = c.Compose(i, to)
	require.NoError(t, err)
	assert.Equal(t, "en", m.Language, "there are no such templates")
	assert.Contains(t, string(m.Attachments[0].Content), "<h1>DE</h1>")
}
