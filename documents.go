package clientaccount

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/internal/billing"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// ErrNoBilling: the Service's store keeps no documents.
var ErrNoBilling = store.ErrNoBilling

// DocumentOptions say what the documents of a platform hold beside what the accounts do. The
// zero value of each field is its default. The functions are asked within transactions, so they
// must be quick and may not call the Service; they must be safe for concurrent use.
type DocumentOptions struct {
	// Issuer answers who a document is from; nil: nobody.
	Issuer func(ctx context.Context, a account.Account) (document.Issuer, error)
	// Customer answers who it is for; nil: document.CustomerOf.
	Customer func(ctx context.Context, a account.Account) (document.Customer, error)
	// Taxes of invoices; nil: none.
	Taxes document.TaxFunc
	// Series answers in which series a document of the kind is numbered; nil: "ST" for statements,
	// "INV" for invoices and "CN" for credit notes. Others have no number.
	Series func(a account.Account, kind document.Kind) string
	// Number writes numbers; nil: document.FormatNumber.
	Number document.NumberFormat
	// Language answers in which language a client is written to; nil: "en".
	Language func(a account.Account) string
	// Network names networks; nil: none.
	Network func(mcc, mnc string) string
}

// billing is where documents can be asked for.
func (s *Service) billing() (store.BillingReader, error) {
	if err := s.made(); err != nil {
		return nil, err
	}
	kept, can := s.stored().(store.BillingReader)
	if !can {
		return nil, ErrNoBilling
	}
	return kept, nil
}

// KeepsDocuments reports whether the store keeps documents, see [store.Billing]: where it does
// not, what is asked of them is ErrNoBilling.
func (s *Service) KeepsDocuments() bool {
	_, err := s.billing()
	return err == nil
}

// DocumentHead returns what a document of an account would begin with that were made now: who it is
// from and for, and its language. It has no number. Documents that are only shown, as samples, are
// made with it.
//
// Errors: [account.ErrNotFound], [account.ErrZone], [ErrNoBilling], and those of
// Options.Documents.
func (s *Service) DocumentHead(ctx context.Context, id account.ID) (document.Head, error) {
	if _, err := s.billing(); err != nil {
		return document.Head{}, err
	}
	return s.documenter().Head(ctx, id)
}

// documenter is what makes documents over the Service's store, which need not keep them.
func (s *Service) documenter() *billing.Engine {
	kept, _ := s.stored().(billing.Store)
	return &billing.Engine{Config: billing.Config{
		Store: kept, Transact: s.transact, Clock: s.now, NewID: s.newID, Logger: s.opts.Logger,
		Call: s.calls.Run, Stand: s.stands, Host: billing.Host(s.opts.Documents),
	}}
}

// stands returns how an account stands and what it may spend, as of what r reads.
func (s *Service) stands(ctx context.Context, r store.Reader, id account.ID) (account.Balance, decimal.Decimal, error) {
	b, err := s.settledBalance(ctx, reading{r}, id)
	if err != nil {
		return account.Balance{}, decimal.Zero, err
	}
	at, err := s.standing(ctx, reading{r}, b)
	return b, at.Available, err
}

// Documents returns a page of documents, the newest first, without their texts.
//
// Errors: [account.Faults], [ErrNoBilling].
func (s *Service) Documents(ctx context.Context, q store.DocumentQuery) ([]store.Document, error) {
	kept, err := s.billing()
	if err != nil {
		return nil, err
	}
	if err := documentFaults(q).Err(); err != nil || !storable(q.Number) {
		return nil, err
	}
	return kept.Documents(ctx, q)
}

// documentFaults returns what is wrong with a question by itself.
func documentFaults(q store.DocumentQuery) account.Faults {
	faults := account.EventQuery{Limit: q.Limit}.Faults()
	for _, kind := range q.Kinds {
		if !slices.Contains(document.Kinds(), kind) {
			faults = append(faults, account.NewFault("kind", "document.kind"))
		}
	}
	switch q.Mailed {
	case "", store.MailWaiting, store.MailSent, store.MailFailed:
		return faults
	default:
		return append(faults, account.NewFault("mailed", "document.mailed"))
	}
}

// Document returns a document of an account.
//
// Errors: [account.ErrNotFound], [ErrNoBilling].
func (s *Service) Document(ctx context.Context, id, of account.ID) (document.Document, error) {
	kept, err := s.billing()
	if err != nil {
		return nil, err
	}
	d, err := kept.Document(ctx, id, of)
	if err != nil {
		return nil, err
	}
	return document.Decode(d.Text)
}

// Mails returns the mails of documents of an account, by document, then in the order in which they
// were made.
//
// Errors: [ErrNoBilling].
func (s *Service) Mails(ctx context.Context, id account.ID, documents ...account.ID) ([]store.Mail, error) {
	kept, err := s.billing()
	if err != nil {
		return nil, err
	}
	return kept.Mails(ctx, id, documents)
}

// MailDocument mails a document once more: to an address, or for none to that which the client has
// for it now. A mail to the same address is the same mail again, with its Message-ID.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [ErrNoBilling],
// [ErrNested].
func (s *Service) MailDocument(ctx context.Context, id, of account.ID, to string) (store.Mail, error) {
	if _, err := s.billing(); err != nil {
		return store.Mail{}, err
	}
	addressed := account.Manager{Name: "to", Email: to}
	s.rules.NormalizeManager(&addressed)
	var faults account.Faults
	for _, f := range s.rules.Manager(addressed) {
		faults = append(faults, account.NewFault("to", f.Code))
	}
	if err := faults.Err(); err != nil {
		return store.Mail{}, err
	}
	return s.documenter().MailAgain(ctx, id, of, addressed.Email)
}

// CreditNote asks to take an invoice back, or lines of it.
type CreditNote struct {
	Account   account.ID      `json:"account"`
	Invoice   account.ID      `json:"invoice"`
	Takes     []document.Take `json:"takes"`     // none: all that is left
	Reason    string          `json:"reason"`    // told to the client
	Reference string          `json:"reference"` // the caller's own, unique per account, at most 248 bytes: so it is made once
	Actor     account.Actor   `json:"actor"`
}

// creditOrigin begins the origins of credit notes, which end in their references.
const creditOrigin = "credit:"

// faults returns what is wrong with the credit note by itself.
func (c CreditNote) faults() account.Faults {
	faults := account.ReferenceFaults("reference", c.Reference)
	if most := account.MaxReference - len(creditOrigin); len(faults) == 0 && len(c.Reference) > most {
		faults = append(faults, account.NewFault("reference", "text.length", most))
	}
	if c.Reason == "" {
		faults = append(faults, account.NewFault("reason", "reason.required"))
	}
	if len(c.Reason) > account.MaxReason || !textform.IsLine(c.Reason) {
		faults = append(faults, account.NewFault("reason", "text.chars"))
	}
	return append(faults, c.Actor.Faults()...)
}

// Credit makes a credit note of an invoice, or returns the one that was made under the reference.
// No money moves by it. Who made it is logged.
//
// Errors: [account.Faults], [document.ErrCredited], [account.ErrReused] for a reference of another
// content, [account.ErrNotFound], [account.ErrConflict], [ErrNoBilling], [ErrNested], and those of
// Options.Documents.
func (s *Service) Credit(ctx context.Context, c CreditNote) (document.CreditNote, error) {
	if _, err := s.billing(); err != nil {
		return document.CreditNote{}, err
	}
	c.Reason, c.Reference, c.Actor = validate.Text(c.Reason), validate.Text(c.Reference), actorText(c.Actor)
	if err := c.faults().Err(); err != nil {
		return document.CreditNote{}, err
	}
	n, fresh, err := s.documenter().Credit(ctx, billing.Credit{
		Account: c.Account, Invoice: c.Invoice, Takes: c.Takes, Reason: c.Reason, Origin: creditOrigin + c.Reference,
	})
	if err == nil && fresh {
		s.opts.Logger.InfoContext(ctx, "a credit note was made", slog.String("account", c.Account.String()),
			slog.String("number", n.Number.Text), slog.String("actor", c.Actor.ID))
	}
	return n, err
}

// Usage is what an account used, by the civil days of its clock, and for how long what it has
// lasts at that rate.
type Usage struct {
	Days []document.UsageByDay `json:"days"` // on which something was used, ascending
	// Through is how far entries are in it, by number; Complete: to the last one.
	Through  int64 `json:"through"`
	Complete bool  `json:"complete"`
	Rate
}

// Rate is how fast an account spends, and for how long what it has lasts.
type Rate struct {
	// PerDay is what the last seven whole days came to, less what was given back, by day, or as many
	// as there were since the account was made.
	PerDay decimal.Decimal `json:"per_day"`
	// RunsOut is when what is available now is used up at that rate, at most a hundred years from
	// now: zero where nothing was used.
	RunsOut time.Time `json:"runs_out"`
}

// maxUsageDays is how many days Usage answers at most.
const maxUsageDays = 366

// Usage returns what an account used from a day to a day, both included, at most 366 days.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrConflict], [account.ErrZone],
// [ErrNoBilling].
func (s *Service) Usage(ctx context.Context, id account.ID, first, last account.Date) (Usage, error) {
	if _, err := s.billing(); err != nil {
		return Usage{}, err
	}
	if days := last.In(time.UTC).From.Sub(first.In(time.UTC).From) / (24 * time.Hour); days < 0 || days >= maxUsageDays || first.IsZero() {
		return Usage{}, account.Faults{account.NewFault("last", "dates.range", maxUsageDays)}
	}
	a, err := s.Get(ctx, id)
	if err != nil {
		return Usage{}, err
	}
	zone, err := a.Location()
	if err != nil {
		return Usage{}, err
	}
	week, days := lastWeek(a, s.now(), zone)
	spans, err := s.documenter().Usage(ctx, a, zone, billing.Span{First: first, Last: last}, week)
	if err != nil {
		return Usage{}, err
	}
	standing, err := s.Balance(ctx, id)
	if err != nil {
		return Usage{}, err
	}
	return Usage{
		Days: spans[0].Days, Through: spans[0].Through, Complete: spans[0].Complete,
		Rate: rateOf(spans[1].Days, days, standing.Available, s.now()),
	}, nil
}

// Rate returns how fast an account spends, by what is kept of its usage: it reads no entries, so that
// a page can ask for it each time. It is behind by what was used since Tick last looked, see
// [Service.Usage].
//
// Errors: [account.ErrNotFound], [account.ErrZone], [ErrNoBilling].
func (s *Service) Rate(ctx context.Context, id account.ID) (Rate, error) {
	if _, err := s.billing(); err != nil {
		return Rate{}, err
	}
	a, err := s.Get(ctx, id)
	if err != nil {
		return Rate{}, err
	}
	zone, err := a.Location()
	if err != nil {
		return Rate{}, err
	}
	week, days := lastWeek(a, s.now(), zone)
	used, err := s.documenter().Kept(ctx, id, week)
	if err != nil || len(used) == 0 {
		return Rate{}, err
	}
	standing, err := s.Balance(ctx, id)
	return rateOf(used, days, standing.Available, s.now()), err
}

// lastWeek returns the last seven whole days, and how many there were of them since the account
// was made: one at least.
func lastWeek(a account.Account, now time.Time, zone *time.Location) (week billing.Span, days int64) {
	week.Last = account.DateOf(now, zone).Prev()
	made := account.DateOf(a.CreatedAt, zone)
	for week.First = week.Last; days < 6 && week.First.Compare(made) > 0; days++ {
		week.First = week.First.Prev()
	}
	return week, days + 1
}

// longest is how far ahead money runs out at most.
const longest = 100 * 365 * 24 * time.Hour

// rateOf works out the rate of some days, and for how long what is available lasts.
func rateOf(used []document.UsageByDay, days int64, available decimal.Decimal, now time.Time) (r Rate) {
	sum := decimal.Zero
	for _, day := range used {
		sum = sum.Add(day.Used).Sub(day.GivenBack)
	}
	if !sum.IsPositive() {
		return r
	}
	r.PerDay, r.RunsOut = sum.DivRound(decimal.NewFromInt(days), account.MaxScale), usedUp(available, sum, days, now)
	return r
}

// Until returns when another amount would be used up at the rate; zero where nothing is used.
func (r Rate) Until(available decimal.Decimal, now time.Time) time.Time {
	if !r.PerDay.IsPositive() {
		return time.Time{}
	}
	return usedUp(available, r.PerDay, 1, now)
}

// usedUp returns when an amount is used up of which so much goes on so many days.
func usedUp(available, used decimal.Decimal, days int64, now time.Time) time.Time {
	if !available.IsPositive() {
		return now
	}
	seconds := available.Mul(decimal.NewFromInt(days*24*3600)).DivRound(used, 0)
	most := decimal.NewFromInt(int64(longest / time.Second))
	return now.Add(time.Duration(decimal.Min(seconds, most).IntPart()) * time.Second)
}
