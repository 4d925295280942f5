package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// client is one who is made up.
type client struct {
	id              account.ID
	login, password string
	product         account.Product // with what it is paid for, and when that is given back
	paidIn          decimal.Decimal
}

// The products of clients.
var (
	// bySent: a message is paid for when the network takes it, and given back for some ends.
	bySent = account.Product{
		Name: "By sent", Currency: "EUR", Price: account.Some(routes[0].price),
		Refunds: account.RefundPolicy{States: account.States(account.StateUndeliverable, account.StateRejected), Timeout: true},
	}
	// byDelivered: it is paid for when it is delivered in time.
	byDelivered = account.Product{Name: "By delivered", Currency: "EUR", Price: account.Some(routes[0].price), Pricing: account.PricingDelivered}
)

// makeClients makes so many clients with money and a URL. Every third pays for what is
// delivered, the others for what is sent, and every fiftieth soon has no more money.
func (p *program) makeClients(ctx context.Context, n int) ([]client, error) {
	sent, err := p.saveProduct(ctx, bySent)
	if err != nil {
		return nil, err
	}
	delivered, err := p.saveProduct(ctx, byDelivered)
	if err != nil {
		return nil, err
	}
	clients := make([]client, n)
	err = each(ctx, n, 16, func(ctx context.Context, i int) (err error) {
		product := sent
		if i%3 == 1 {
			product = delivered
		}
		clients[i], err = p.makeClient(ctx, i, product)
		return err
	})
	return clients, err
}

// saveProduct saves one for the clients of this seed.
func (p *program) saveProduct(ctx context.Context, product account.Product) (account.Product, error) {
	product.Name = fmt.Sprintf("%s, %d", product.Name, p.seed)
	made, err := p.accounts.SaveProduct(ctx, product, account.Actor{}, "")
	if err != nil {
		return made, fmt.Errorf("the database may have had -seed %d, and takes each once: %w", p.seed, err)
	}
	return made, nil
}

func (p *program) makeClient(ctx context.Context, i int, product account.Product) (client, error) {
	c := client{login: fmt.Sprintf("s%d-%05d", p.seed, i), password: fmt.Sprintf("seven-Herons-at-dusk-%d", i), product: product, paidIn: account.Amount("1000000")}
	if i%50 == 49 {
		c.paidIn = account.Amount("0.5")
	}
	made, err := p.accounts.Create(ctx, clientaccount.Edit{Actor: system, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = c.login, fmt.Sprintf("Customer %d Ltd", i)
		a.Core.Password = account.SetPassword(c.password, c.password)
		a.Status, a.Sending.REST, a.Routing.DynamicSender = account.StatusActive, true, true
		a.Webhooks.RESTState, a.Notes.Product = p.receiver.url(c.login), product.ID
		return nil
	}})
	if err != nil {
		return c, err
	}
	c.id = made.Account.ID
	secret, _, err := p.accounts.NewHookSecret(ctx, c.id, made.Account.Revision, system, 0)
	if err != nil {
		return c, err
	}
	if err := p.receiver.trust(c.login, secret); err != nil {
		return c, err
	}
	_, err = p.accounts.TopUp(ctx, clientaccount.TopUp{Account: c.id, Amount: c.paidIn, Reference: "payment 1", Actor: system})
	return c, err
}

// each does n things, so many at once, until one fails.
func each(ctx context.Context, n, atOnce int, do func(context.Context, int) error) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(n, atOnce) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				if err := do(ctx, i); err != nil {
					fail(err)
				}
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}
