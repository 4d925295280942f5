package document

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Notice tells a client what happened to their account, what it means, and whom to ask.
type Notice struct {
	Head
	Event NoticeEvent `json:"event"`
	// Of money: what the client had when it happened.
	Funds Funds `json:"funds"`
	// Of an overdraw that ends or ended.
	Overdraw decimal.Decimal `json:"overdraw"`
	Ends     time.Time       `json:"ends"`
	// Of a webhook, whose URL is not told: it may hold a token.
	Hook account.HookKind `json:"hook"`
	Code string           `json:"code"` // why, as in account.Event
	// Of a field that was changed: its path, and what it was and is, of no secret.
	Field string `json:"field"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// NoticeEvent is what a notice is of. Its value is stable, and that of the mail that tells it.
type NoticeEvent string

// What notices are of.
const (
	NoticeLimitReached    NoticeEvent = "limit.reached"
	NoticeLimitCleared    NoticeEvent = "limit.cleared"
	NoticeCreditExhausted NoticeEvent = "credit.exhausted"
	NoticeOverdrawEnding  NoticeEvent = "overdraw.ending"
	NoticeOverdrawEnded   NoticeEvent = "overdraw.ended"
	NoticeHookOff         NoticeEvent = "hook.off"
	NoticeHookOn          NoticeEvent = "hook.on"
	NoticePasswordChanged NoticeEvent = "password.changed" // Field: "password" or account.PathGatewayPassword
	NoticeEmailChanged    NoticeEvent = "email.changed"    // Field: "mail.email", "mail.billing" or "mail.price_update"
	NoticeStatusChanged   NoticeEvent = "status.changed"   // Field: "status"
)

// NoticeEvents returns all that notices are of.
func NoticeEvents() []NoticeEvent {
	return []NoticeEvent{
		NoticeLimitReached, NoticeLimitCleared, NoticeCreditExhausted, NoticeOverdrawEnding, NoticeOverdrawEnded,
		NoticeHookOff, NoticeHookOn, NoticePasswordChanged, NoticeEmailChanged, NoticeStatusChanged,
	}
}

// noticeTraits is what notices of an event hold beside what all do.
type noticeTraits struct {
	money  bool     // funds
	limit  bool     // the limit is what it is about
	ends   bool     // an overdraw, and its end
	hook   bool     // a webhook
	fields []string // the field is one of these
	told   bool     // what it was, and is
}

var traitsOfNotices = map[NoticeEvent]noticeTraits{
	NoticeLimitReached:    {money: true, limit: true},
	NoticeLimitCleared:    {money: true, limit: true},
	NoticeCreditExhausted: {money: true},
	NoticeOverdrawEnding:  {money: true, ends: true},
	NoticeOverdrawEnded:   {money: true, ends: true},
	NoticeHookOff:         {hook: true},
	NoticeHookOn:          {hook: true},
	NoticePasswordChanged: {fields: []string{"password", account.PathGatewayPassword}},
	NoticeEmailChanged:    {fields: []string{"mail.email", "mail.billing", "mail.price_update"}, told: true},
	NoticeStatusChanged:   {fields: []string{"status"}, told: true},
}

// NewNotice returns one of the head's account; what the event tells is the caller's to add.
func NewNotice(head Head, event NoticeEvent) Notice {
	return Notice{Head: head.of(head.Account), Event: event}
}

// OfMoney reports whether it tells what the client had.
func (n Notice) OfMoney() bool { return traitsOfNotices[n.Event].money }

// Kind returns KindNotice.
func (Notice) Kind() Kind { return KindNotice }

// Check returns ErrSums for what no notice of the event tells, as a password, and ErrUnshowable
// for a text that cannot be shown.
func (n Notice) Check() error {
	traits, known := traitsOfNotices[n.Event]
	switch {
	case !known:
		return sumsError("there is no notice of %q", n.Event)
	case traits.hook != slices.Contains(account.HookKinds(), n.Hook):
		return sumsError("a notice of %s, and the webhook %q", n.Event, n.Hook)
	case n.Field != "" && !slices.Contains(traits.fields, n.Field), n.Field == "" && traits.fields != nil:
		return sumsError("a notice of %s, and the field %q", n.Event, n.Field)
	case !traits.told && n.Old+n.New != "":
		return sumsError("a notice of %s that tells more", n.Event)
	}
	if err := checkTexts(n.Code, n.Old, n.New); err != nil {
		return err
	}
	return n.Head.check()
}

func (n Notice) tidy() Document {
	n.Head, n.Ends = n.Head.tidied(), tidyInstant(n.Ends)
	return n
}

// cells is the one row of its sheet.
func (n Notice) cells(yield func([]any) bool) {
	traits := traitsOfNotices[n.Event]
	row := []any{n.At.In(n.location()), string(n.Event), string(n.Hook), n.Code, n.Field, n.Old, n.New, "", "", "", "", "", string(n.Currency)}
	if traits.ends && !n.Ends.IsZero() {
		row[7], row[8] = n.Overdraw, n.Ends.In(n.location())
	}
	if traits.money {
		row[9], row[10], row[11] = n.Funds.Balance, n.Funds.Held, n.Funds.Available
	}
	yield(row)
}
