package adminhttp_test

import (
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
)

// overdrawn returns the client of the design: 12.40 below zero, 100 of credit, 20 of
// overdraw, some held, and a price of messages.
func (s *site) overdrawn() account.Account {
	s.Helper()
	gold, err := s.svc.SaveProduct(s.Context(), account.Product{Name: "Gold", Currency: "EUR", Price: account.Some(decimal.New(42, -4))}, account.Actor{}, "")
	require.NoError(s, err)
	a := s.create("acme", func(a *account.Account) {
		a.Notes.Product, a.Core.NotificationLimit = gold.ID, account.MessagesLimit(5000)
		a.Credit.Limit = account.Some(decimal.NewFromInt(100))
		a.Credit.Overdraw = account.Overdraw{Limit: decimal.NewFromInt(20), ExpiresAt: accounttest.Now().Add(7 * 24 * time.Hour)}
	})
	s.charge(a, "c1", "12.40")
	s.hold(a, "h1", "0.84")
	return a
}

func TestTheBarOfTheEditPage(t *testing.T) {
	s := newSite(t)
	a := s.overdrawn()
	page := s.get(editPath(a))
	for _, text := range []string{
		"106.76 EUR ≈ 25,419 messages at 0.0042", "Balance −12.40", "Credit 100.00, used 12.40", "Overdraw 20.00 until 30 Nov 2026 08:41", "Held 0.84",
	} {
		assert.Contains(t, page.text(), text)
	}
	parts := regexp.MustCompile(`<rect class="(bg|bal|cr|od|held)" x="(\d+)" width="(\d+)"`).FindAllStringSubmatch(page.html, -1)
	var drawn [][]string
	for _, part := range parts {
		drawn = append(drawn, part[1:])
	}
	assert.Equal(t, [][]string{{"bg", "0", "1000"}, {"cr", "110", "723"}, {"od", "833", "167"}, {"held", "103", "7"}}, drawn)
	assert.Contains(t, page.field("notification_limit"), "Now 25,419.")
	assert.Contains(t, page.field("credit.limit"), "Used now: 12.40 EUR.")
	assert.Contains(t, page.field("credit.overdraw.limit"), "Used now: 0.00 EUR.")
	assert.Contains(t, page.field("currency"), "Cannot change: money has moved.")
	assert.Contains(t, page.html, ">Money</a>")

	s.policy.Actions = slices.DeleteFunc(s.policy.Actions, func(x adminhttp.Action) bool { return x == adminhttp.ActionMoney })
	page = s.get(editPath(a))
	for _, text := range []string{"106.76", "12.40", "25,419", ">Money</a>", "Used now"} {
		assert.NotContains(t, page.html, text)
	}
	list := s.get("clients")
	assert.NotContains(t, list.text(), "Available")
	assert.NotContains(t, list.text(), "12.40")
}

// A limit below what is used is warned of before it is applied, and applied when
// that is said again.
func TestALimitBelowWhatIsUsedIsAskedAbout(t *testing.T) {
	s := newSite(t)
	a := s.overdrawn()
	const warning = "more is used than this allows"
	asked := s.save(a, "credit.limit", "5", "credit.overdraw.limit", "0", "credit.overdraw.expires_at", "")
	require.Equal(t, http.StatusOK, asked.code)
	assert.Contains(t, asked.text(), "8.24 EUR "+warning)
	assert.Contains(t, asked.text(), "This would be written. Nothing is yet.")
	s.assertSame(a, 1)
	form := asked.filled(t)
	lower := s.post(editPath(a), set(asked.filled(t), "credit.limit", "4"))
	require.Equal(t, http.StatusOK, lower.code, "another limit is asked about anew")
	assert.Contains(t, lower.text(), "9.24 EUR "+warning)
	done := s.post(editPath(a), form)
	require.Equal(t, http.StatusSeeOther, done.code, done.text())
	assert.Equal(t, "5", s.stored(a.ID).Credit.Limit.Or(decimal.Zero).String())
	higher := s.save(s.stored(a.ID), "credit.limit", "50")
	assert.Equal(t, http.StatusSeeOther, higher.code, "more is not asked about")

	s.policy.Actions = []adminhttp.Action{adminhttp.ActionEdit}
	blind := s.save(s.stored(a.ID), "credit.limit", "1")
	assert.Contains(t, blind.text(), "More is used than this allows")
	assert.NotContains(t, blind.text(), "12.24")
	assert.NotContains(t, blind.html, "12.24")
}

func TestTheEditPageOfSharedMoney(t *testing.T) {
	s := newSite(t)
	_, _, _, shared := s.family()
	page := s.get(editPath(shared))
	for _, text := range []string{"Available to spend, of the money of top", "Spent this month 12.00", "Left of the monthly cap of 30.00: 18.00"} {
		assert.Contains(t, page.text(), text)
	}
	assert.Contains(t, page.field("credit.limit"), "Without effect: the limits of the account above count.")
	assert.Contains(t, page.field("credit.shared"), "The account above pays now; its limits count.")
	assert.Contains(t, page.field("credit.cap"), "Spent this month: 12.00 EUR, left: 18.00 EUR.")
}

func TestTheListHasMoney(t *testing.T) {
	s := newSite(t)
	s.overdrawn()
	s.family()
	list := s.get("clients").text()
	for _, text := range []string{
		"Balance −12.40 EUR Available 106.76 EUR", "Balance 88.00 EUR Available 88.00 EUR", "Balance the parent's Available 18.00 EUR",
		"Balance 0.00 EUR Available 0.00 EUR",
	} {
		assert.Contains(t, list, text)
	}
}
