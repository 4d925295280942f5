package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// cheapHash is for the demo's invented clients alone: nobody signs in as them, and
// sixty hashes at full cost would make the first start slow. The Service renews
// such a hash at full cost when its password is used.
var cheapHash = clientaccount.HashCost{MemoryKiB: 64, Iterations: 1, Parallelism: 1}

// storyteller fills an empty store through a Service of its own, whose clock it
// sets back, so that histories reach over months. What it makes is the same every
// time, but for the dates, which are counted back from now.
type storyteller struct {
	svc      *clientaccount.Service
	now      time.Time // of the filling
	at       time.Time // the Service's clock
	managers []account.Manager
	products []account.Product
	made     map[string]account.Account // by login
	silent   map[string][]silent        // likewise
}

// within runs a function in a transaction of a store.
type within func(ctx context.Context, fn func(tx store.Transactor) error) error

// tell fills the store in two transactions of it, between which the Service looks at all accounts:
// so no documents are made of what was before they were asked for. It returns who knows what was
// made; a store that is not empty is left as it is, by nobody.
func tell(ctx context.Context, st store.Store, in within, now time.Time) (*storyteller, error) {
	there, err := st.Accounts(ctx, account.Query{Limit: 1})
	if err != nil || len(there) > 0 {
		return nil, err
	}
	s := &storyteller{now: now.UTC().Truncate(time.Hour), made: map[string]account.Account{}, silent: map[string][]silent{}}
	svc := clientaccount.New(st, &clientaccount.Options{
		Clock:  func() time.Time { return s.at },
		Random: rand.NewChaCha8([32]byte{}),
		Hash:   cheapHash,

		Documents: documentOptions(),
	})
	if err := s.tellIn(ctx, in, svc, s.makeManagers, s.makeProducts, s.makeClients, s.makeBranches, s.tellBefore); err != nil {
		return nil, err
	}
	s.at = s.now.AddDate(0, 0, -billingSince-9)
	if err := svc.Tick(ctx); err != nil {
		return nil, err
	}
	return s, s.tellIn(ctx, in, svc, s.tellSince, s.tellMoney, s.tellHooks)
}

// tellIn takes steps in one transaction.
func (s *storyteller) tellIn(ctx context.Context, in within, svc *clientaccount.Service, steps ...func(context.Context) error) error {
	return in(ctx, func(tx store.Transactor) error {
		s.svc = svc.On(tx)
		for _, step := range steps {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *storyteller) makeManagers(ctx context.Context) error {
	s.at = s.now.AddDate(0, 0, -430)
	for _, m := range demoManagers {
		saved, err := s.svc.SaveManager(ctx, account.Manager{Name: m.name, Email: m.email, Phone: m.phone}, account.Actor{}, "")
		if err != nil {
			return fmt.Errorf("manager %s: %w", m.name, err)
		}
		s.managers = append(s.managers, saved)
	}
	return nil
}

func (s *storyteller) makeProducts(ctx context.Context) error {
	for _, row := range demoProducts {
		p := account.Product{
			Name: row.name, Currency: account.Currency(row.currency), Moderation: account.Moderation(row.moderation),
			Price: amount(row.price), CreditLimit: amount(row.credit), Priority: number(row.priority), DLRDays: number(row.dlrDays),
			Pricing: account.Pricing(row.pricing),
		}
		if err := account.ProductTable().Set(&p, "refunds", row.refunds); err != nil {
			return fmt.Errorf("product %s: %w", row.name, err)
		}
		saved, err := s.svc.SaveProduct(ctx, p, account.Actor{}, "")
		if err != nil {
			return fmt.Errorf("product %s: %w", row.name, err)
		}
		s.products = append(s.products, saved)
	}
	return nil
}

func (s *storyteller) makeClients(ctx context.Context) error {
	for i, c := range demoClients {
		s.at = s.now.AddDate(0, 0, -420+4*i).Add(time.Duration(i*37%540) * time.Minute)
		if err := s.create(ctx, c, i, account.ID{}); err != nil {
			return err
		}
	}
	return nil
}

// makeBranches makes the subaccounts of some clients, like them but in name.
func (s *storyteller) makeBranches(ctx context.Context) error {
	for _, b := range demoBranches {
		for i, c := range demoClients {
			if c.login != b.parent {
				continue
			}
			s.at = s.now.AddDate(0, 0, -170)
			c.login, c.company = b.login, b.company
			if err := s.create(ctx, c, i, s.made[b.parent].ID, b.settings...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *storyteller) create(ctx context.Context, c demoClient, i int, parent account.ID, more ...string) error {
	first := append(s.firstSettings(c, i), changes(more...)...)
	result, err := s.svc.Create(ctx, clientaccount.Edit{
		Actor: s.actor(i), Reason: "New client",
		Apply: func(a *account.Account) error {
			a.Parent = parent
			a.Core.Password = account.SetPassword(demoPassword, demoPassword)
			return first.Apply(a)
		},
	})
	if err != nil {
		return fmt.Errorf("client %s: %w", c.login, err)
	}
	s.made[c.login] = result.Account
	return nil
}

// tellBefore makes the history of every client before documents were asked for, tellSince what
// came then, both in the order of time.
func (s *storyteller) tellBefore(ctx context.Context) error { return s.tellChapters(ctx, true) }
func (s *storyteller) tellSince(ctx context.Context) error  { return s.tellChapters(ctx, false) }

func (s *storyteller) tellChapters(ctx context.Context, before bool) error {
	for i, c := range demoClients {
		for n, chapter := range chapters {
			if !chapter.happensTo(i) || before != (chapter.daysAgo > billingSince) {
				continue
			}
			s.at = s.now.AddDate(0, 0, -chapter.daysAgo-i%9).Add(time.Duration(i*53%600) * time.Minute)
			if err := s.edit(ctx, c.login, clientaccount.Edit{
				Actor: s.actor(i + n), Reason: chapter.reason, Apply: chapter.change(s, c, i).Apply,
			}); err != nil {
				return fmt.Errorf("client %s, %q: %w", c.login, chapter.reason, err)
			}
		}
	}
	return nil
}

func (s *storyteller) edit(ctx context.Context, login string, e clientaccount.Edit) error {
	a := s.made[login]
	result, err := s.svc.Update(ctx, a.ID, a.Revision, e)
	if err == nil {
		s.made[login] = result.Account
	}
	return err
}

// actor returns one of the managers, or now and then a program.
func (s *storyteller) actor(i int) account.Actor {
	if i%11 == 10 {
		return account.Actor{ID: "billing", Name: "Billing sync"}
	}
	name := demoManagers[i%len(demoManagers)].name
	return account.Actor{ID: strings.ToLower(strings.ReplaceAll(name, " ", ".")), Name: name}
}

func amount(s string) account.Optional[decimal.Decimal] {
	if s == "" {
		return account.Optional[decimal.Decimal]{}
	}
	return account.Some(decimal.RequireFromString(s))
}

func number(s string) account.Optional[int] {
	if s == "" {
		return account.Optional[int]{}
	}
	return account.Some(int(s[0] - '0'))
}
