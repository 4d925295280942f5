package access

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// ToEmail is the setting that has documents mailed: whether there are mails follows from it.
const ToEmail = "billing.to_email"

// orders are what documents of each kind follow from: the settings by which they are made, and
// whether they hold amounts of the client's money. A kind without a row is told to nobody.
var orders = map[document.Kind]struct {
	paths []string
	money bool
}{
	document.KindDaily:       {[]string{"mail.daily_statistics"}, true},
	document.KindStatement:   {[]string{"billing.send_stats", "billing.invoice_days"}, true},
	document.KindInvoice:     {[]string{"billing.send_invoices", "billing.invoice_days"}, true},
	document.KindCreditNote:  {[]string{"billing.send_invoices", "billing.invoice_days"}, true},
	document.KindPriceUpdate: {[]string{"mail.price_format", "notes.product"}, false},
	document.KindNotice:      {nil, false}, // as its event says, see Notice
}

// DocumentKinds returns those of which the actor may be told that there are some.
func (j Judge) DocumentKinds() []document.Kind {
	return slices.DeleteFunc(document.Kinds(), func(kind document.Kind) bool {
		order, known := orders[kind]
		return !known || !j.May(Documents) || !j.Shows(order.paths...) || order.money && !j.May(Money)
	})
}

// Document reports whether there is such a document of a client for the actor.
func (j Judge) Document(ctx context.Context, a account.Account, d document.Document) (bool, error) {
	if !slices.Contains(j.DocumentKinds(), d.Kind()) {
		return false, nil
	}
	notice, is := d.(document.Notice)
	if !is {
		return true, nil
	}
	sums, err := j.fundsOf(ctx, a, notice.Funds.Limit)
	return err == nil && j.notice(notice, sums), err
}

// notice reports whether the actor sees what a notice is of.
func (j Judge) notice(n document.Notice, s Sums) bool {
	switch n.Event {
	case document.NoticeLimitReached, document.NoticeLimitCleared:
		return s.Limit
	case document.NoticeCreditExhausted:
		return s.Messages
	case document.NoticeOverdrawEnding, document.NoticeOverdrawEnded:
		return s.Overdraw
	case document.NoticeHookOff, document.NoticeHookOn:
		return j.May(Webhooks) && slices.Contains(j.Hooks(), n.Hook)
	case document.NoticePasswordChanged, document.NoticeEmailChanged, document.NoticeStatusChanged:
		return j.Shows(n.Field)
	default:
		return false
	}
}

// fundsOf returns the figures of a client's money that documents may tell, where that limit is
// told of.
func (j Judge) fundsOf(ctx context.Context, a account.Account, limit account.NotificationLimit) (Sums, error) {
	return j.Sums(ctx, account.Terms{Limit: limit, Shares: parentOf(a)})
}

// Mails reports whether the actor may be told of the mails of documents.
func (j Judge) Mails() bool { return j.Shows(ToEmail) }

// Managers returns those whose clients are all that the actor sees; unset: all clients.
func (j Judge) Managers() account.Optional[[]account.ID] {
	if j.policy.Scope.all {
		return account.Optional[[]account.ID]{}
	}
	return account.Some(slices.Clone(j.policy.Scope.managers))
}

// InDocument returns which fields of a client the actor sees in its documents: what is available
// follows from the terms of those whose money it spends, too.
func (j Judge) InDocument(ctx context.Context, a account.Account) (func(path string) bool, error) {
	payers, err := j.SeesPayers(ctx, parentOf(a))
	return func(path string) bool {
		return j.Shows(path) && (payers || !slices.Contains([]string{"credit.limit", "credit.shared"}, path))
	}, err
}

// parentOf returns the account whose money another spends; zero for its own.
func parentOf(a account.Account) account.ID {
	if a.SharesMoney() {
		return a.Parent
	}
	return account.ID{}
}
