package clientaccount_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/textform"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// fuzzService returns a Service over an empty store.
func fuzzService() *clientaccount.Service {
	return clientaccount.New(memstore.New(), &clientaccount.Options{Clock: accounttest.Now, Hash: cheap})
}

// FuzzSearch: whatever is searched for, there is an answer; what a client is called finds
// them; and who does not see the name learns nothing by searching for it.
func FuzzSearch(f *testing.F) {
	for _, text := range []string{
		"", "Aldermere", " aldermere", "ACME_%", `a\b`, "Petrauskaitė", "ẞẛ", "İ", "\x00", "\xff", "a\u202eb", "ﬀ", "\u0301", "Ǆ",
	} {
		f.Add(text, text)
		f.Add(text, "acme")
	}
	f.Fuzz(func(t *testing.T, company, search string) {
		svc := fuzzService()
		made, err := svc.Create(t.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
			a.Core.Login, a.Contact.Company = "acme", company
			a.Core.Password = account.SetPassword(accounttest.Password, accounttest.Password)
			return nil
		}})
		if err != nil {
			require.NotEmpty(t, faults(err), "bad text is the caller's fault: %v", err)
		}
		page, err := svc.List(t.Context(), account.Query{Search: search}, "")
		require.NoError(t, err)
		seen, err := svc.ListSeen(t.Context(), account.Query{Search: search}, "", func(string) bool { return true })
		require.NoError(t, err)
		require.Equal(t, page, seen)
		if made.Account.ID.IsZero() {
			return
		}
		own, err := svc.List(t.Context(), account.Query{Search: made.Account.Contact.Company}, "")
		require.NoError(t, err)
		require.Len(t, own.Rows, 1, "%q is not found by its name", made.Account.Contact.Company)
		blind, err := svc.ListSeen(t.Context(), account.Query{Search: search, Sort: account.SortCreated}, "", func(string) bool { return false })
		require.NoError(t, err)
		require.Empty(t, blind.Next)
		if search != "" && len(blind.Rows) > 0 {
			all, err := svc.List(t.Context(), account.Query{Sort: account.SortCreated}, "")
			require.NoError(t, err)
			require.Equal(t, all.Rows, blind.Rows, "only a search for nothing finds what is not seen")
			require.Empty(t, store.ParseSearch(search))
		}
	})
}

// FuzzAuthenticate: whatever login and password are tried, on whatever channel, nobody gets
// in but by the right ones, and there is no other error than the one of wrong ones.
func FuzzAuthenticate(f *testing.F) {
	for _, login := range []string{"", "acme", "ACME", "acme\x00", "\xff", "nobody"} {
		f.Add(login, "wrong", "web")
		f.Add(login, accounttest.Password, "rest")
		f.Add(login, accounttest.Password+"\x00", "fax")
	}
	svc := fuzzService()
	_, err := svc.Create(f.Context(), clientaccount.Edit{Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company, a.Status = "acme", "Acme", account.StatusActive
		a.Sending.Web = true
		a.Core.Password = account.SetPassword(accounttest.Password, accounttest.Password)
		return nil
	}})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, login, password, channel string) {
		a, err := svc.Authenticate(t.Context(), clientaccount.Attempt{
			Login: login, Password: password, Channel: account.Channel(channel), From: login + password, // not throttled
		})
		if err == nil {
			require.Equal(t, "acme", textform.FoldLogin(login))
			require.Equal(t, accounttest.Password, password)
			require.Equal(t, account.ChannelWeb, account.Channel(channel))
			require.Equal(t, "acme", a.Core.Login)
			return
		}
		if errors.Is(err, clientaccount.ErrChannel) { // told only to who has the right password
			require.Equal(t, accounttest.Password, password)
			return
		}
		require.Zero(t, a)
		require.True(t, errors.Is(err, clientaccount.ErrCredentials) || errors.As(err, new(*clientaccount.ThrottledError)), "%v", err)
	})
}
