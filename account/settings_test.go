package account_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

func TestDispatchText(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "Mon,Tue,Wed,Thu,Fri,Sat,Sun 00:00-24:00",
		"09:00-18:00":                  "Mon,Tue,Wed,Thu,Fri,Sat,Sun 09:00-18:00",
		"09:00–18:00":                  "Mon,Tue,Wed,Thu,Fri,Sat,Sun 09:00-18:00",
		"Sun,mon,MONDAY 09:00 – 18:00": "Mon,Sun 09:00-18:00",
		"Fri 22:00-06:00":              "Fri 22:00-06:00",
		"Fri 00:00-24:00":              "Fri 00:00-24:00",
		"Fri 23:59-24:00":              "Fri 23:59-24:00",
		"9-18":                         "format",
		"09:00":                        "format",
		"09:0a-18:00":                  "format",
		"-":                            "format",
		"09:00-18:00-19:00":            "format",
		"Mon Tue 09:00-18:00":          "format",
		"09:60-18:00":                  "range",
		"09:00-24:01":                  "range",
		"25:00-26:00":                  "range",
		"24:00-06:00":                  "range",
		"-18:00":                       "pair",
		"09:00-":                       "pair",
		"09:00-09:00":                  "empty",
		"00:00-00:00":                  "empty",
		"Foo 09:00-18:00":              "days",
		" 09:00-18:00":                 "days",
		"Mon,,Tue 09:00-18:00":         "days",
	} {
		t.Run(text, func(t *testing.T) {
			d := account.AllWeek()
			if err := d.UnmarshalText([]byte(text)); err != nil {
				assert.Equal(t, account.Rule(want), err)
				assert.Equal(t, account.AllWeek(), d, "left as it was")
				return
			}
			assert.Equal(t, want, d.String())
		})
	}
}

func TestDispatchRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := account.Dispatch{
			Days: account.Weekdays(rapid.IntRange(1, 127).Draw(t, "days")),
			From: account.TimeOfDay(rapid.IntRange(0, 1439).Draw(t, "from")),
			To:   account.TimeOfDay(rapid.IntRange(0, 1440).Draw(t, "to")),
		}
		if d.From == d.To {
			return
		}
		var read account.Dispatch
		text, err := d.MarshalText()
		require.NoError(t, err)
		require.NoError(t, read.UnmarshalText(text))
		require.Equal(t, d, read)
	})
}

func TestWeekdays(t *testing.T) {
	weekend := account.Weekdays(0).With(time.Saturday).With(time.Sunday)
	assert.True(t, weekend.Has(time.Sunday))
	assert.False(t, weekend.Has(time.Monday))
	assert.Equal(t, "Sat,Sun", weekend.String(), "a week begins on Monday")
	for _, day := range account.Week() {
		assert.True(t, account.EveryDay.Has(day))
	}
	assert.Equal(t, time.Monday, account.Week()[0])
	assert.True(t, account.AllWeek().AllDay())
	assert.Empty(t, account.Dispatch{}.String())
}

func TestMonthDaysText(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "1": "1", "15, 1, 1": "1,15", "31,30": "30,31", " 07 ": "7",
		"1,,5": "format", ",": "format", "1;5": "format", "1.5": "format", "one": "format", "--1": "format", "+1": "format", "٥": "format",
		"0": "range", "32": "range", "-1": "range", "1,99999999999999999999": "range",
	} {
		t.Run(text, func(t *testing.T) {
			m := account.MonthDays(1 << 20)
			if err := m.UnmarshalText([]byte(text)); err != nil {
				assert.Equal(t, account.Rule(want), err)
				assert.Equal(t, account.MonthDays(1<<20), m, "left as it was")
				return
			}
			assert.Equal(t, want, m.String())
		})
	}
}

func TestMonthDaysHas(t *testing.T) {
	var m account.MonthDays
	require.NoError(t, m.UnmarshalText([]byte("1,31")))
	assert.Equal(t, []int{1, 31}, m.Days())
	for _, day := range []int{-1, 0, 2, 30, 32, 64, 1 << 40} {
		assert.False(t, m.Has(day), day)
	}
	assert.Nil(t, account.MonthDays(0).Days())
}

func TestNotificationLimitText(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " messages": "", "money": "", "  ": "",
		"0": "0 messages", "5000": "5000 messages", "5000 messages": "5000 messages", " 5000 ": "5000 messages",
		"2147483647": "2147483647 messages", "-12.50 money": "-12.5 money", "0 money": "0 money",
		"-1": "range", "2147483648": "range", "9223372036854775808": "range", "1.5": "range", "1,5": "range", "+1": "range", "x": "range",
		"1,5 money": "comma", "x money": "format", "1e9 money": "amount", "1234567890123456 money": "amount",
		"5 kilos": "unit", "5 5": "unit", "5 money money": "unit", "5 Money": "unit",
	} {
		t.Run(text, func(t *testing.T) {
			l := account.MessagesLimit(7)
			if err := l.UnmarshalText([]byte(text)); err != nil {
				assert.Equal(t, account.Rule(want), err)
				assert.Equal(t, account.MessagesLimit(7), l, "left as it was")
				return
			}
			assert.Equal(t, want, l.String())
		})
	}
}

func TestNotificationLimitOfZeroIsOn(t *testing.T) {
	assert.False(t, account.MessagesLimit(0).IsZero())
	assert.False(t, account.MoneyLimit(decimal.Zero).IsZero())
	assert.True(t, account.NotificationLimit{}.IsZero())
}

func TestSenders(t *testing.T) {
	var s account.Senders
	require.NoError(t, s.UnmarshalText([]byte(" ACME ,INFO\r\nACME\n,, 4455\r,MY\u00a0SHOP,MY SHOP")))
	assert.Equal(t, account.Senders{"ACME", "INFO", "4455", "MY SHOP"}, s)
	for sender, want := range map[string]bool{
		"ACME": true, "A": true, "ACME-INFO 1": true, "A.C-M_E & Co": false, "A.C-M_E&C o": true, "+123": true, "+123456789012345": true, "123": true, "123456789012345": true, "R2D2": true,
		"": false, "12": false, "1234567890123456": false, "ABCDEFGHIJKL": false, " ACME": false, "ACME ": false, "Ä": false,
		"а": false, "A@B": false, "A$": false, "...": false, "A\x00": false, "A,B": false, "٣٤٥": false,
		"M&M's": false, "M&M’s": false, "A!": false, "A+B": false, "+ACME": false, "++123": false, "+12": false, "+": false, "+1234567890123456": false,
		".ACME": false, "ACME-": false, "_A": false, "&": false, "1 2": false, "12-34": false, "AC\u00a0ME": false, "ACME\u200b": false,
	} {
		assert.Equal(t, want, account.ValidSender(sender), "%q", sender)
	}
}

// A number is one sender with and without its plus: on the list, in the list's text, and
// when it is sent from.
func TestAPlusIsNoPartOfASender(t *testing.T) {
	var s account.Senders
	require.NoError(t, s.UnmarshalText([]byte("+123456, 123456\n+ACME,+447400123456")))
	assert.Equal(t, account.Senders{"123456", "+ACME", "447400123456"}, s)
	for _, list := range []account.Senders{{"123456", "447400123456"}, {"+123456", "+447400123456"}} {
		for _, sender := range []string{"123456", "+123456", "447400123456", "+447400123456"} {
			assert.True(t, list.Has(sender), "%v of %v", sender, list)
		}
		for _, other := range []string{"++123456", "12345", "+1234567", " 123456", "+"} {
			assert.False(t, list.Has(other), "%v of %v", other, list)
		}
	}
	assert.False(t, account.Senders{"ACME"}.Has("+ACME"), "a plus before letters is a sign")
}

func TestLoadZone(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Kyiv", "America/Argentina/Buenos_Aires", "Etc/GMT+3"} {
		loc, err := account.LoadZone(name)
		require.NoError(t, err, name)
		assert.Equal(t, name, loc.String())
	}
	for _, name := range []string{
		"", "Local", "Europe/Kyivv", "../etc/passwd", "UTC+3", "+03:00", "posixrules", "posix/Europe/Kyiv",
		"right/Europe/Kyiv", "Factory", "Europe", "Europe/../Europe/Kyiv", "europe/kyiv", "Europe/Kyiv\x00", "/usr/share/zoneinfo/UTC",
	} {
		_, err := account.LoadZone(name)
		assert.Equal(t, account.Rule("unknown"), err, name)
	}
}

// Invariant 6: a closed account stays closed; nothing returns to pending.
func TestStatusTable(t *testing.T) {
	all := append([]account.Status{""}, account.Statuses()...)
	for _, from := range all {
		for _, to := range account.Statuses() {
			want := from == to || from != account.StatusClosed && (to != account.StatusPending || from == "")
			assert.Equal(t, want, from.CanBecome(to), "%q to %q", from, to)
		}
	}
}

func TestStatusAt(t *testing.T) {
	end := accounttest.Now()
	for name, tt := range map[string]struct {
		stored account.Status
		end    time.Time
		after  time.Duration
		want   account.Status
	}{
		"no end":                  {account.StatusActive, time.Time{}, 0, account.StatusActive},
		"before the end":          {account.StatusActive, end, -1, account.StatusActive},
		"at the end":              {account.StatusActive, end, 0, account.StatusExpired},
		"pending and past":        {account.StatusPending, end, 1, account.StatusExpired},
		"suspended is worse":      {account.StatusSuspended, end, 1, account.StatusSuspended},
		"closed is worse":         {account.StatusClosed, end, 1, account.StatusClosed},
		"unknown stays a stopper": {"mystery", end, 1, "mystery"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, account.StatusAt(tt.stored, tt.end, end.Add(tt.after)))
		})
	}
}

func TestWorseIsAnOrder(t *testing.T) {
	order := []account.Status{
		account.StatusActive, account.StatusPending, account.StatusExpired,
		account.StatusSuspended, account.StatusBlocked, account.StatusClosed,
	}
	for i, a := range order {
		for j, b := range order {
			assert.Equal(t, order[max(i, j)], a.Worse(b), "%s and %s", a, b)
		}
	}
}

func TestEffectiveSettings(t *testing.T) {
	a, product := account.New(), accounttest.Product(5)
	none := account.EffectiveSettings(a, nil)
	assert.Equal(t, account.Effective[int]{Value: 3, Origin: account.OriginDefault}, none.DLRDays)
	assert.Equal(t, account.Effective[account.Moderation]{Value: account.ModerationNone, Origin: account.OriginDefault}, none.Moderation)

	given := account.EffectiveSettings(a, &product)
	assert.Equal(t, account.Effective[int]{Value: 7, Origin: account.OriginProduct}, given.DLRDays)
	assert.Equal(t, account.Effective[int]{Value: 2, Origin: account.OriginProduct}, given.Priority)
	assert.Equal(t, account.OriginProduct, given.CreditLimit.Origin)
	assert.Equal(t, account.Effective[account.Pricing]{Value: account.PricingSent, Origin: account.OriginDefault}, none.Pricing)
	assert.Equal(t, account.Effective[account.RefundPolicy]{Origin: account.OriginDefault}, none.Refunds)
	assert.Equal(t, account.Effective[account.Pricing]{Value: account.PricingSent, Origin: account.OriginProduct}, given.Pricing)
	assert.Equal(t, account.Effective[account.RefundPolicy]{Value: product.Refunds, Origin: account.OriginProduct}, given.Refunds)

	a.Credit.Limit, a.Routing.Priority = account.Some(decimal.Zero), account.Some(0)
	a.Sending.DLRDays, a.Core.Moderation = account.Some(1), account.ModerationManual
	own := account.EffectiveSettings(a, &product)
	for _, f := range account.Fields() {
		text, ok := own.Text(f.Path)
		assert.Equal(t, f.Inherits, ok, f.Path)
		if ok {
			assert.Equal(t, account.Effective[string]{Value: f.Text(a), Origin: account.OriginOwn}, text, "an own 0 counts: %s", f.Path)
		}
	}
}

func TestOptional(t *testing.T) {
	var unset account.Optional[int]
	assert.True(t, unset.IsZero())
	assert.Equal(t, 7, unset.Or(7))
	assert.False(t, account.Some(0).IsZero())
	assert.Equal(t, 0, account.Some(0).Or(7))
	assert.Equal(t, account.Some(3), account.Some(3))
}
