package message

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// Money is where the price of a message is. It is empty for the zero Message.
type Money string

// Where the price is.
const (
	MoneyHeld     Money = "held"     // set aside
	MoneyTaken    Money = "taken"    // captured: the client paid
	MoneyReleased Money = "released" // the client never paid
	MoneyRefunded Money = "refunded" // the client paid, and got it back
)

// owed returns where the price should be, by what has become of the message.
func (m *Message) owed() Money {
	switch stage := m.Stage(); {
	case stage == "":
		return ""
	case stage == StageHeld:
		return MoneyHeld
	case stage == StageUnsent || stage == StageTimedOut:
		return MoneyReleased
	case m.Pricing == PricingDelivered:
		return m.owedByDelivered(stage)
	case !m.Tracking.Refunded || m.Cost().IsZero():
		return MoneyTaken
	case m.Money == MoneyTaken || m.Money == MoneyRefunded:
		return MoneyRefunded
	default: // an early report gives back what was not taken yet
		return MoneyReleased
	}
}

func (m *Message) owedByDelivered(stage Stage) Money {
	switch {
	case stage != StageEnded:
		return MoneyHeld
	case m.State() == account.StateDelivered:
		return MoneyTaken
	default:
		return MoneyReleased
	}
}

// settle moves the price to where it should be, by one movement at most.
func (s *Step) settle(now time.Time) {
	m := &s.Message
	from, to := m.Money, m.owed()
	if from == to {
		return
	}
	s.Changed = true
	m.Money = to
	switch {
	case from == "":
		s.Movement = m.hold()
	case to == MoneyTaken:
		s.Movement = m.movement(account.KindCapture)
	case to == MoneyRefunded:
		s.Movement = m.movement(account.KindRefund)
	case now.Before(m.holdUntil()): // else it has ended by itself
		s.Movement = m.movement(account.KindRelease)
	}
}

// holdUntil returns when the hold ends by itself, or shortly before.
func (m *Message) holdUntil() time.Time { return m.AdmittedAt.Add(m.HoldFor()) }

// hold returns the movement that sets the price aside.
func (m *Message) hold() account.Movement {
	return account.Movement{
		Account: m.Account, Kind: account.KindHold, Reference: m.ID, Currency: m.Currency,
		Price: account.Some(m.Price), Round: m.Round, Messages: int64(m.Parts), Timeout: m.HoldFor(),
	}
}

// movement returns one that ends the hold, or gives back what its capture took.
func (m *Message) movement(kind account.MovementKind) account.Movement {
	move := account.Movement{Account: m.Account, Kind: kind, Reference: m.Reference(kind)}
	traits := kind.Traits()
	switch {
	case traits.Refunds:
		move.Of = m.Entries.End
	case traits.Ends:
		move.Hold = m.ID
	}
	if traits.Refundable { // it takes the price of the parts
		move.Messages = int64(m.Parts)
	}
	return move
}

// Reference returns the reference under which the message's money moves: its id for the hold,
// and the id with the kind behind it for others, "order-17/refund".
func (m Message) Reference(kind account.MovementKind) string {
	if kind.Traits().Makes {
		return m.ID
	}
	return m.ID + "/" + string(kind)
}

// made are the kinds of movements that are made of a message beside its hold.
var made = []account.MovementKind{account.KindCapture, account.KindRelease, account.KindRefund}
