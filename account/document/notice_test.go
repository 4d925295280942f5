package document_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// noticeHead is that of a document without a number, made at 09:05 in Kyiv.
func noticeHead() document.Head {
	h := head()
	h.Number = document.Number{}
	h.Issued, h.At = account.Date{Year: 2026, Month: time.November, Day: 28}, time.Date(2026, 11, 28, 7, 5, 0, 0, time.UTC)
	h.Manager = document.Contact{Name: "Max Muster", Email: "max@fernweh.example", Phone: "+493012345678"}
	return h
}

// noticeOf is one with all that its event tells.
func noticeOf(event document.NoticeEvent) document.Notice {
	n := document.NewNotice(noticeHead(), event)
	funds := document.Funds{
		Balance: amount("-87.6"), Held: amount("2"), Available: amount("10.4"), Limit: account.MessagesLimit(1500), Messages: account.Some(amount("1040")),
	}
	switch event {
	case document.NoticeLimitReached, document.NoticeLimitCleared, document.NoticeCreditExhausted:
		n.Funds = funds
	case document.NoticeOverdrawEnding, document.NoticeOverdrawEnded:
		n.Funds, n.Overdraw, n.Ends = funds, amount("50"), time.Date(2026, 11, 29, 22, 0, 0, 0, time.UTC)
	case document.NoticeHookOff, document.NoticeHookOn:
		n.Hook, n.Code = account.HookRESTState, "gone"
	case document.NoticePasswordChanged:
		n.Field = account.PathGatewayPassword
	case document.NoticeEmailChanged:
		n.Field, n.Old, n.New = "mail.billing", "old@acme.example", "new@acme.example"
	case document.NoticeStatusChanged:
		n.Field, n.Old, n.New = "status", "active", "suspended"
	}
	return n
}

func TestNoticesOfAllEvents(t *testing.T) {
	for _, event := range document.NoticeEvents() {
		n := noticeOf(event)
		require.NoError(t, n.Check(), event)
		again(t, n)
		text := seen(page(t, n, document.English()))
		assert.Contains(t, text, document.English().Notices.Events[event].Title+" 2026-11-28\n", "the window's title")
		assert.Contains(t, text, "Happened: 28 November 2026, 09:05")
		assert.Contains(t, text, "please ask: Max Muster, max@fernweh.example, +493012345678")
	}
}

func TestThePageOfANotice(t *testing.T) {
	assert.Equal(t, `Notification limit reached 2026-11-28
Notification limit reached
Date: 28 November 2026
Local time: Europe/Kyiv
Happened: 28 November 2026, 09:05
Limit: 1,500 messages
Currency: EUR
Contract: C-17
From
Fernweh Messaging GmbH
Torstraße 10
10119 Berlin
Germany
Company ID: DE123456789
billing@fernweh.example
To
ACME Ltd
Ann Lee
Ukraine
Company ID: 12345678
Login: acme
What is left of your account came down to the limit at which you wish to be told. Your messages are still sent. Please top up in time, so that it stays that way.
If you have questions, please ask: Max Muster, max@fernweh.example, +493012345678
Balance | −87.60
Held | 2.00
Available | 10.40 EUR
Enough for messages | 1,040`, seen(page(t, noticeOf(document.NoticeLimitReached), document.English())))

	off := seen(page(t, noticeOf(document.NoticeHookOff), document.English()))
	assert.Contains(t, off, "Webhook: SMS State via RestAPI\nReason: Your server answered that the address is gone for good (410).\n")
	assert.NotContains(t, off, "Balance")
	ending := seen(page(t, noticeOf(document.NoticeOverdrawEnding), document.English()))
	assert.Contains(t, ending, "Temporary credit: 50.00 EUR\nEnds: 30 November 2026, 00:00\n")
	assert.NotContains(t, ending, "Limit:")
	assert.Contains(t, seen(page(t, noticeOf(document.NoticeStatusChanged), document.English())), "Field: Delivery Status\nBefore: Active\nNow: Suspended\n")
	assert.Contains(t, seen(page(t, noticeOf(document.NoticeEmailChanged), document.English())), "Before: old@acme.example\nNow: new@acme.example\n")
	assert.Contains(t, seen(page(t, noticeOf(document.NoticePasswordChanged), document.English())), "Field: Gateway password\n")

	inMoney := noticeOf(document.NoticeLimitCleared)
	inMoney.Funds.Limit = account.MoneyLimit(amount("-12.5"))
	assert.Contains(t, seen(page(t, inMoney, document.English())), "Limit: −12.50 EUR\n")
	unlimited := noticeOf(document.NoticeLimitCleared)
	unlimited.Funds.Limit = account.NotificationLimit{}
	assert.NotContains(t, seen(page(t, unlimited, document.English())), "Limit:")
}

func TestNoticesThatAreNone(t *testing.T) {
	for name, spoil := range map[string]func(*document.Notice){
		"no event":             func(n *document.Notice) { n.Event = "" },
		"an unknown one":       func(n *document.Notice) { n.Event = "limit.broken" },
		"a password is told":   func(n *document.Notice) { n.New = "secret" },
		"a field of another":   func(n *document.Notice) { n.Field = "status" },
		"no field":             func(n *document.Notice) { n.Field = "" },
		"a webhook":            func(n *document.Notice) { n.Hook = account.HookRESTState },
		"no webhook of a hook": func(n *document.Notice) { *n = noticeOf(document.NoticeHookOn); n.Hook = "" },
		"a field of a hook":    func(n *document.Notice) { *n = noticeOf(document.NoticeHookOn); n.Field = "status" },
	} {
		n := noticeOf(document.NoticePasswordChanged)
		spoil(&n)
		require.ErrorIs(t, n.Check(), document.ErrSums, name)
		_, err := document.Encode(n)
		require.Error(t, err, name)
		page(t, n, document.English()) // shows what it can
		written(t, n)
	}
	n := noticeOf(document.NoticeEmailChanged)
	n.Old = "a\r\nb"
	require.ErrorIs(t, n.Check(), document.ErrUnshowable)
}

func TestTheSheetOfANotice(t *testing.T) {
	const header = "at,event,hook,code,field,old,new,overdraw,ends,balance,held,available,currency\n"
	for event, row := range map[document.NoticeEvent]string{
		document.NoticeOverdrawEnding: "2026-11-28T09:05:00+02:00,overdraw.ending,,,,,,50.00,2026-11-30T00:00:00+02:00,-87.60,2.00,10.40,EUR\n",
		document.NoticeHookOff:        "2026-11-28T09:05:00+02:00,hook.off,rest_state,gone,,,,,,,,,EUR\n",
		document.NoticeStatusChanged:  "2026-11-28T09:05:00+02:00,status.changed,,,status,active,suspended,,,,,,EUR\n",
	} {
		assert.Equal(t, header+row, written(t, noticeOf(event)))
	}
}
