package account_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// Invariant 5: an account holds no reference that a copy made by Clone shares.
func TestCloneSharesNothing(t *testing.T) {
	a := accounttest.Full()
	b := a.Clone()
	assert.Equal(t, a, b)
	b.Routing.Senders[0] = "OTHER"
	assert.Equal(t, accounttest.Full(), a)
	_ = append(b.Routing.Senders[:1], "THIRD")
	assert.Equal(t, accounttest.Full(), a)
}

func TestNew(t *testing.T) {
	a := account.New()
	assert.Equal(t, account.StatusPending, a.Status)
	assert.Equal(t, account.Currency("EUR"), a.Core.Currency)
	assert.True(t, a.Core.Dispatch.AllDay())
	loc, err := a.Location()
	require.NoError(t, err)
	assert.Equal(t, time.UTC, loc)
}

func TestName(t *testing.T) {
	a := accounttest.Valid("acme")
	a.Contact = account.Contact{FirstName: "Olha"}
	assert.Equal(t, "acme", a.Name())
	a.Contact.LastName = "Bondar"
	assert.Equal(t, "Olha Bondar", a.Name())
	a.Contact.Company = "Acme"
	assert.Equal(t, "Acme", a.Name())
}

// A password on its way in shows in nothing that prints, encodes or logs it, alone
// or inside an account.
func TestPasswordIsNeverShown(t *testing.T) {
	const secret = "hunter2-hunter2"
	a := accounttest.Full()
	a.Core.Password = account.SetPassword(secret, "repeated-"+secret)
	password := a.Core.Password

	var shown []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%20s"} {
		shown = append(shown, fmt.Sprintf(verb, password), fmt.Sprintf(verb, &password), fmt.Sprintf(verb, a), fmt.Sprintf(verb, &a))
	}
	hidden := struct{ p account.NewPassword }{password} // where fmt may call no method
	shown = append(shown, fmt.Sprintf("%v %+v %#v %+v", hidden, hidden, hidden, &hidden), fmt.Sprint(password), errors.New(password.String()).Error())
	inJSON, err := json.Marshal(a)
	require.NoError(t, err)
	inXML, err := xml.Marshal(password)
	require.NoError(t, err)
	var logged bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&logged, nil), slog.NewJSONHandler(&logged, nil)} {
		slog.New(h).Info("edit", "password", password, "account", a, "pointer", &a)
	}
	shown = append(shown, string(inJSON), string(inXML), logged.String())

	hex := fmt.Sprintf("%x", secret)
	for _, s := range shown {
		assert.NotContains(t, s, "hunter2")
		assert.NotContains(t, strings.ToLower(s), hex)
	}
	assert.Contains(t, fmt.Sprint(password), "redacted")
}

func TestPasswordReveals(t *testing.T) {
	p := account.SetPassword("a", "b")
	plain, retype := p.Reveal()
	assert.Equal(t, []string{"a", "b"}, []string{plain, retype})
	assert.False(t, p.IsZero())
	assert.False(t, account.SetPassword("", "b").IsZero())
	assert.True(t, account.SetPassword("", "").IsZero())
}

// RFC 9562, 5.7: 48 bits of milliseconds, the version 7, the variant 10.
func TestIDLayout(t *testing.T) {
	at := time.UnixMilli(0x0123456789AB)
	id := account.NewID(at, [10]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	assert.Equal(t, "01234567-89ab-7fff-bfff-ffffffffffff", id.String())
	assert.Equal(t, "01234567-89ab-7000-8000-000000000000", account.NewID(at, [10]byte{}).String())
}

func TestIDsSortByTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := func(name string) (r [10]byte) {
			copy(r[:], rapid.SliceOfN(rapid.Byte(), 10, 10).Draw(t, name))
			return r
		}
		at := time.UnixMilli(rapid.Int64Range(0, 1<<47).Draw(t, "at"))
		earlier, later := account.NewID(at, random("earlier")), account.NewID(at.Add(time.Millisecond), random("later"))
		require.Negative(t, bytes.Compare(earlier[:], later[:]))
		require.Less(t, earlier.String(), later.String())
		read, err := account.ParseID(strings.ToUpper(later.String()))
		require.NoError(t, err)
		require.Equal(t, later, read)
	})
}

func TestParseIDRefuses(t *testing.T) {
	good := accounttest.ID(1).String()
	for name, text := range map[string]string{
		"a number": "7", "no hyphens": strings.ReplaceAll(good, "-", ""), "braces": "{" + good + "}", "a blank": " " + good,
		"a hyphen moved": good[1:9] + good[:1] + good[9:], "no hex": "g" + good[1:], "SQL": "1 or 1=1", "a path": "../1",
		"a megabyte": strings.Repeat("a", 1<<20), "36 bytes of Cyrillic": strings.Repeat("ж", 18),
	} {
		t.Run(name, func(t *testing.T) {
			id, err := account.ParseID(text)
			require.ErrorIs(t, err, account.ErrID)
			assert.True(t, id.IsZero())
			kept := accounttest.ID(1)
			require.ErrorIs(t, kept.UnmarshalText([]byte(text)), account.ErrID)
			assert.Equal(t, accounttest.ID(1), kept)
		})
	}
	none, err := account.ParseID("")
	require.NoError(t, err)
	assert.True(t, none.IsZero())
	assert.Empty(t, none.String())
}

func TestChannels(t *testing.T) {
	for _, c := range account.Channels() {
		var s account.Sending
		assert.False(t, s.Allows(c))
		a := account.New()
		f, ok := account.FieldAt("sending." + string(c))
		require.True(t, ok)
		require.NoError(t, f.Set(&a, "true"))
		for _, other := range account.Channels() {
			assert.Equal(t, other == c, a.Sending.Allows(other))
		}
	}
	assert.False(t, accounttest.Full().Sending.Allows("carrier pigeon"))
}

func TestSummaryAndSearch(t *testing.T) {
	a := accounttest.Full()
	s := a.Summary()
	assert.Equal(t, a.Core.Login, s.SortKey(account.SortLogin))
	assert.Equal(t, strings.ToLower(a.Contact.Company), s.SortKey(account.SortCompany))
	for _, by := range []account.Sort{account.SortActivity, account.SortCreated} {
		at, err := account.ParseSortTime(s.SortKey(by))
		require.NoError(t, err)
		assert.Contains(t, []time.Time{a.CreatedAt.UTC(), a.UpdatedAt.UTC()}, at)
	}
	assert.True(t, store.ParseSearch(a.Contact.Company).In(a.SearchText()))
	assert.NotContains(t, a.SearchText(), accounttest.Password)
}

func TestPageSize(t *testing.T) {
	for limit, want := range map[int]int{-1: 50, 0: 50, 1: 1, 1000: 1000, 1001: 1000} {
		assert.Equal(t, want, account.Query{Limit: limit}.PageSize())
		assert.Equal(t, want, account.ChangeQuery{Limit: limit}.PageSize())
	}
}
