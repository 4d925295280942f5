package words

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/internal/say"
	"github.com/clientaccount/clientaccount/webhook/target"
)

func TestSendingHours(t *testing.T) {
	for name, c := range map[string]struct{ hours, now, want string }{
		"before":           {"Mon,Tue,Wed,Thu,Fri 09:00-20:00", "Tue 07:30", "Sending is closed until 09:00"},
		"within":           {"Mon,Tue,Wed,Thu,Fri 09:00-20:00", "Tue 09:00", "Sending is open until 20:00"},
		"at the end":       {"Mon,Tue,Wed,Thu,Fri 09:00-20:00", "Tue 20:00", "Sending is closed until tomorrow 09:00"},
		"over the weekend": {"Mon,Tue,Wed,Thu,Fri 09:00-20:00", "Fri 21:00", "Sending is closed until Mon 09:00"},
		"always":           {"Mon,Tue,Wed,Thu,Fri,Sat,Sun 00:00-24:00", "Sun 12:00", "Sending is open at all hours"},
		"over midnight":    {"Mon 22:00-06:00", "Mon 23:00", "Sending is open until tomorrow 06:00"},
		"from yesterday":   {"Mon 22:00-06:00", "Tue 05:59", "Sending is open until 06:00"},
		"to midnight":      {"Mon 12:00-24:00", "Mon 13:00", "Sending is open until 24:00"},
		"once a week":      {"Mon 12:00-13:00", "Mon 14:00", "Sending is closed until Mon 12:00"},
	} {
		t.Run(name, func(t *testing.T) {
			var d account.Dispatch
			require.NoError(t, d.UnmarshalText([]byte(c.hours)))
			days, err := account.ParseWeekdays(c.now[:3])
			require.NoError(t, err)
			now, err := time.Parse("15:04", c.now[4:])
			require.NoError(t, err)
			now = now.AddDate(2026, 10, 22) // a Monday, 23 November 2026
			for !days.Has(now.Weekday()) {
				now = now.AddDate(0, 0, 1)
			}
			assert.Equal(t, c.want, SendingHours(d, now).String())
		})
	}
}

func TestWords(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		0: "just now", -2 * time.Minute: "2 min ago", -time.Hour: "1 hour ago", -50 * time.Hour: "2 days ago",
		-100 * 24 * time.Hour: "3 months ago", -800 * 24 * time.Hour: "2 years ago", 30 * time.Hour: "in 1 day",
	} {
		assert.Equal(t, want, Relative(now.Add(d), now).String())
	}
	assert.Equal(t, "1,234,567", Grouped("1234567").String())
	assert.Equal(t, "−12.50 EUR", MoneyText("-12.5", "EUR").String())
	assert.Equal(t, "Mon–Wed, Fri, Sat", Days(0b1101110).String())
	assert.Equal(t, "every day, all day", Dispatch(account.AllWeek()).String())
}

// What a fault names by its labels, one or some, is said in the language of the page.
func TestLabelsInFaultsAreApart(t *testing.T) {
	told := Fault(account.NewFault("notes.product", "step.product", "Give money back when", "none", "Undeliverable, Rejected"))
	assert.Equal(t, "Give money back when: none then, Undeliverable, Rejected before.", told.String())
	_, args := told.Split()
	assert.Equal(t, []any{Text("Give money back when"), Text("none"), say.Join([]Text{"Undeliverable", "Rejected"}, ", ")}, args)

	_, args = Fault(account.NewFault("notes.product", "step.product", "Pay for", "Rejected, by Ann", "none")).Split()
	assert.Equal(t, "Rejected, by Ann", args[1], "not all of it is labels")
}

// What a code says can be said in another language: its arguments are found in its text.
func TestTextsOfCodesAreFoundAgain(t *testing.T) {
	all := slices.Concat(account.FaultCodes(), account.FindingCodes(), price.FaultCodes())
	for code, text := range target.Texts() {
		all = append(all, account.Code{Code: code, Text: text})
	}
	for _, c := range all {
		for _, prefix := range []string{"", `Line 7, "x": y": `} {
			text := prefix + strings.NewReplacer("%d", "12", "%s", "one", "%v", "one", "%q", "one").Replace(c.Text)
			told := Coded(c.Code, text)
			assert.Equal(t, text, told.String(), c.Code)
			if format, args := told.Split(); strings.Contains(c.Text, "%") || prefix != "" {
				assert.NotEmpty(t, args, "%s: %s", c.Code, format)
			}
		}
	}
	_, args := Coded("credit.exhausted", Textf(Exhausted, Money(decimal.RequireFromString("1234.5"), "EUR"), Money(decimal.RequireFromString("-2"), "EUR")).String()).Split()
	assert.Len(t, args, 2)
	assert.NotEqual(t, "1,234.50 EUR", args[0], "its digits are apart")
}
