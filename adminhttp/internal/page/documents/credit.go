package documents

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// creditPage is what the page of a credit note is made from that is not made yet, and what was
// typed.
type creditPage struct {
	*clientPage
	invoice ask.Invoice
	url     string
	values  url.Values
	takes   []document.Take
	faults  account.Faults
}

// creditView is the form, or the step before: what the credit note comes to.
type creditView struct {
	Head      page.Head
	Invoice   page.Link
	Action    string
	Reference string
	Faults    []page.FaultLink
	Note      words.Text // why there is nothing to take back
	Whole     bool       // all that is left
	Left      words.Text // what that comes to
	Lines     []creditLine
	Reason    kind.Control
	// Of the step.
	Step   *document.Layout
	Total  words.Text
	Hidden []hidden
}

type hidden struct{ Name, Value string }

// creditLine is a line of the invoice, and what is typed of it.
type creditLine struct {
	N                int
	Title            string
	Price            words.Text
	Messages, Amount words.Text // that are left
	Takes            bool
	Counted          bool // it has a price of a message
	On               bool
	TypedMessages    string
	TypedAmount      string
	Unit             string
	Faults           []words.Text
	Meant            []kind.Meant // of an amount that can be read in two ways
}

// Names of inputs; those of lines end with their number.
const (
	nameWhat      = "what" // all, or lines
	nameReference = "reference"
	nameLine      = "line."
	nameMessages  = "messages."
	nameAmount    = "amount."
)

func newCreditPage(r *ask.Request) (*creditPage, error) {
	invoice, err := r.Invoice(r.PathValue("document"))
	if err != nil {
		return nil, err
	}
	p, err := newClientPage(r)
	return &creditPage{clientPage: p, invoice: invoice, url: documentURL(r, r.ID, invoice.ID)}, err
}

func showCredit(w http.ResponseWriter, r *ask.Request) error {
	p, err := newCreditPage(r)
	if err != nil {
		return err
	}
	p.values = url.Values{nameReference: {newReference()}, nameWhat: {"all"}}
	return p.showForm(w, http.StatusOK)
}

// newReference names a credit note that the admin asks for.
func newReference() string { return "admin-" + rand.Text() }

// doCredit shows what a credit note comes to, makes it, or goes back to the form.
func doCredit(w http.ResponseWriter, r *ask.Request) error {
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	p, err := newCreditPage(r)
	if err != nil {
		return err
	}
	p.values = values
	p.read()
	do := values.Get(page.NameDo)
	switch {
	case do != "check" && do != "make" && do != "back":
		return ask.StatusError(http.StatusBadRequest)
	case len(p.faults) > 0:
		return p.showForm(w, http.StatusUnprocessableEntity)
	case do == "back":
		return p.showForm(w, http.StatusOK)
	case do == "check":
		return p.check(w)
	}
	made, repeated, err := r.Credit(p.invoice, clientaccount.CreditNote{Takes: p.takes, Reason: page.ReasonOf(values), Reference: values.Get(nameReference)})
	if err != nil {
		return p.refuse(w, err)
	}
	done := "?made=1"
	if repeated {
		done = "?again=1"
	}
	page.Redirect(w, documentURL(r, r.ID, made.About().ID)+done)
	return nil
}

// check shows the step before.
func (p *creditPage) check(w http.ResponseWriter) error {
	note, err := p.r.CreditPreview(p.invoice, page.ReasonOf(p.values), p.takes)
	if err != nil {
		return p.refuse(w, err)
	}
	return p.show(w, http.StatusOK, func(v *creditView) {
		layout := document.NewLayout(note.Document, p.r.Files.WordsOf(note.Document))
		v.Step, v.Total = &layout, words.Money(note.Document.(document.CreditNote).Total, note.About().Currency)
		for _, name := range append(p.names(), page.NameReason, nameReference, nameWhat) {
			if value := p.values.Get(name); value != "" {
				v.Hidden = append(v.Hidden, hidden{name, value})
			}
		}
	})
}

// refuse shows the form with why no credit note was made.
func (p *creditPage) refuse(w http.ResponseWriter, err error) error {
	faults, bad := account.AsFaults(err)
	switch {
	case bad:
		p.faults = p.placed(p.r.Judge.Faults(faults))
		return p.showForm(w, http.StatusUnprocessableEntity)
	case errors.Is(err, document.ErrCredited):
		p.faults = account.Faults{account.NewFault(nameWhat, "credit_note.left")}
		return p.showForm(w, http.StatusConflict)
	case errors.Is(err, account.ErrReused):
		p.faults = account.Faults{{Path: nameReference, Code: "idempotency.mismatch", Text: "This form has made another credit note before. Nothing was made now. To make this one as well, send it again."}}
		p.values.Set(nameReference, newReference())
		return p.showForm(w, http.StatusConflict)
	default:
		return err
	}
}

// placed puts faults of takes, lines.0.amount, beside the inputs of their lines.
func (p *creditPage) placed(faults account.Faults) account.Faults {
	for i, fault := range faults {
		parts := strings.Split(fault.Path, ".")
		if len(parts) != 3 || parts[0] != "lines" {
			continue
		}
		if k, err := strconv.Atoi(parts[1]); err == nil && k >= 0 && k < len(p.takes) {
			faults[i].Path = parts[2] + "." + strconv.Itoa(p.takes[k].Line)
		}
	}
	return faults
}

// names returns those of the inputs of lines.
func (p *creditPage) names() (names []string) {
	for k := range p.invoice.Lines {
		n := strconv.Itoa(k + 1)
		names = append(names, nameLine+n, nameMessages+n, nameAmount+n, kind.NameMeant+nameAmount+n)
	}
	return names
}

// read reads what is to be taken back, and notes everything wrong with it.
func (p *creditPage) read() {
	known := map[string]bool{page.NameDo: true, page.NameReason: true, nameReference: true, nameWhat: true}
	for _, name := range p.names() {
		known[name] = true
	}
	p.faults = page.CheckNames(p.values, known)
	if p.values.Get(nameWhat) != "lines" {
		return
	}
	for k := range p.invoice.Lines {
		p.readLine(k + 1)
	}
	if len(p.takes) == 0 {
		p.faults = append(p.faults, account.NewFault(nameWhat, "credit_note.empty"))
	}
}

func (p *creditPage) readLine(line int) {
	n := strconv.Itoa(line)
	messages, amount := strings.TrimSpace(p.values.Get(nameMessages+n)), strings.TrimSpace(p.values.Get(nameAmount+n))
	if messages+amount == "" && p.values.Get(nameLine+n) != "true" {
		return
	}
	take := document.Take{Line: line}
	if messages != "" {
		parsed, err := strconv.ParseInt(words.ReadCount(messages), 10, 64)
		if take.Messages = parsed; err != nil || parsed < 1 {
			p.faults = append(p.faults, account.NewFault(nameMessages+n, "messages.range"))
		}
	}
	if amount != "" {
		parsed, fault := p.readAmount(nameAmount+n, amount)
		if take.Amount = parsed; fault == nil && parsed.IsZero() {
			fault = new(account.NewFault(nameAmount+n, "amount.zero"))
		}
		if fault != nil {
			p.faults = append(p.faults, *fault)
		}
	}
	p.takes = append(p.takes, take)
}

// readAmount reads an amount as people type it; what can be read in two ways is asked about.
func (p *creditPage) readAmount(name, text string) (decimal.Decimal, *account.Fault) {
	amount, clear := kind.AmountIn(p.values, name, text, p.r.Judge.Currency(p.invoice.Currency))
	if !clear {
		return decimal.Zero, new(account.NewFault(name, "amount.ambiguous"))
	}
	if p.values.Has(kind.NameMeant + name) {
		p.values.Set(name, amount)
		p.values.Set(kind.NameMeant+name, kind.Meaning(amount, amount))
	}
	return ask.MoneyOfText(name, amount)
}

func (p *creditPage) showForm(w http.ResponseWriter, status int) error {
	return p.show(w, status, p.addForm)
}

// show shows the page, with the form or the step.
func (p *creditPage) show(w http.ResponseWriter, status int, add func(*creditView)) error {
	v := creditView{
		Head: p.head, Invoice: page.Link{Name: words.Textf("Invoice %s", p.invoice.Number.Text), Href: p.url}, Action: p.url + "/credit",
		Reference: p.values.Get(nameReference), Faults: p.summary(),
	}
	add(&v)
	title := words.Textf("Credit note of %s · %s", p.invoice.Number.Text, v.Head.Name)
	if len(v.Faults) > 0 {
		title = words.Textf("Errors · %s", title)
	}
	return pages.Show(w, p.r, status, "credit", title, v)
}

func (p *creditPage) addForm(v *creditView) {
	c := p.r.Judge.Currency(p.invoice.Currency)
	all, err := p.r.CreditPreview(p.invoice, "", nil)
	if err != nil {
		v.Note = "Nothing is left of this invoice to take back."
		return
	}
	v.Whole, v.Left = p.values.Get(nameWhat) != "lines", words.Money(all.Document.(document.CreditNote).Total, c)
	layout := document.NewLayout(p.invoice.Invoice, p.r.Files.WordsOf(p.invoice.Invoice))
	for k, left := range p.invoice.Left() {
		n := strconv.Itoa(k + 1)
		line := creditLine{
			N: k + 1, Takes: left.Takes, Amount: words.Money(left.Amount, c), On: p.values.Get(nameLine+n) == "true",
			TypedMessages: p.values.Get(nameMessages + n), TypedAmount: p.values.Get(nameAmount + n), Unit: string(c),
		}
		if len(layout.Tables) > 0 && k < len(layout.Tables[0].Rows) {
			line.Title = layout.Tables[0].Rows[k][0]
		}
		if price, one := left.Price.Get(); one {
			line.Counted, line.Price, line.Messages = true, words.Money(price, c), words.Messages(left.Messages)
		}
		for _, name := range []string{nameLine, nameMessages, nameAmount} {
			line.Faults = append(line.Faults, page.TextsOn(p.faults, name+n)...)
		}
		text := words.WithoutCurrency(line.TypedAmount, c)
		if readings := words.ReadAmount(text); len(readings) > 1 && len(line.Faults) > 0 {
			line.Meant = kind.MeantOf(nameAmount+n, readings, text, c)
		}
		v.Lines = append(v.Lines, line)
	}
	v.Reason = kind.Control{
		Path: page.NameReason, Label: "Why", Widget: "input", Width: "wide", ID: "f-reason", Described: "f-reason-hint", Plain: true,
		Effect: "Printed on the credit note.", Value: p.values.Get(page.NameReason),
	}
	v.Reason.Refused(page.TextsOn(p.faults, page.NameReason))
}

// summary tells what was refused, each with a link to its input.
func (p *creditPage) summary() []page.FaultLink {
	return page.FaultLinks(p.faults, func(path string) (label words.Text, href string) {
		name, n, lines := strings.Cut(path, ".")
		switch {
		case path == page.NameReason:
			return "Why", "#f-reason"
		case path == nameWhat:
			return "What is taken back", "#what"
		case lines && (name == "line" || name == "messages" || name == "amount"):
			return words.Textf("Line %s", n), "#line-" + n
		default:
			return "", ""
		}
	})
}
