package account

import "time"

// Status is the Delivery Status of an account: only active accounts send.
type Status string

// The statuses that are stored, and Expired, which is only ever computed.
const (
	StatusPending   Status = "pending"   // not approved yet
	StatusActive    Status = "active"    // may send
	StatusSuspended Status = "suspended" // stopped for money; a payment may lift it
	StatusBlocked   Status = "blocked"   // stopped by a person; a payment never lifts it
	StatusClosed    Status = "closed"    // for good
	StatusExpired   Status = "expired"   // computed: the account's end has passed
)

// Statuses returns the statuses a person can choose, in the order of the page.
func Statuses() []Status {
	return []Status{StatusPending, StatusActive, StatusSuspended, StatusBlocked, StatusClosed}
}

// CanBecome reports whether an account of status s may get the next one. Staying is
// always allowed; nothing follows closed, and nothing returns to pending.
func (s Status) CanBecome(next Status) bool {
	switch {
	case s == next:
		return true
	case s == StatusClosed:
		return false
	case next == StatusPending:
		return s == ""
	default:
		return true
	}
}

// severity orders statuses from the freest to the most final.
func (s Status) severity() int {
	switch s {
	case StatusActive:
		return 0
	case StatusPending:
		return 1
	case StatusExpired:
		return 2
	case StatusSuspended:
		return 3
	case StatusBlocked:
		return 4
	default: // closed, and anything unknown stops everything
		return 5
	}
}

// Worse returns the more restrictive of two statuses.
func (s Status) Worse(other Status) Status {
	if other.severity() > s.severity() {
		return other
	}
	return s
}

// LiftedByPayment reports whether a payment may make the account active again. It may
// lift suspended; what a person blocked only a person releases.
func (s Status) LiftedByPayment() bool { return s == StatusSuspended }

// StatusAt returns the account's own status at an instant: expired once the end has
// come, unless the stored status is worse. Ancestors are not looked at.
func (a Account) StatusAt(now time.Time) Status {
	return StatusAt(a.Status, a.Expires, now)
}

// StatusAt returns the status that a stored status and an end amount to at an instant;
// a zero end never comes.
func StatusAt(stored Status, end, now time.Time) Status {
	if !end.IsZero() && !now.Before(end) {
		return stored.Worse(StatusExpired)
	}
	return stored
}

// Cause is one thing that keeps an account from sending: its own status, or that of
// an account above it.
type Cause struct {
	Account ID     `json:"account"`
	Status  Status `json:"status"`
}

// EffectiveStatus returns the worst status of an account and of those above it, the
// nearest first, and whose it is; of equal ones it is the nearest's.
func EffectiveStatus(a Account, above []Account, now time.Time) (Status, ID) {
	worst, whose := a.StatusAt(now), a.ID
	for i := range above {
		if s := above[i].StatusAt(now); s.severity() > worst.severity() {
			worst, whose = s, above[i].ID
		}
	}
	return worst, whose
}

// StatusCauses returns everything that keeps an account from sending, its own first, then
// those of the accounts above it; nil when it may. Each stays a cause of its own: a
// payment lifts the one that is suspended, and leaves another that is blocked.
func StatusCauses(a Account, above []Account, now time.Time) []Cause {
	causes := a.appendCauses(nil, now)
	for i := range above {
		causes = above[i].appendCauses(causes, now)
	}
	return causes
}

// appendCauses adds the account's own causes. One that has ended may be suspended as
// well; closed is the last word.
func (a *Account) appendCauses(causes []Cause, now time.Time) []Cause {
	if a.Status != StatusActive {
		causes = append(causes, Cause{a.ID, a.Status})
	}
	if a.Status != StatusClosed && StatusAt(StatusActive, a.Expires, now) != StatusActive {
		causes = append(causes, Cause{a.ID, StatusExpired})
	}
	return causes
}
