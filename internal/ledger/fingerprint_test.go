package ledger_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// anyDecimal returns a number as it may be written: of any length and power of ten.
func anyDecimal(t *rapid.T, name string) decimal.Decimal {
	digits := rapid.StringMatching(`-?[0-9]{1,30}(000)?`).Draw(t, name+" digits")
	coefficient := decimal.RequireFromString(digits).Coefficient()
	return decimal.NewFromBigInt(coefficient, rapid.Int32Range(-50, 30).Draw(t, name+" power"))
}

// rewritten returns the same number, written in another way.
func rewritten(t *rapid.T, d decimal.Decimal) decimal.Decimal {
	zeros := rapid.Int32Range(0, 30).Draw(t, "zeros")
	coefficient := decimal.NewFromBigInt(d.Coefficient(), zeros).BigInt()
	return decimal.NewFromBigInt(coefficient, d.Exponent()-zeros)
}

// anyMovement returns one of any content, whether it makes sense or not.
func anyMovement(t *rapid.T) account.Movement {
	texts := rapid.SampledFrom([]string{"", "h", "hh", "\x00", "h\x00", "\x00\x00\x00\x00\x00\x00\x00\x01h", "p", "charge"})
	numbers := rapid.SampledFrom([]int64{0, 1, 2, 104, 1 << 32, 1 << 40, -1, math.MaxInt64, math.MinInt64})
	m := account.Movement{
		Kind:   rapid.SampledFrom([]account.MovementKind{"", "h", "charge", "charge\x00", account.KindHold, account.KindCapture}).Draw(t, "kind"),
		Amount: rapid.SampledFrom([]decimal.Decimal{{}, money("1"), money("-1"), anyDecimal(t, "amount")}).Draw(t, "an amount"),
		Round:  rapid.Bool().Draw(t, "round"), More: rapid.Bool().Draw(t, "more"), PassLimit: rapid.Bool().Draw(t, "pass"),
		Messages: numbers.Draw(t, "messages"), Of: numbers.Draw(t, "of"), Hold: texts.Draw(t, "hold"),
		Timeout: time.Duration(rapid.Int64Range(0, 5000).Draw(t, "timeout")), Other: account.ID{rapid.Byte().Draw(t, "other")},
	}
	if rapid.Bool().Draw(t, "priced") {
		m.Price = account.Some(rapid.SampledFrom([]decimal.Decimal{{}, money("1"), anyDecimal(t, "price")}).Draw(t, "a price"))
	}
	return m
}

// content returns what a movement says, written out.
func content(m account.Movement) string {
	price, priced := m.Price.Get()
	return fmt.Sprintf("%q %s %v %s %v %d %d %d %v %v %x %q", m.Kind, m.Amount.Rat(), priced, price.Rat(), m.Round, m.Messages, m.Of,
		m.Timeout/time.Microsecond, m.More, m.PassLimit, m.Other, m.Hold)
}

// Two movements have one fingerprint if, and only if, they have one content.
func TestFingerprintIsTheSameForTheSameContentOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMovement(t)
		other := m
		switch fresh := anyMovement(t); rapid.IntRange(0, 12).Draw(t, "changed") {
		case 0:
			other = fresh
		case 1:
			other.Kind = fresh.Kind
		case 2:
			other.Amount = fresh.Amount
		case 3:
			other.Price = fresh.Price
		case 4:
			other.Messages = fresh.Messages
		case 5:
			other.Of = fresh.Of
		case 6:
			other.Hold = fresh.Hold
		case 7:
			other.Timeout = fresh.Timeout
		case 8:
			other.More, other.PassLimit, other.Round = fresh.More, fresh.PassLimit, fresh.Round
		case 9:
			other.Amount = m.Amount.Add(decimal.New(1, rapid.Int32Range(-60, 10).Draw(t, "power")))
		case 10:
			other.Price = account.Some(m.Price.Or(decimal.Zero).Add(decimal.New(1, rapid.Int32Range(-60, 10).Draw(t, "power"))))
		case 11:
			other.Other = fresh.Other
		default:
			other.Kind, other.Hold = account.MovementKind(m.Hold), string(m.Kind)
		}
		same := content(m) == content(other)
		if got := ledger.Fingerprint(m) == ledger.Fingerprint(other); got != same {
			t.Fatalf("same content %v, same fingerprint %v:\n%s\n%s", same, got, content(m), content(other))
		}
	})
}

// However a number is written, it is the same number; who and why do not count.
func TestFingerprintDoesNotCareHowNumbersAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyMovement(t)
		again := m
		again.Amount = rewritten(t, m.Amount)
		if price, priced := m.Price.Get(); priced {
			again.Price = account.Some(rewritten(t, price))
		}
		again.Actor, again.Reason, again.Reference, again.Currency = account.Actor{ID: "x"}, "why", "another", "EUR"
		if ledger.Fingerprint(m) != ledger.Fingerprint(again) {
			t.Fatalf("%s\n%s", content(m), content(again))
		}
	})
	priced := func(price string) account.Fingerprint {
		return ledger.Fingerprint(account.Movement{Kind: account.KindHold, Messages: 1_000_000, Price: account.Some(money(price))})
	}
	assert.NotEqual(t, priced("0.0000001"), priced("0.0000009"), "a price counts whole")
	assert.NotEqual(t, priced("1.2"), priced("1.2000004"))
	for _, same := range []string{"1.50", "15e-1", "0.15e1", "1500000000000000000000000000000e-30"} {
		assert.Equal(t, priced("1.5"), priced(same), same)
	}
}

// What no account could hold is told apart too, and costs no more than it is long.
func TestFingerprintOfAbsurdNumbers(t *testing.T) {
	seen := map[account.Fingerprint]string{}
	for name, d := range map[string]decimal.Decimal{
		"zero": {}, "one": decimal.New(1, 0), "minus one": decimal.New(-1, 0),
		"largest power": decimal.New(1, math.MaxInt32), "smallest power": decimal.New(1, math.MinInt32),
		"next to largest power": decimal.New(1, math.MaxInt32-1), "2^63": money("9223372036854775808"), "-2^63": money("-9223372036854775808"),
		"many digits": money("1" + strings.Repeat("0", 299) + "1"), "more digits": money("1" + strings.Repeat("0", 300) + "1"),
		"255 more digits": money("1" + strings.Repeat("0", 555) + "1"),
	} {
		for _, m := range []account.Movement{{Amount: d}, {Price: account.Some(d)}} {
			print := ledger.Fingerprint(m)
			assert.Empty(t, seen[print], name)
			seen[print] = name
		}
	}
	zero := account.Movement{Amount: decimal.New(0, math.MinInt32)}
	assert.Equal(t, ledger.Fingerprint(account.Movement{}), ledger.Fingerprint(zero))
}

func TestFingerprintIsOfTheContent(t *testing.T) {
	m := account.Movement{Kind: account.KindCharge, Amount: money("1.50"), Messages: 3, Reference: "r"}
	again := m
	again.Amount, again.Actor, again.Reason = money("1.5"), account.Actor{ID: "x"}, "because"
	assert.Equal(t, ledger.Fingerprint(m), ledger.Fingerprint(again), "who and why do not count, nor how the amount is written")
	other := m
	other.Amount = money("1.51")
	assert.NotEqual(t, ledger.Fingerprint(m), ledger.Fingerprint(other))
}
