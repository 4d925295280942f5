package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// moneyDays is for how many days the demo's clients have had money.
const moneyDays = 29

// Who moves money: the gateways charge, the billing program books what was paid.
var (
	demoGateway = account.Actor{ID: "gateway", Name: "SMPP gateway"}
	demoBilling = account.Actor{ID: "billing", Name: "Billing sync"}
)

// spender is a client that sends, and pays for it.
type spender struct {
	account account.Account
	price   decimal.Decimal // of a message part
	daily   int64           // messages on a day of sending
	every   int             // it sends each so many-th day...
	offset  int
	until   int // ...up to so many days ago
	shares  bool
	balance decimal.Decimal
}

// tellMoney makes the ledgers, day by day, and then what is worth a look: a client
// near its limit, one in its overdraw, holds, a refund, a correction, a transfer.
func (s *storyteller) tellMoney(ctx context.Context) error {
	spenders := s.spenders()
	for day := moneyDays; day > 0; day-- {
		for i, sp := range spenders {
			if (day+sp.offset)%sp.every != 0 || day < sp.until {
				continue
			}
			s.at = s.now.AddDate(0, 0, -day).Add(time.Duration(i*7%60) * time.Minute)
			if err := s.sendDay(ctx, sp, day); err != nil {
				return fmt.Errorf("money of %s, %d days ago: %w", sp.account.Core.Login, day, err)
			}
		}
		if err := s.sendMessages(ctx, day); err != nil {
			return fmt.Errorf("%d days ago: %w", day, err)
		}
	}
	s.at = s.now.Add(-40 * time.Minute)
	for _, step := range []func(context.Context) error{s.nearLimit, s.intoOverdraw, s.holdSome, s.correctSome, s.sendLast} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// spenders returns the clients that send, in the order they were made in.
func (s *storyteller) spenders() []*spender {
	var all []*spender
	add := func(login string, i int) {
		a := s.made[login]
		sp := &spender{
			account: a, price: s.priceOf(a), daily: 300 + int64(i*i*37%2600), every: 1 + i%4, offset: i,
			shares: a.SharesMoney(),
		}
		if a.Sending.SMPP {
			sp.daily *= 4
		}
		switch a.StatusAt(s.now) {
		case account.StatusClosed, account.StatusPending:
			return
		case account.StatusActive:
		default:
			sp.until = 22 // stopped since
		}
		all = append(all, sp)
	}
	for i, c := range demoClients {
		add(c.login, i)
	}
	for i, b := range demoBranches {
		if s.made[b.parent].StatusAt(s.now) == account.StatusActive { // else it stops what is beneath
			add(b.login, 3+i)
		}
	}
	return all
}

// priceOf returns what a message part costs a client: its product's price, or what the
// platform asks of those without one.
func (s *storyteller) priceOf(a account.Account) decimal.Decimal {
	for _, p := range s.products {
		if p.ID == a.Notes.Product {
			return p.Price.Or(decimal.Zero)
		}
	}
	return account.Amount("0.045")
}

// sendDay charges a day's messages, after topping up where little is left.
func (s *storyteller) sendDay(ctx context.Context, sp *spender, day int) error {
	messages := sp.daily * int64(80+(day*29+sp.offset*13)%60) / 100
	cost := sp.price.Mul(decimal.NewFromInt(messages))
	if !sp.shares && sp.balance.LessThan(cost.Mul(decimal.NewFromInt(2))) {
		paid := cost.Mul(decimal.NewFromInt(8)).Div(decimal.NewFromInt(50)).Ceil().Mul(decimal.NewFromInt(50))
		if err := s.move(ctx, sp, account.KindTopUp, account.Movement{
			Amount: paid, Reference: "bank-" + s.at.Format("20060102"), Actor: demoBilling, Reason: "Paid by bank transfer",
		}); err != nil {
			return err
		}
	}
	s.at = s.at.Add(9 * time.Hour)
	return s.move(ctx, sp, account.KindCharge, account.Movement{
		Price: account.Some(sp.price), Messages: messages, Reference: "sent-" + s.at.Format("20060102"), Actor: demoGateway,
	})
}

// move moves a client's money. What its limits do not allow was simply not sent.
func (s *storyteller) move(ctx context.Context, sp *spender, kind account.MovementKind, m account.Movement) error {
	m.Kind, m.Account = kind, sp.account.ID
	receipt, err := s.svc.Move(ctx, m)
	if errors.Is(err, account.ErrExhausted) {
		return nil
	}
	sp.balance = receipt.After
	return err
}

// drain charges a campaign that brings a client's balance down to some amount.
func (s *storyteller) drain(ctx context.Context, login string, to decimal.Decimal) error {
	a := s.made[login]
	standing, err := s.svc.Balance(ctx, a.ID)
	if err != nil {
		return err
	}
	price := s.priceOf(a)
	messages := standing.Amount.Sub(to).Div(price).Floor()
	_, err = s.svc.Charge(ctx, clientaccount.Charge{
		Account: a.ID, Price: account.Some(price), Messages: messages.IntPart(),
		Reference: "campaign-" + s.at.Format("20060102"), Actor: demoGateway,
	})
	return err
}

// nearLimit leaves a client that wants to be warned at 5,000 messages with 3,200.
func (s *storyteller) nearLimit(ctx context.Context) error {
	a := s.made["amberline"]
	left := s.priceOf(a).Mul(decimal.NewFromInt(3200))
	return s.drain(ctx, "amberline", left.Sub(a.Credit.Limit.Or(decimal.Zero)))
}

// intoOverdraw has a client use up its credit and a part of its overdraw.
func (s *storyteller) intoOverdraw(ctx context.Context) error {
	a := s.made["carpatia"]
	return s.drain(ctx, "carpatia", a.Credit.Limit.Or(decimal.Zero).Add(decimal.NewFromInt(310)).Neg())
}

// holdSome sets money aside for messages under way and for campaigns to come.
func (s *storyteller) holdSome(ctx context.Context) error {
	for i, row := range []struct {
		login, reference string
		messages         int64
		timeout          time.Duration
	}{
		{"arkona.bank", "batch-88121", 200, 6 * time.Hour},
		{"arkona.bank", "batch-88122", 150, 6 * time.Hour},
		{"balticwave", "campaign/winter-sale", 5000, 72 * time.Hour},
		{"baltic.riga", "batch-412", 320, 12 * time.Hour},
		{"eastgate.sms", "batch-5501", 900, 24 * time.Hour},
	} {
		a := s.made[row.login]
		s.at = s.at.Add(time.Duration(i) * time.Minute)
		if _, err := s.svc.Hold(ctx, clientaccount.Hold{
			Account: a.ID, Price: account.Some(s.priceOf(a)), Messages: row.messages, Timeout: row.timeout,
			Reference: row.reference, Actor: demoGateway,
		}); err != nil {
			return fmt.Errorf("hold of %s: %w", row.login, err)
		}
	}
	return nil
}

// correctSome gives back a charge, corrects a balance, and moves money to a branch.
func (s *storyteller) correctSome(ctx context.Context) error {
	boreal, balticwave := s.made["boreal"], s.made["balticwave"]
	charges, err := s.svc.Entries(ctx, account.EntryQuery{Account: boreal.ID, Kinds: []account.MovementKind{account.KindCharge}, Limit: 1})
	if err != nil || len(charges) == 0 {
		return err
	}
	_, refunded := s.svc.Refund(ctx, clientaccount.Refund{
		Account: boreal.ID, Of: charges[0].Number, Amount: account.Amount("2.50"), Reference: "ticket-7731", Actor: s.actor(1), Reason: "Not delivered by the operator",
	})
	_, adjusted := s.svc.Adjust(ctx, clientaccount.Adjustment{
		Account: boreal.ID, Amount: account.Amount("-12"), Reference: "ticket-7740", Actor: s.actor(2), Reason: "Monthly fee was not booked",
	})
	_, transferred := s.svc.Transfer(ctx, clientaccount.Transfer{
		Account: balticwave.ID, To: s.made["baltic.tallinn"].ID, Amount: account.Amount("150"), Reference: "to-tallinn-11", Actor: s.actor(3), Reason: "Start of the month",
	})
	return errors.Join(refunded, adjusted, transferred)
}
