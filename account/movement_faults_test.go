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
		{account.Charge, reference(""), "reference idempotency.required"},
		{account.Charge, reference(strings.Repeat("x", 255)), ""},
		{account.Charge, reference(strings.Repeat("x", 256)), "reference idempotency.length"},
		{account.Charge, reference("clientaccount:x"), "reference idempotency.chars"},
		{account.Charge, reference("clientaccount"), ""},
		{account.Charge, reference(" ~"), ""},
		{account.Charge, reference("a\x1f"), "reference idempotency.chars"},
		{account.Charge, reference("\x7f"), "reference idempotency.chars"},
		{account.Charge, reference("\x80"), "reference idempotency.chars"},
		{account.Release, held(""), "hold idempotency.required"},
		{account.Capture, held(strings.Repeat("x", 256)), "hold idempotency.length"},
		{account.Capture, held("clientaccount:expired:h"), "hold idempotency.chars"},
		{account.Charge, messages(-1), "messages messages.range"},
		{account.Charge, messages(0), ""},
		{account.Charge, messages(account.MaxMessages), ""},
		{account.Charge, messages(account.MaxMessages + 1), "messages messages.range"},
		{account.HoldFunds, messages(-1), "messages messages.range"},
		{account.Charge, price("0", 0), "messages messages.range"},
		{account.Charge, price("0", 1), ""},
		{account.Charge, price("-0.1", 1), "amount amount.negative"},
		{account.Charge, price("0.0000001", 1), "amount amount.scale"},
		{account.Charge, price("0.0000001", 10), ""},
		{account.Charge, price("999999999999999", 2), "amount amount.range"},
		{account.Charge, price("1e-40", 1), "amount amount.scale"},
		{account.Charge, price("1e15", 1), "amount amount.range"},
		{account.Charge, func(m *account.Movement) { m.Price, m.Messages = account.Some(money("1")), 1 }, "amount amount.price"},
		{account.HoldFunds, timeout(-1), "timeout timeout.range"},
		{account.HoldFunds, timeout(0), ""},
		{account.HoldFunds, timeout(999), "timeout timeout.range"},
		{account.HoldFunds, timeout(1), "timeout timeout.range"},
		{account.HoldFunds, timeout(time.Microsecond), ""},
		{account.HoldFunds, timeout(account.MaxHoldTimeout), ""},
		{account.HoldFunds, timeout(account.MaxHoldTimeout + 1), "timeout timeout.range"},
		{account.Refund, func(m *account.Movement) { m.Of = 0 }, "of of.required"},
		{account.Refund, func(m *account.Movement) { m.Of = -1 }, "of of.required"},
		{account.Refund, func(m *account.Movement) { m.Amount = decimal.Decimal{} }, ""},
		{account.TransferOut, func(m *account.Movement) { m.Other = account.ID{} }, "to to.other"},
		{account.TransferOut, func(m *account.Movement) { m.Other = m.Account }, "to to.other"},
		{account.TopUp, amount("999999999999999"), ""},
		{account.TopUp, amount("999999999999999.999999"), ""},
		{account.TopUp, amount("1000000000000000"), "amount amount.range"},
		{account.TopUp, amount("0.000001"), ""},
		{account.TopUp, amount("0.0000001"), "amount amount.scale"},
		{account.TopUp, amount("1.0000000000000000000000000000000000000000"), ""},
		{account.TopUp, amount("1.00000000000000000000000000000000000000000"), "amount amount.scale"},
		{account.TopUp, amount("0"), "amount amount.zero"},
		{account.TopUp, amount("-1"), "amount amount.negative"},
		{account.Adjust, amount("-1"), ""},
		{account.Adjust, amount("0"), "amount amount.zero"},
		{account.Capture, amount("-1"), "amount amount.negative"},
		{account.Capture, amount("0"), ""},
		{account.Adjust, reason(""), "reason reason.required"},
		{account.Adjust, reason(" \u00a0"), "reason reason.required"},
		{account.TopUp, reason(""), ""},
		{account.TopUp, reason(strings.Repeat("x", 200)), ""},
		{account.TopUp, reason(strings.Repeat("ї", 200)), ""},
		{account.TopUp, reason(strings.Repeat("x", 201)), "reason reason.length"},
		{account.TopUp, reason(strings.Repeat("ї", 201)), "reason reason.length"},
		{account.TopUp, reason("a\x00"), "reason text.chars"},
		{account.TopUp, func(m *account.Movement) { m.Actor.ID = "\x00" }, "actor text.chars"},
		{account.TopUp, func(m *account.Movement) { m.Actor.Name = "\xff" }, "actor text.chars"},
	} {
		m := least(row.kind)
		row.set(&m)
		assert.Equal(t, row.wants, strings.Join(codes(m.Faults()), ", "), "%+v", m)
	}
	all := account.Movement{Account: account.ID{1}, Kind: account.Charge, Amount: money("-1"), Messages: -1, Reason: "\x00", Hold: "h"}
	assert.Equal(t, []string{
		"hold field.unused", "amount amount.negative", "reference idempotency.required", "messages messages.range", "reason text.chars",
	}, codes(all.Faults()))
	fault := account.Movement{Kind: account.TopUp, Amount: money("0.0000001"), Reference: "r"}.Faults()[0]
	assert.Equal(t, "At most 6 decimals.", fault.Text)
}
