package document

import (
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
	// Of a field that was changed: its path, and for addresses and the status its texts.
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
	NoticePasswordChanged NoticeEvent = "password.changed" // Field: account.PathPassword or PathGatewayPassword
	NoticeEmailChanged    NoticeEvent = "email.changed"
	NoticeStatusChanged   NoticeEvent = "status.changed"
)

// Kind returns KindNotice.
func (Notice) Kind() Kind { return KindNotice }

// Check returns ErrUnshowable for a text that cannot be shown.
func (n Notice) Check() error {
	if err := checkTexts(string(n.Event), string(n.Hook), n.Code, n.Field, n.Old, n.New); err != nil {
		return err
	}
	return n.Head.check()
}

func (n Notice) tidy() Document {
	n.Head, n.Ends = n.Head.tidied(), tidyInstant(n.Ends)
	return n
}
