// Package adminpages drives the admin's pages in a real browser.
package adminpages_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// site is the admin of a small platform, mounted under a prefix.
type site struct {
	url    string // of the mount, with a slash at the end
	svc    *clientaccount.Service
	client account.Account               // acme-telecom
	who    func() (account.Actor, error) // asks; nil: olena
	may    func() adminhttp.Policy       // of them; nil: everything
}

// cheap is for passwords that nobody guesses.
var cheap = clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1}

var olena = account.Actor{ID: "olena", Name: "Olena Koval"}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{svc: clientaccount.New(memstore.New(), &clientaccount.Options{Hash: cheap})}
	s.fill(t)
	admin, err := adminhttp.New(s.svc, adminhttp.Config{
		Actor:  func(*http.Request) (account.Actor, error) { return olena, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
	})
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/desk/", http.StripPrefix("/desk", admin))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url = server.URL + "/desk/"
	return s
}

// fill makes a manager, a product and two clients.
func (s *site) fill(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	manager, err := s.svc.SaveManager(ctx, account.Manager{Name: "Olena Koval", Email: "olena@platform.com"}, account.Actor{}, "")
	require.NoError(t, err)
	product, err := s.svc.SaveProduct(ctx, account.Product{Name: "Gold EU", Currency: "EUR", Priority: account.Some(2)}, account.Actor{}, "")
	require.NoError(t, err)
	s.client = s.create(t, "acme-telecom", account.Change{}.
		Set("contact.company", "Acme Telecom Ltd").Set("contact.country", "UA").Set("manager", manager.ID.String()).
		Set("notes.product", product.ID.String()).Set("status", "active").Set("sending.rest", "true").
		Set("time_zone", "Europe/Kyiv").Set("dispatch", "Mon,Tue,Wed,Thu,Fri 09:00-20:00").
		Set("credit.limit", "100").Set("mail.email", "ops@acme-telecom.com"))
	s.create(t, "baltic-pay", account.Change{}.Set("contact.company", "Baltic Pay OÜ").Set("contact.country", "EE"))
}

func (s *site) create(t *testing.T, login string, c account.Change) account.Account {
	t.Helper()
	const password = "plum-kettle-7-orbit"
	c = c.Set("login", login).Set("password", password).Set("password_retype", password)
	made, err := s.svc.Create(t.Context(), clientaccount.Edit{Actor: olena, Apply: c.Apply})
	require.NoError(t, err)
	return made.Account
}

// update changes the client as somebody else would meanwhile.
func (s *site) update(t *testing.T, who string, c account.Change) account.Account {
	t.Helper()
	now, err := s.svc.Get(t.Context(), s.client.ID)
	require.NoError(t, err)
	done, err := s.svc.Update(t.Context(), now.ID, now.Revision, clientaccount.Edit{
		Actor: account.Actor{ID: who, Name: who}, Apply: c.Apply,
	})
	require.NoError(t, err)
	return done.Account
}

// stored returns the client as the store has it now.
func (s *site) stored(t *testing.T) account.Account {
	t.Helper()
	a, err := s.svc.Get(context.WithoutCancel(t.Context()), s.client.ID)
	require.NoError(t, err)
	return a
}

// text returns the stored text of a field.
func text(t *testing.T, a account.Account, path string) string {
	t.Helper()
	f, ok := account.FieldAt(path)
	require.True(t, ok, path)
	return f.Text(a)
}
