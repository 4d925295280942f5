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
	terms           clientaccount.Keep
	paidIn          decimal.Decimal
}

// makeClients makes so many clients with money and a URL. Every third pays for what is
// delivered, the others for what is sent, and every fiftieth soon has no more money.
func (p *program) makeClients(ctx context.Context, n int) ([]client, error) {
	product, err := p.accounts.SaveProduct(ctx, account.Product{
		Name: fmt.Sprintf("By delivered, %d", p.seed), Currency: "EUR", Price: account.Some(routes[0].price),
	})
	if err != nil {
		return nil, fmt.Errorf("the database may have had -seed %d, and takes each once: %w", p.seed, err)
	}
	p.gateway.terms[product.ID] = byDelivered
	clients := make([]client, n)
	err = each(ctx, n, 16, func(ctx context.Context, i int) (err error) {
		clients[i], err = p.makeClient(ctx, i, product.ID)
		return err
	})
	return clients, err
}

func (p *program) makeClient(ctx context.Context, i int, byDeliveredOnly account.ID) (client, error) {
	c := client{login: fmt.Sprintf("s%d-%05d", p.seed, i), password: fmt.Sprintf("seven-Herons-at-dusk-%d", i), terms: bySent, paidIn: account.Amount("1000000")}
	var product account.ID
	if i%3 == 1 {
		c.terms, product = byDelivered, byDeliveredOnly
	}
	if i%50 == 49 {
		c.paidIn = account.Amount("0.5")
	}
	made, err := p.accounts.Create(ctx, clientaccount.Edit{Actor: system, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = c.login, fmt.Sprintf("Customer %d Ltd", i)
		a.Core.Password = account.SetPassword(c.password, c.password)
		a.Status, a.Sending.REST, a.Routing.DynamicSender = account.StatusActive, true, true
		a.Webhooks.RESTState, a.Notes.Product = p.receiver.url(c.login), product
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
