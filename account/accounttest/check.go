package accounttest

import (
	"math/big"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/ledger"
)

// Check reports whether a movement that makes sense by itself is accepted now, and
// records nothing. The error is one of package account, account.ErrNotFound among
// them. repeated reports that the reference was used before for the same content.
func (b *Bank) Check(m account.Movement, now time.Time) (repeated bool, err error) {
	_, repeated, err = b.check(m, now)
	return repeated, err
}

// Record is Check for a movement that was given a number in its account's ledger,
// and keeps what is accepted.
func (b *Bank) Record(m account.Movement, number int64, now time.Time) error {
	l, repeated, err := b.check(m, now)
	if err == nil && !repeated {
		l.number = number
		b.history = append(b.history, l)
	}
	return err
}

func (b *Bank) check(m account.Movement, now time.Time) (l line, repeated bool, err error) {
	if _, known := b.accounts[m.Account]; !known {
		return line{}, false, account.ErrNotFound
	}
	for _, past := range b.history {
		if past.movement.Account == m.Account && past.movement.Reference == m.Reference {
			if ledger.Fingerprint(past.movement) == ledger.Fingerprint(m) {
				return past, true, nil
			}
			return line{}, false, account.ErrReused
		}
	}
	l = line{movement: m, at: now, amount: amountOf(m), chain: []account.ID{m.Account}}
	return l, false, b.allow(&l)
}

func amountOf(m account.Movement) *big.Rat {
	if price, priced := m.Price.Get(); priced {
		return new(big.Rat).Mul(price.Rat(), new(big.Rat).SetInt64(m.Messages))
	}
	return m.Amount.Rat()
}

// allow completes the line with its chain and amount, or says why it is refused. A
// closed account refuses before anything else is looked at.
func (b *Bank) allow(l *line) error {
	err := b.complete(l)
	for _, id := range l.chain {
		if b.accounts[id].Closed {
			return account.ErrClosed
		}
	}
	if err != nil {
		return err
	}
	m := l.movement
	switch m.Kind {
	case account.KindTopUp:
		return b.ownMoney(m.Account)
	case account.KindAdjust:
		if err := b.ownMoney(m.Account); err != nil || l.amount.Sign() >= 0 || m.PassLimit {
			return err
		}
		return b.enough(l, new(big.Rat).Neg(l.amount))
	case account.KindTransferOut:
		return b.transfer(l)
	case account.KindCharge, account.KindHold:
		return b.enough(l, l.amount)
	case account.KindCapture:
		hold, _ := b.hold(m.Account, m.Hold)
		more := new(big.Rat).Sub(l.amount, hold.amount)
		switch {
		case more.Sign() <= 0:
			return nil
		case !m.More:
			return account.ErrHoldAmount
		default:
			return b.enough(l, more)
		}
	case account.KindRelease, account.KindRefund:
		return nil
	default:
		return account.Faults{account.NewFault("kind", "kind.unknown")}
	}
}

// complete finds what the movement refers to.
func (b *Bank) complete(l *line) error {
	m := l.movement
	switch m.Kind {
	case account.KindCharge, account.KindHold:
		l.chain = b.chain(m.Account)
	case account.KindCapture, account.KindRelease:
		hold, found := b.hold(m.Account, m.Hold)
		if !found || !b.stands(hold, l.at) {
			return account.ErrHold
		}
		l.chain = hold.chain
		if _, priced := m.Price.Get(); m.Kind == account.KindCapture && l.amount.Sign() == 0 && !priced {
			l.amount = hold.amount
		}
	case account.KindRefund:
		return b.completeRefund(l)
	}
	return nil
}

// hold finds a hold by its reference.
func (b *Bank) hold(id account.ID, reference string) (line, bool) {
	for _, l := range b.history {
		if l.movement.Kind == account.KindHold && l.movement.Account == id && l.movement.Reference == reference {
			return l, true
		}
	}
	return line{}, false
}

func (b *Bank) completeRefund(l *line) error {
	charged := b.number(l.movement.Account, l.movement.Of)
	took := charged.movement.Kind == account.KindCharge || charged.movement.Kind == account.KindCapture
	if !took || charged.amount.Sign() == 0 {
		return account.ErrRefund
	}
	l.chain = charged.chain
	left := new(big.Rat).Set(charged.amount)
	for _, past := range b.history {
		if past.movement.Kind == account.KindRefund && past.movement.Account == l.movement.Account && past.movement.Of == l.movement.Of {
			left.Sub(left, past.amount)
		}
	}
	if left.Sign() == 0 || l.amount.Cmp(left) > 0 {
		return account.ErrRefundAmount
	}
	if l.amount.Sign() == 0 {
		l.amount = left
	}
	return nil
}

// ownMoney refuses what an account that shares money cannot do.
func (b *Bank) ownMoney(id account.ID) error {
	if !b.accounts[id].Shares.IsZero() {
		return account.ErrShared
	}
	return nil
}

func (b *Bank) transfer(l *line) error {
	from, to := l.movement.Account, l.movement.Other
	if err := b.ownMoney(from); err != nil {
		return err
	}
	if err := b.enough(l, l.amount); err != nil {
		return err
	}
	if b.accounts[to].Closed {
		return account.ErrClosed
	}
	return b.ownMoney(to)
}

// enough is the money rule, and the caps.
func (b *Bank) enough(l *line, needed *big.Rat) error {
	for _, id := range l.chain[:len(l.chain)-1] {
		if limit, capped := b.accounts[id].Cap.Get(); capped {
			room := new(big.Rat).Sub(limit.Rat(), b.spent(id, l.at))
			if needed.Sign() > 0 && needed.Cmp(room) > 0 {
				return account.ErrExhausted
			}
		}
	}
	if needed.Cmp(b.own(l.payer(), l.at)) > 0 {
		return account.ErrExhausted
	}
	return nil
}
