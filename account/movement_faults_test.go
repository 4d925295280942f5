package account_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
)

// Each bound of a movement, from both sides.
func TestFaultsNameEveryBoundOfAMovement(t *testing.T) {
	type row = struct {
		kind  account.MovementKind
		set   func(*account.Movement)
		wants string
	}
	reference := func(s string) func(*account.Movement) { return func(m *account.Movement) { m.Reference = s } }
	held := func(s string) func(*account.Movement) { return func(m *account.Movement) { m.Hold = s } }
	messages := func(n int64) func(*account.Movement) { return func(m *account.Movement) { m.Messages = n } }
	timeout := func(d time.Duration) func(*account.Movement) { return func(m *account.Movement) { m.Timeout = d } }
	amount := func(s string) func(*account.Movement) { return func(m *account.Movement) { m.Amount = money(s) } }
	reason := func(s string) func(*account.Movement) { return func(m *account.Movement) { m.Reason = s } }
	price := func(s string, n int64) func(*account.Movement) {
		return func(m *account.Movement) {
			m.Amount, m.Price, m.Messages = decimal.Decimal{}, account.Some(money(s)), n
		}
	}
	for _, row := range []row{
		{account.KindCharge, reference(""), "reference idempotency.required"},
		{account.KindCharge, reference(strings.Repeat("x", 255)), ""},
		{account.KindCharge, reference(strings.Repeat("x", 256)), "reference idempotency.length"},
		{account.KindCharge, reference("clientaccount:x"), "reference idempotency.chars"},
		{account.KindCharge, reference("clientaccount"), ""},
		{account.KindCharge, reference(" ~"), ""},
		{account.KindCharge, reference("a\x1f"), "reference idempotency.chars"},
		{account.KindCharge, reference("\x7f"), "reference idempotency.chars"},
		{account.KindCharge, reference("\x80"), "reference idempotency.chars"},
		{account.KindRelease, held(""), "hold idempotency.required"},
		{account.KindCapture, held(strings.Repeat("x", 256)), "hold idempotency.length"},
		{account.KindCapture, held("clientaccount:expired:h"), "hold idempotency.chars"},
		{account.KindCharge, messages(-1), "messages messages.range"},
		{account.KindCharge, messages(0), ""},
		{account.KindCharge, messages(account.MaxMessages), ""},
		{account.KindCharge, messages(account.MaxMessages + 1), "messages messages.range"},
		{account.KindHold, messages(-1), "messages messages.range"},
		{account.KindCharge, price("0", 0), "messages messages.range"},
		{account.KindCharge, price("0", 1), ""},
		{account.KindCharge, price("-0.1", 1), "amount amount.negative"},
		{account.KindCharge, price("0.0000001", 1), "amount amount.scale"},
		{account.KindCharge, price("0.0000001", 10), ""},
		{account.KindCharge, price("999999999999999", 2), "amount amount.range"},
		{account.KindCharge, price("1e-40", 1), "amount amount.scale"},
		{account.KindCharge, price("1e15", 1), "amount amount.range"},
		{account.KindCharge, func(m *account.Movement) { m.Price, m.Messages = account.Some(money("1")), 1 }, "amount amount.price"},
		{account.KindHold, timeout(-1), "timeout timeout.range"},
		{account.KindHold, timeout(0), ""},
		{account.KindHold, timeout(999), "timeout timeout.range"},
		{account.KindHold, timeout(1), "timeout timeout.range"},
		{account.KindHold, timeout(time.Microsecond), ""},
		{account.KindHold, timeout(account.MaxHoldTimeout), ""},
		{account.KindHold, timeout(account.MaxHoldTimeout + 1), "timeout timeout.range"},
		{account.KindRefund, func(m *account.Movement) { m.Of = 0 }, "of of.required"},
		{account.KindRefund, func(m *account.Movement) { m.Of = -1 }, "of of.required"},
		{account.KindRefund, func(m *account.Movement) { m.Amount = decimal.Decimal{} }, ""},
		{account.KindTransferOut, func(m *account.Movement) { m.Other = account.ID{} }, "to to.other"},
		{account.KindTransferOut, func(m *account.Movement) { m.Other = m.Account }, "to to.other"},
		{account.KindTopUp, amount("999999999999999"), ""},
		{account.KindTopUp, amount("999999999999999.999999"), ""},
		{account.KindTopUp, amount("1000000000000000"), "amount amount.range"},
		{account.KindTopUp, amount("0.000001"), ""},
		{account.KindTopUp, amount("0.0000001"), "amount amount.scale"},
		{account.KindTopUp, amount("1.0000000000000000000000000000000000000000"), ""},
		{account.KindTopUp, amount("1.00000000000000000000000000000000000000000"), "amount amount.scale"},
		{account.KindTopUp, amount("0"), "amount amount.zero"},
		{account.KindTopUp, amount("-1"), "amount amount.negative"},
		{account.KindAdjust, amount("-1"), ""},
		{account.KindAdjust, amount("0"), "amount amount.zero"},
		{account.KindCapture, amount("-1"), "amount amount.negative"},
		{account.KindCapture, amount("0"), ""},
		{account.KindAdjust, reason(""), "reason reason.required"},
		{account.KindAdjust, reason(" \u00a0"), "reason reason.required"},
		{account.KindTopUp, reason(""), ""},
		{account.KindTopUp, reason(strings.Repeat("x", 200)), ""},
		{account.KindTopUp, reason(strings.Repeat("ї", 200)), ""},
		{account.KindTopUp, reason(strings.Repeat("x", 201)), "reason reason.length"},
		{account.KindTopUp, reason(strings.Repeat("ї", 201)), "reason reason.length"},
		{account.KindTopUp, reason("a\x00"), "reason text.chars"},
		{account.KindTopUp, func(m *account.Movement) { m.Actor.ID = "\x00" }, "actor text.chars"},
		{account.KindTopUp, func(m *account.Movement) { m.Actor.Name = "\xff" }, "actor text.chars"},
	} {
		m := least(row.kind)
		row.set(&m)
		assert.Equal(t, row.wants, strings.Join(codes(m.Faults()), ", "), "%+v", m)
	}
	all := account.Movement{Account: account.ID{1}, Kind: account.KindCharge, Amount: money("-1"), Messages: -1, Reason: "\x00", Hold: "h"}
	assert.Equal(t, []string{
		"hold field.unused", "amount amount.negative", "reference idempotency.required", "messages messages.range", "reason text.chars",
	}, codes(all.Faults()))
	fault := account.Movement{Kind: account.KindTopUp, Amount: money("0.0000001"), Reference: "r"}.Faults()[0]
	assert.Equal(t, "At most 6 decimals.", fault.Text)
}
