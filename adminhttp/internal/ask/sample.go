package ask

import (
	"cmp"
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/store"
)

// ErrNoPreview: the host gave nothing to write mails with.
var ErrNoPreview = errors.New("adminhttp: no mails are written from here")

// MailPreview is a mail as it would be sent.
type MailPreview struct {
	From, To, ReplyTo string
	Subject           string
	Text, HTML        string
	Files             []FilePreview
}

// FilePreview is a file that comes with a mail.
type FilePreview struct {
	Name string
	Size int // in bytes
}

// Sample is a document with a client's data and made-up figures, and the role of its mail.
type Sample struct {
	document.Document
	Role store.MailRole
}

// MailOf returns the mail of a sample, written to the address that the client has for it, or
// to one that stands for it where there is none to be seen.
func (r *Request) MailOf(s Sample) (MailPreview, error) {
	if r.Preview == nil {
		return MailPreview{}, ErrNoPreview
	}
	to := r.addressOf(s.Role)
	if to == "" {
		to = "client@example.com"
	}
	p, err := r.Preview(s.Document, to)
	p.To = r.addressOf(s.Role)
	return p, err
}

// addressOf returns the address that the path's client has for a role, empty where there is
// none or the actor does not see it.
func (r *Request) addressOf(role store.MailRole) string {
	if !r.Judge.Shows(MailPaths(role)...) {
		return ""
	}
	m := r.Client.Mail
	to := map[store.MailRole]string{store.MailBilling: m.Billing, store.MailPrices: m.PriceUpdate}[role]
	if to == "" {
		to = m.Email
	}
	return to
}

// Samples returns a sample of each kind of mail for the path's client, notices first.
func (r *Request) Samples() ([]Sample, error) {
	m, err := r.newSampler()
	if err != nil {
		return nil, err
	}
	var all []Sample
	for _, n := range m.notices() {
		all = append(all, Sample{n, store.MailMain})
	}
	invoice := m.invoice()
	note, err := invoice.Credit(m.numbered("CN"), "Counted twice", nil, document.Take{Line: 1, Messages: 100})
	return append(
		all, Sample{m.daily(), store.MailBilling}, Sample{m.statement(), store.MailBilling}, Sample{invoice, store.MailBilling},
		Sample{note, store.MailBilling}, Sample{m.prices(), store.MailPrices},
	), err
}

// sampler makes documents of a client.
type sampler struct {
	head        document.Head
	zone        *time.Location
	format      account.PriceFormat
	today       account.Date
	first, last account.Cut // of the period
}

func (r *Request) newSampler() (sampler, error) {
	head, err := r.Service.DocumentHead(r.Context(), r.ID)
	if err != nil {
		return sampler{}, err
	}
	seen := r.Judge.Visible(r.Client)
	p, err := r.masked(document.NewNotice(head, document.NoticeHookOn)) // so that all is of what the actor sees
	m := sampler{head: p.About(), zone: words.Zone(seen), format: cmp.Or(seen.Mail.PriceFormat, account.PriceCSV)}
	m.today = account.DateOf(m.head.At, m.zone)
	week := words.DaysBefore(m.today, 7)
	m.first, m.last = account.Cut{Day: week, At: week.In(m.zone).From}, account.Cut{Day: m.today, At: m.today.In(m.zone).From}
	return m, err
}

// numbered returns the head with the first number of a series.
func (m sampler) numbered(series string) document.Head {
	head := m.head
	head.Number = document.NewNumber(series, m.today.Year, 1, nil)
	return head
}

// Figures of samples.
var (
	samplePrice  = decimal.New(312, -4)
	sampleAmount = decimal.New(312, -1) // of a thousand messages
	sampleTopUp  = decimal.NewFromInt(250)
	sampleLeft   = sampleTopUp.Sub(sampleAmount)
)

const sampleMessages = 1000

func (m sampler) funds() document.Funds {
	return document.Funds{
		Balance: sampleLeft, Available: sampleLeft, Limit: account.MessagesLimit(10_000),
		Messages: account.Some(sampleLeft.Div(samplePrice).Floor()),
	}
}

func (m sampler) notices() (all []document.Document) {
	for _, event := range document.NoticeEvents() {
		n := document.NewNotice(m.head, event)
		switch event {
		case document.NoticeHookOff, document.NoticeHookOn:
			n.Hook, n.Code = account.HookRESTState, "failing"
		case document.NoticePasswordChanged:
			n.Field = "password"
		case document.NoticeEmailChanged:
			n.Field, n.Old, n.New = "mail.billing", "before@example.com", "accounts@example.com"
		case document.NoticeStatusChanged:
			n.Field, n.Old, n.New = "status", string(account.StatusActive), string(account.StatusSuspended)
		default:
			n.Funds, n.Overdraw, n.Ends = m.funds(), decimal.NewFromInt(100), m.head.At.AddDate(0, 0, 1)
		}
		all = append(all, n)
	}
	return all
}

func (m sampler) daily() document.Daily {
	day := m.today.Prev()
	figures := message.Figures{Messages: sampleMessages, Parts: sampleMessages, Taken: sampleAmount}
	return document.Daily{
		Head: m.head, Day: day, Period: day.In(m.zone), Total: figures, Funds: m.funds(),
		Figures: []document.Figure{{MCC: "255", MNC: "01", Channel: account.ChannelREST, State: account.StateDelivered.String(), Figures: figures}},
	}
}

func (m sampler) statement() document.Statement {
	day := m.today.Prev()
	row := func(kind account.MovementKind, price document.UnitPrice, messages int64, moved decimal.Decimal) document.UsageRow {
		return document.UsageRow{
			UsageKey:  document.UsageKey{Day: day, Kind: kind, Price: price},
			UsageSums: document.UsageSums{Entries: 1, Messages: messages, Moved: moved},
		}
	}
	return document.Statement{
		Head: m.numbered("ST"), Period: m.period(), Closing: document.Mark{Entry: 2, Balance: sampleLeft},
		Rows: []document.UsageRow{
			row(account.KindTopUp, document.UnitPrice{}, 0, sampleTopUp),
			row(account.KindCharge, document.NewUnitPrice(sampleAmount, sampleMessages), sampleMessages, sampleAmount.Neg()),
		},
	}
}

func (m sampler) period() document.Period { return document.NewPeriod(m.first, m.last, m.zone) }

func (m sampler) invoice() document.Invoice {
	return document.Invoice{
		Head: m.numbered("INV"), Period: m.period(), FirstEntry: 1, LastEntry: 2,
		Lines:  []document.Line{{Price: document.NewUnitPrice(sampleAmount, sampleMessages), Messages: sampleMessages, Amount: sampleAmount}},
		Totals: document.Totals{Subtotal: sampleAmount, Net: sampleAmount, Total: sampleAmount},
	}
}

func (m sampler) prices() document.PriceUpdate {
	begins := m.today.Next().In(m.zone).From
	return document.PriceUpdate{
		Head: m.head, Format: m.format, Begins: begins, PriceCounts: document.PriceCounts{Up: 1, New: 1},
		Prices: []document.PriceOfPart{
			{MCC: "255", MNC: "01", Country: "Ukraine", From: begins, Before: account.Some(decimal.New(3, -2)), Price: account.Some(samplePrice), Change: price.ChangeUp},
			{MCC: "255", MNC: "02", Country: "Ukraine", From: begins, Price: account.Some(samplePrice), Change: price.ChangeNew},
		},
	}
}
