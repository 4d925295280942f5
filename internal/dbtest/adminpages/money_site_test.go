package adminpages_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// moneySite is a site whose client, acme-telecom, has had money for some weeks, and
// two subaccounts.
type moneySite struct {
	site
	at    time.Time // the Service's clock
	moved int
	own   account.Account // acme.shop, with money of its own
	child account.Account // acme.berlin, which spends its parent's
}

func newMoneySite(t *testing.T) *moneySite {
	t.Helper()
	now := time.Now()
	s := &moneySite{at: now.AddDate(0, 0, -40)}
	s.svc = clientaccount.New(memstore.New(), &clientaccount.Options{Hash: cheap, Clock: func() time.Time { return s.at }})
	s.fill(t)
	s.client = s.update(t, "Marko Lis", account.Change{}.Set("sending.subaccounts", "true").Set("notification_limit", "10000 messages").
		Set("credit.overdraw.limit", "20").Set("credit.overdraw.expires_at", now.AddDate(0, 0, 7).Format(time.RFC3339)))
	s.price(t)
	s.own = s.beneath(t, "acme.shop", account.Change{})
	s.child = s.beneath(t, "acme.berlin", account.Change{}.Set("credit.shared", "true").Set("credit.cap", "50"))
	for day := range 39 {
		s.at = now.AddDate(0, 0, day-39)
		s.day(t, day)
	}
	s.at = now
	s.move(t, account.KindHold, account.Movement{Account: s.client.ID, Amount: decimal.New(84, -2), Messages: 200})
	s.move(t, account.KindCharge, account.Movement{Account: s.child.ID, Amount: decimal.NewFromInt(12), Messages: 2857})
	s.serve(t)
	return s
}

// price gives the client's product a reference price.
func (s *moneySite) price(t *testing.T) {
	t.Helper()
	products, err := s.svc.Products(t.Context())
	require.NoError(t, err)
	product := products[0]
	product.Price = account.Some(decimal.New(42, -4))
	_, err = s.svc.SaveProduct(t.Context(), product, account.Actor{}, "")
	require.NoError(t, err)
}

func (s *moneySite) beneath(t *testing.T, login string, c account.Change) account.Account {
	t.Helper()
	const password = "plum-kettle-7-orbit"
	c = c.Set("login", login).Set("password", password).Set("password_retype", password).
		Set("contact.company", "Company of "+login).Set("status", "active").Set("sending.rest", "true")
	made, err := s.svc.Create(t.Context(), clientaccount.Edit{Actor: olena, Apply: func(a *account.Account) error {
		a.Parent = s.client.ID
		return c.Apply(a)
	}})
	require.NoError(t, err)
	return made.Account
}

// day is what happens to the client on one of the days.
func (s *moneySite) day(t *testing.T, day int) {
	t.Helper()
	if day%13 == 0 {
		s.move(t, account.KindTopUp, account.Movement{Account: s.client.ID, Amount: decimal.NewFromInt(250), Reason: fmt.Sprintf("Invoice %d paid", 300+day)})
	}
	if day%3 == 2 { // few enough for a page that is quick to look at
		s.move(t, account.KindCharge, account.Movement{
			Account: s.client.ID, Messages: int64(12000 + day*291%7500), Price: account.Some(decimal.New(42, -4)),
		})
	}
}

func (s *moneySite) move(t *testing.T, kind account.MovementKind, m account.Movement) clientaccount.Receipt {
	t.Helper()
	s.moved++
	m.Kind, m.Reference, m.Actor = kind, fmt.Sprintf("gateway-%06d", s.moved), account.Actor{ID: "gateway", Name: "Gateway 1"}
	receipt, err := s.svc.Move(t.Context(), m)
	require.NoError(t, err)
	return receipt
}

// serve mounts the admin as newSite does.
func (s *moneySite) serve(t *testing.T) {
	t.Helper()
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
}

// balance returns what an account has.
func (s *moneySite) balance(t *testing.T, id account.ID) clientaccount.Standing {
	t.Helper()
	standing, err := s.svc.Balance(t.Context(), id)
	require.NoError(t, err)
	return standing
}
