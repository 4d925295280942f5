package access

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// ToEmail is the setting that has documents mailed: whether there are mails follows from it.
const ToEmail = "billing.to_email"

// orders are the settings that documents of each kind follow from: those by which they are
// made, and the clock by which they are cut. Money: they tell of the client's. A kind without a
// row is told to nobody.
var orders = map[document.Kind]struct {
	paths []string
	money bool
}{
	document.KindDaily:       {[]string{"mail.daily_statistics", "time_zone"}, true},
	document.KindStatement:   {[]string{"billing.send_stats", "billing.invoice_days", "time_zone"}, true},
	document.KindInvoice:     {[]string{"billing.send_invoices", "billing.invoice_days", "time_zone"}, true},
	document.KindCreditNote:  {[]string{"billing.send_invoices", "billing.invoice_days", "time_zone"}, true},
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

// Document reports whether there is a document of a client and kind for the actor. Of a notice,
// see [Judge.Notice].
func (j Judge) Document(ctx context.Context, a account.Account, kind document.Kind) (bool, error) {
	if kind != document.KindDaily || !slices.Contains(j.DocumentKinds(), kind) {
		return slices.Contains(j.DocumentKinds(), kind), nil
	}
	sums, err := j.sumsOf(ctx, a, account.NotificationLimit{})
	return sums.Messages, err // it says for how many what is available lasts
}

// Notice reports whether there is a notice of a client for the actor: for who sees what it is of,
// and all that it tells.
func (j Judge) Notice(ctx context.Context, a account.Account, n document.Notice) (bool, error) {
	sums, err := j.sumsOf(ctx, a, n.Funds.Limit)
	if err != nil || !slices.Contains(j.DocumentKinds(), n.Kind()) {
		return false, err
	}
	switch n.Event {
	case document.NoticeLimitReached, document.NoticeLimitCleared:
		return sums.Limit && sums.Messages, nil
	case document.NoticeCreditExhausted:
		return sums.Messages, nil
	case document.NoticeOverdrawEnding, document.NoticeOverdrawEnded:
		return sums.Overdraw && sums.Messages, nil
	case document.NoticeHookOff, document.NoticeHookOn:
		return j.May(Webhooks) && slices.Contains(j.Hooks(), n.Hook), nil
	case document.NoticePasswordChanged, document.NoticeEmailChanged, document.NoticeStatusChanged:
		return j.Shows(n.Field), nil
	default:
		return false, nil
	}
}

// sumsOf returns the figures of a client's money that may be told, where that limit is told of.
func (j Judge) sumsOf(ctx context.Context, a account.Account, limit account.NotificationLimit) (Sums, error) {
	t := account.Terms{Limit: limit}
	if a.SharesMoney() {
		t.Shares = a.Parent
	}
	return j.Sums(ctx, t)
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
