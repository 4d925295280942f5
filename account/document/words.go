package document

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Words are what documents say in one language. [English] are the ones that come with the
// package; a host takes those and replaces what differs. What is left empty is left out.
type Words struct {
	Language string // its tag, "en"

	Titles  map[Kind]string
	Facts   Facts
	Table   TableWords
	Lines   LineWords
	Totals  TotalWords
	Funds   FundWords
	Kinds   map[account.MovementKind]string // what moved, in statements
	Prices  PriceWords
	Notices NoticeWords

	// Page says "Page 1 of 3".
	Page func(page, of int) string
	// Amount writes an amount without its currency, with at least so many decimal places.
	Amount func(d decimal.Decimal, places int) string
	// Day writes a day, Moment an instant in its own zone, and Country the name of a country.
	Day     func(account.Date) string
	Moment  func(time.Time) string
	Country func(account.Country) string
}

// Facts are what stands beside the facts at the head of a document.
type Facts struct {
	Number, Issued, Period, Day, Entries, Currency, Contract, Credential, Login, OfInvoice, Reason, From, To, Zone string
}

// TableWords are what stands above columns.
type TableWords struct {
	Description, Price, Messages, Parts, Amount, Day, Movement, Network, State, Charged, GivenBack, Held string
}

// LineWords are what the lines of invoices are.
type LineWords struct {
	Messages, Various, Other, RefundPeriod, RefundEarlier, RefundSubaccount string
	Shared                                                                  string // behind what an account above paid
	OnTheWay                                                                string // of messages that have no final state
}

// TotalWords are what stands beside sums.
type TotalWords struct {
	Subtotal, Rounding, Net, Total string
	InFavour                       string // the total of an invoice below zero
	Opening, Closing, Moved        string
	HeldOpening, HeldClosing       string
	All                            string // the last row of statistics
	Of                             string // between a tax and its base: "VAT 19% of 88.45"
}

// FundWords are what stands beside what a client has.
type FundWords struct{ Balance, Held, Available, Messages, UntilLimit string }

// English returns the words that come with the package. They belong to the caller.
func English() Words {
	w := Words{
		Language: "en",
		Titles: map[Kind]string{
			KindDaily: "Daily statistics", KindStatement: "Statement of account", KindInvoice: "Invoice", KindCreditNote: "Credit note",
			KindPriceUpdate: "Prices", KindNotice: "Notice",
		},
		Facts: Facts{
			Number: "Number", Issued: "Date", Period: "Period", Day: "Day", Entries: "Entries", Currency: "Currency", Contract: "Contract",
			Credential: "Company ID", Login: "Login", OfInvoice: "Of invoice", Reason: "Reason", From: "From", To: "To", Zone: "Local time",
		},
		Table: TableWords{
			Description: "Description", Price: "Unit price", Messages: "Messages", Parts: "Parts", Amount: "Amount", Day: "Day", Movement: "Movement",
			Network: "Network", State: "State", Charged: "Charged", GivenBack: "Refunded", Held: "Held",
		},
		Lines: LineWords{
			Messages: "Messages", Various: "Messages at various prices", Other: "Other charges", RefundPeriod: "Refunds",
			RefundEarlier: "Refunds of earlier periods", RefundSubaccount: "Refunds to subaccounts", Shared: "paid by the account above",
			OnTheWay: "on the way",
		},
		Totals: TotalWords{
			Subtotal: "Subtotal", Rounding: "Rounding", Net: "Net", Total: "Total", InFavour: "Total in your favour", Opening: "Opening balance",
			Closing: "Closing balance", Moved: "Moved", HeldOpening: "Held at the beginning", HeldClosing: "Held at the end", All: "All", Of: "of",
		},
		Funds: FundWords{
			Balance: "Balance", Held: "Held", Available: "Available", Messages: "Enough for messages", UntilLimit: "Messages until the notification limit",
		},
		Kinds:   map[account.MovementKind]string{},
		Prices:  englishPrices(),
		Notices: englishNotices(),
		Page: func(page, of int) string {
			return "Page " + strconv.Itoa(page) + " of " + strconv.Itoa(of)
		},
		Amount: func(d decimal.Decimal, places int) string { return account.FormatNumber(d, places, ".", ",") },
		Day: func(d account.Date) string {
			return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format("2 January 2006")
		},
		Moment:  func(t time.Time) string { return t.Format("2 January 2006, 15:04") },
		Country: account.Country.Name,
	}
	for _, kind := range account.MovementKinds() {
		w.Kinds[kind] = kind.Traits().Title
	}
	return w
}

// complete returns the words with functions in the place of those that are missing.
func (w Words) complete() Words {
	english := English()
	if w.Page == nil {
		w.Page = english.Page
	}
	if w.Amount == nil {
		w.Amount = english.Amount
	}
	if w.Day == nil {
		w.Day = english.Day
	}
	if w.Moment == nil {
		w.Moment = english.Moment
	}
	if w.Country == nil {
		w.Country = english.Country
	}
	return w
}

// day writes a day; no day is nothing.
func (w Words) day(d account.Date) string {
	if d.IsZero() {
		return ""
	}
	return w.Day(d)
}

func (w Words) count(n int64) string { return w.Amount(decimal.NewFromInt(n), 0) }
