package api

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/store"
)

// DocumentList is a page of documents.
type DocumentList struct {
	Documents []ListedDocument `json:"documents" about:"It may have fewer rows than asked for while there is a next page."`
	Next      *string          `json:"next" about:"The cursor of the next page."`
}

// ListedDocument is what is looked for of a document. What is not the actor's to see is null.
type ListedDocument struct {
	Account  account.ID            `json:"account" about:"Whose it is."`
	ID       account.ID            `json:"id"`
	Kind     document.Kind         `json:"kind"`
	Event    *document.NoticeEvent `json:"event" about:"Of a notice."`
	Number   *string               `json:"number" about:"As it is printed."`
	Of       *account.ID           `json:"of" about:"The invoice, of a credit note."`
	At       time.Time             `json:"at"`
	Issued   account.Date          `json:"issued"`
	First    *account.Date         `json:"first" about:"Of its period."`
	Last     *account.Date         `json:"last" about:"Included."`
	Total    *Amount               `json:"total" about:"What it is about."`
	Currency *account.Currency     `json:"currency"`
	Mailed   *store.MailState      `json:"mailed" about:"failed where any of its mails failed, else waiting where any waits, else sent; null without any."`
}

func listedOf(d ask.Document) ListedDocument {
	return ListedDocument{
		Account: d.Account, ID: d.ID, Kind: d.Kind, Event: orNull(d.Event), Number: orNull(d.Number), Of: orNull(d.Of), At: d.At.UTC(),
		Issued: d.Issued, First: orNull(d.First), Last: orNull(d.Last), Total: amountOrNull(d.Total), Currency: orNull(d.Currency), Mailed: orNull(d.Mailed),
	}
}

// KeptDocument is a document as data.
type KeptDocument struct {
	_ struct{} `about:"A document as it was made; of its kind one is set. What is not yours to see is null."`

	Account  account.ID        `json:"account"`
	ID       *account.ID       `json:"id" about:"null in a preview: it is not made."`
	Kind     document.Kind     `json:"kind"`
	Number   *string           `json:"number" about:"As it is printed."`
	At       time.Time         `json:"at"`
	Issued   account.Date      `json:"issued" about:"On the client's calendar."`
	Zone     *string           `json:"zone" about:"Of the days in it."`
	Language string            `json:"language"`
	Currency *account.Currency `json:"currency"`
	Issuer   DocumentParty     `json:"issuer" about:"Who it is from."`
	Customer DocumentParty     `json:"customer" about:"Who it is for."`
	Manager  *DocumentContact  `json:"manager" about:"Whom the client asks."`

	Daily       *DailyStatistics    `json:"daily"`
	Statement   *AccountStatement   `json:"statement"`
	Invoice     *InvoiceContent     `json:"invoice"`
	CreditNote  *CreditNoteContent  `json:"credit_note"`
	PriceUpdate *PriceUpdateContent `json:"price_update"`
	Notice      *NoticeContent      `json:"notice"`
}

// DocumentParty is who a document is from, or for.
type DocumentParty struct {
	Name       *string          `json:"name"`
	Login      *string          `json:"login"`
	Contact    *string          `json:"contact" about:"The person at a company."`
	Address    []string         `json:"address" about:"Line by line."`
	Country    *account.Country `json:"country"`
	Credential *string          `json:"credential"`
	Contract   *string          `json:"contract"`
	Email      *string          `json:"email"`
	Phone      *string          `json:"phone"`
	Notes      []string         `json:"notes" about:"At the foot."`
}

// DocumentContact is a person who can be asked.
type DocumentContact struct {
	Name  string  `json:"name"`
	Email *string `json:"email"`
	Phone *string `json:"phone"`
}

// DocumentPeriod is that of a document.
type DocumentPeriod struct {
	First account.Date `json:"first"`
	Last  account.Date `json:"last" about:"Included."`
	From  time.Time    `json:"from"`
	To    time.Time    `json:"to" about:"Not included."`
}

// DocumentFunds are what the client had when it was made.
type DocumentFunds struct {
	Balance    Amount       `json:"balance"`
	Held       Amount       `json:"held"`
	Available  Amount       `json:"available"`
	Messages   *json.Number `json:"messages" about:"What is available for at the reference price."`
	UntilLimit *json.Number `json:"until_limit" about:"Messages until the notification limit is reached."`
}

// DailyStatistics are the figures of one day.
type DailyStatistics struct {
	Day     account.Date  `json:"day"`
	Figures []DailyFigure `json:"figures"`
	Total   DailySum      `json:"total"`
	Funds   DocumentFunds `json:"funds"`
}

// DailyFigure is what messages of one destination, channel and state come to.
type DailyFigure struct {
	MCC     *string          `json:"mcc"`
	MNC     *string          `json:"mnc"`
	Network *string          `json:"network" about:"What it is called."`
	Channel *account.Channel `json:"channel" about:"null where it is not known."`
	State   *string          `json:"state" about:"The final one; null for those on the way."`
	DailySum
}

// DailySum is what messages come to.
type DailySum struct {
	Messages  int64  `json:"messages" limits:"minimum=0"`
	Parts     int64  `json:"parts" limits:"minimum=0"`
	Taken     Amount `json:"taken"`
	GivenBack Amount `json:"given_back"`
}

// AccountStatement is what moved in an account in a period.
type AccountStatement struct {
	Period  DocumentPeriod `json:"period"`
	Opening DocumentMark   `json:"opening"`
	Closing DocumentMark   `json:"closing"`
	Rows    []StatementRow `json:"rows"`
}

// DocumentMark is how an account stood after an entry.
type DocumentMark struct {
	Entry   int64  `json:"entry" limits:"minimum=0" about:"Its number."`
	Balance Amount `json:"balance"`
	Held    Amount `json:"held"`
}

// StatementRow is what the entries of one day, kind and price come to.
type StatementRow struct {
	Day      account.Date         `json:"day"`
	Kind     account.MovementKind `json:"kind"`
	Price    *string              `json:"price" about:"Of a message part; various for those that are not told apart."`
	Refund   *string              `json:"refund" about:"What a refund gives back: period, earlier or subaccount."`
	Shared   bool                 `json:"shared" about:"An account above paid, or was paid."`
	Entries  int64                `json:"entries" limits:"minimum=0"`
	Messages int64                `json:"messages" limits:"minimum=0"`
	Amount   Amount               `json:"amount" about:"Effect on the balance."`
	Moved    Amount               `json:"moved" about:"The money that it is about, whoever paid."`
	Held     Amount               `json:"held" about:"Effect on what is held."`
}

// InvoiceContent is what was used in a period, and what that costs.
type InvoiceContent struct {
	Period     DocumentPeriod `json:"period"`
	FirstEntry int64          `json:"first_entry" about:"By number."`
	LastEntry  int64          `json:"last_entry"`
	Lines      []InvoiceLine  `json:"lines"`
	DocumentTotals
}

// InvoiceLine is what was used at a price, or given back.
type InvoiceLine struct {
	Line     int     `json:"line" limits:"minimum=1" about:"Of the invoice."`
	Refund   *string `json:"refund" about:"What a refund gives back: period, earlier or subaccount."`
	Price    *string `json:"price" about:"Of a message part; various for those that are not told apart."`
	Messages int64   `json:"messages" limits:"minimum=0"`
	Amount   Amount  `json:"amount"`
}

// DocumentTotals are what stands beneath lines.
type DocumentTotals struct {
	Subtotal Amount        `json:"subtotal"`
	Rounding Amount        `json:"rounding"`
	Net      Amount        `json:"net"`
	Taxes    []DocumentTax `json:"taxes"`
	Total    Amount        `json:"total"`
}

// DocumentTax is a line of taxes.
type DocumentTax struct {
	Name   string `json:"name"`
	Rate   Amount `json:"rate" about:"In percent."`
	Base   Amount `json:"base" about:"Of what."`
	Amount Amount `json:"amount"`
}

// CreditNoteContent is what was taken back of an invoice.
type CreditNoteContent struct {
	Invoice       account.ID    `json:"invoice"`
	InvoiceNumber *string       `json:"invoice_number"`
	InvoiceIssued account.Date  `json:"invoice_issued"`
	Reason        *string       `json:"reason"`
	Lines         []InvoiceLine `json:"lines"`
	DocumentTotals
}

// PriceUpdateContent is a client's prices, and how they change.
type PriceUpdateContent struct {
	Format *account.PriceFormat `json:"format" about:"Of the file in which the client gets them."`
	Begins time.Time            `json:"begins" about:"The first change."`
	Prices []DocumentPrice      `json:"prices"`
}

// DocumentPrice is what a message part costs from an instant on.
type DocumentPrice struct {
	MCC     string    `json:"mcc"`
	MNC     *string   `json:"mnc" about:"null: all of the country."`
	Country *string   `json:"country"`
	Network *string   `json:"network"`
	From    time.Time `json:"from"`
	Before  *Amount   `json:"before" about:"null: not sold."`
	Price   *Amount   `json:"price" about:"null: not sold."`
	Change  *string   `json:"change" about:"up, down, new or closed; null: as before."`
}

// NoticeContent is what happened to an account.
type NoticeContent struct {
	Event    document.NoticeEvent `json:"event"`
	Funds    *DocumentFunds       `json:"funds" about:"Of money: what the client had."`
	Overdraw *Amount              `json:"overdraw" about:"That ends, or ended."`
	Ends     *time.Time           `json:"ends"`
	Hook     *account.HookKind    `json:"hook" about:"The webhook."`
	Code     *string              `json:"code" about:"Why."`
	Field    *string              `json:"field" about:"That was changed."`
	Old      *string              `json:"old"`
	New      *string              `json:"new"`
}

func keptOf(p ask.Paper) KeptDocument {
	head := p.About()
	told := KeptDocument{
		Account: head.Account, ID: orNull(head.ID), Kind: p.Kind(), Number: orNull(head.Number.Text), At: head.At.UTC(), Issued: head.Issued,
		Zone: orNull(head.Zone), Language: head.Language, Currency: orNull(head.Currency),
	}
	i, c := head.Issuer, head.Customer
	told.Issuer = DocumentParty{
		Name: orNull(i.Name), Address: list(i.Address), Country: orNull(i.Country), Credential: orNull(i.Credential), Email: orNull(i.Email), Phone: orNull(i.Phone), Notes: list(i.Notes),
	}
	told.Customer = DocumentParty{
		Name: orNull(c.Name), Login: orNull(c.Login), Contact: orNull(c.Contact), Address: list(c.Address), Country: orNull(c.Country), Credential: orNull(c.Credential),
		Contract: orNull(c.Contract), Notes: []string{},
	}
	if m := head.Manager; m != (document.Contact{}) {
		told.Manager = &DocumentContact{m.Name, orNull(m.Email), orNull(m.Phone)}
	}
	switch d := p.Document.(type) {
	case document.Daily:
		told.Daily = dailyOf(d)
	case document.Statement:
		told.Statement = statementOf(d)
	case document.Invoice:
		told.Invoice = &InvoiceContent{periodOf(d.Period), d.FirstEntry, d.LastEntry, linesOf(d.Lines), totalsOf(d.Totals)}
	case document.CreditNote:
		told.CreditNote = creditNoteOf(d)
	case document.PriceUpdate:
		told.PriceUpdate = priceUpdateOf(d)
	case document.Notice:
		told.Notice = noticeOf(d)
	}
	return told
}

// list is a list of JSON, which is never null.
func list(texts []string) []string { return append([]string{}, texts...) }

func periodOf(p document.Period) DocumentPeriod {
	return DocumentPeriod{p.First, p.Last, p.From.UTC(), p.To.UTC()}
}

func fundsOf(f document.Funds) DocumentFunds {
	return DocumentFunds{Amount(f.Balance), Amount(f.Held), Amount(f.Available), numberOrNull(f.Messages), numberOrNull(f.UntilLimit)}
}

func numberOrNull(of account.Optional[decimal.Decimal]) *json.Number {
	if d, set := of.Get(); set {
		return new(json.Number(d.String()))
	}
	return nil
}

func dailyOf(d document.Daily) *DailyStatistics {
	told := &DailyStatistics{Day: d.Day, Figures: make([]DailyFigure, len(d.Figures)), Total: dailySum(d.Total), Funds: fundsOf(d.Funds)}
	for k, f := range d.Figures {
		told.Figures[k] = DailyFigure{orNull(f.MCC), orNull(f.MNC), orNull(f.Network), orNull(f.Channel), orNull(f.State), dailySum(f.Figures)}
	}
	return told
}

func dailySum(f message.Figures) DailySum {
	return DailySum{f.Messages, f.Parts, Amount(f.Taken), Amount(f.GivenBack)}
}

func statementOf(s document.Statement) *AccountStatement {
	mark := func(m document.Mark) DocumentMark { return DocumentMark{m.Entry, Amount(m.Balance), Amount(m.Held)} }
	told := &AccountStatement{periodOf(s.Period), mark(s.Opening), mark(s.Closing), make([]StatementRow, len(s.Rows))}
	for k, row := range s.Rows {
		told.Rows[k] = StatementRow{
			Day: row.Day, Kind: row.Kind, Price: orNull(row.Price.String()), Refund: orNull(string(row.Refund)), Shared: row.Shared,
			Entries: row.Entries, Messages: row.Messages, Amount: Amount(row.Amount()), Moved: Amount(row.Moved), Held: Amount(row.Held),
		}
	}
	return told
}

func lineOf(number int, l document.Line) InvoiceLine {
	return InvoiceLine{number, orNull(string(l.Refund)), orNull(l.Price.String()), l.Messages, Amount(l.Amount)}
}

func linesOf(lines []document.Line) []InvoiceLine {
	told := make([]InvoiceLine, len(lines))
	for k, l := range lines {
		told[k] = lineOf(k+1, l)
	}
	return told
}

func totalsOf(t document.Totals) DocumentTotals {
	told := DocumentTotals{Amount(t.Subtotal), Amount(t.Rounding), Amount(t.Net), make([]DocumentTax, len(t.Taxes)), Amount(t.Total)}
	for k, tax := range t.Taxes {
		told.Taxes[k] = DocumentTax{tax.Name, Amount(tax.Rate), Amount(tax.Base), Amount(tax.Amount)}
	}
	return told
}

func creditNoteOf(n document.CreditNote) *CreditNoteContent {
	told := &CreditNoteContent{n.Invoice.ID, orNull(n.Invoice.Number.Text), n.Invoice.Issued, orNull(n.Reason), make([]InvoiceLine, len(n.Lines)), totalsOf(n.Totals)}
	for k, l := range n.Lines {
		told.Lines[k] = lineOf(l.Of, l.Line)
	}
	return told
}

func priceUpdateOf(u document.PriceUpdate) *PriceUpdateContent {
	told := &PriceUpdateContent{orNull(u.Format), u.Begins.UTC(), make([]DocumentPrice, len(u.Prices))}
	for k, row := range u.Prices {
		told.Prices[k] = DocumentPrice{
			row.MCC, orNull(row.MNC), orNull(row.Country), orNull(row.Network), row.From.UTC(), amountOrNull(row.Before), amountOrNull(row.Price), orNull(string(row.Change)),
		}
	}
	return told
}

func noticeOf(n document.Notice) *NoticeContent {
	told := &NoticeContent{
		Event: n.Event, Ends: instant(n.Ends), Hook: orNull(n.Hook), Code: orNull(n.Code), Field: orNull(n.Field), Old: orNull(n.Old), New: orNull(n.New),
	}
	if n.OfMoney() {
		told.Funds = new(fundsOf(n.Funds))
	}
	if !n.Overdraw.IsZero() {
		told.Overdraw = amount(n.Overdraw)
	}
	return told
}
