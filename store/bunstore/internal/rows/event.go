package rows

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

type event = account.Event

// Events is a row of clientaccount_events, as far as it is the account's.
var Events = Codec[event]{
	key("account_id", func(e *event) *account.ID { return &e.Account }),
	bigint("number", func(e *event) *int64 { return &e.Number }),
	text("kind", func(e *event) *account.EventKind { return &e.Kind }),
	instant("at", func(e *event) *time.Time { return &e.At }),
	amount("balance", func(e *event) *decimal.Decimal { return &e.Balance }),
	amount("held", func(e *event) *decimal.Decimal { return &e.Held }),
	sum("available", func(e *event) *decimal.Decimal { return &e.Available }),
	limit("notification_limit", func(e *event) *account.NotificationLimit { return &e.Limit }),
	textOrNull("hook", func(e *event) *account.HookKind { return &e.Hook }),
	textOrNull("code", func(e *event) *string { return &e.Code }),
}
