package document_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

func all(string) bool  { return true }
func none(string) bool { return false }

func but(hidden ...string) func(string) bool {
	return func(path string) bool { return !slices.Contains(hidden, path) }
}

func TestWhoSeesAllSeesTheDocument(t *testing.T) {
	for _, d := range ofAllKinds(t) {
		want, err := document.Hash(d)
		require.NoError(t, err)
		got, err := document.Hash(document.Masked(d, all))
		require.NoError(t, err)
		assert.Equal(t, want, got, d.Kind())
	}
}

// Whatever is hidden, the document can be shown in every format, and what it was stays.
func TestWhoSeesNothing(t *testing.T) {
	documents := ofAllKinds(t)
	for _, event := range document.NoticeEvents() {
		documents = append(documents, noticeOf(event))
	}
	for _, d := range documents {
		before, err := document.Encode(d)
		require.NoError(t, err)
		masked := document.Masked(d, none)
		text := page(t, masked, document.English()) + written(t, masked)
		for _, hidden := range []string{
			"acme", "ACME", "Ann Lee", "Ukraine</p>", "12345678<", "C-17", "EUR", "Kyiv", "Max Muster", "1,500 messages", "Enough until",
			"rest_state", "RestAPI", "50.00", "30 November 2026, 0",
		} {
			assert.NotContains(t, text, hidden, "%s %v", d.Kind(), d)
		}
		after, err := document.Encode(d)
		require.NoError(t, err)
		assert.Equal(t, string(before), string(after))
	}
}

func TestFieldsThatAreHidden(t *testing.T) {
	i := invoice(t, nil)
	i.Customer.Address = []string{"Khreshchatyk 1"}
	c := document.Masked(i, but("contact.first_name", "contact.credential")).About().Customer
	assert.Equal(t, document.Customer{Login: "acme", Country: "UA", Contract: "C-17", Address: i.Customer.Address}, c)
	c = document.Masked(&i, but("contact.country", "login")).About().Customer
	assert.Equal(t, document.Customer{Contact: "Ann Lee", Credential: "12345678", Contract: "C-17"}, c)

	n := document.Masked(noticeOf(document.NoticeEmailChanged), but("mail.billing")).(document.Notice)
	assert.Empty(t, n.Field+n.Old+n.New)
	n = document.Masked(noticeOf(document.NoticeHookOff), but("webhooks.rest_state")).(document.Notice)
	assert.Empty(t, string(n.Hook)+n.Code)
	n = document.Masked(noticeOf(document.NoticeOverdrawEnding), but("credit.overdraw.limit", "notification_limit")).(document.Notice)
	assert.True(t, n.Overdraw.IsZero() && n.Funds.Limit.IsZero())
	assert.False(t, n.Ends.IsZero())
	d := document.Masked(daily(t), but("notification_limit", "manager")).(document.Daily)
	assert.True(t, d.Funds.Limit.IsZero() && d.Funds.UntilLimit.IsZero() && d.Manager == document.Contact{})
}

// Every path that is asked for is a field, but for the password of the gateway.
func TestMaskedAsksForFields(t *testing.T) {
	asked := map[string]bool{}
	documents := ofAllKinds(t)
	for _, event := range document.NoticeEvents() {
		documents = append(documents, noticeOf(event))
	}
	for _, d := range documents {
		document.Masked(d, func(path string) bool {
			asked[path] = true
			return true
		})
	}
	assert.Len(t, asked, 18)
	for path := range asked {
		_, known := account.FieldAt(path)
		assert.True(t, known || path == account.PathGatewayPassword, path)
	}
}
