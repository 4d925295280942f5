package account

import "slices"

// MessageState is what has become of a message. Its numbers are the codes of SMPP 5.0
// (4.7.15, message_state), its texts the names of delivery reports. The zero value is
// SCHEDULED.
type MessageState uint8

// The states, with their codes.
const (
	StateScheduled     MessageState = 0
	StateEnroute       MessageState = 1
	StateDelivered     MessageState = 2
	StateExpired       MessageState = 3
	StateDeleted       MessageState = 4
	StateUndeliverable MessageState = 5
	StateAccepted      MessageState = 6 // taken by the carrier; more may follow
	StateUnknown       MessageState = 7
	StateRejected      MessageState = 8
	StateSkipped       MessageState = 9
)

// stateNames stand at their codes.
var stateNames = []string{
	"SCHEDULED", "ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD", "SKIPPED",
}

// MessageStates returns all states in the order of their codes.
func MessageStates() []MessageState {
	states := make([]MessageState, len(stateNames))
	for code := range states {
		states[code] = MessageState(code)
	}
	return states
}

// ParseMessageState reads the name of a state as reports have it, "DELIVRD". The
// error is the [Rule] choice.
func ParseMessageState(name string) (MessageState, error) {
	code := slices.Index(stateNames, name)
	if code < 0 {
		return 0, Rule("choice")
	}
	return MessageState(code), nil
}

// IsKnown reports whether the code is that of a state.
func (s MessageState) IsKnown() bool { return int(s) < len(stateNames) }

// String returns the name; a code that no state has is UNKNOWN.
func (s MessageState) String() string {
	if !s.IsKnown() {
		return stateNames[StateUnknown]
	}
	return stateNames[s]
}

// Final reports whether nothing can follow. ACCEPTD is not final, though SMPP's own table
// says so: carriers send it first, and DELIVRD or UNDELIV later. Of a network that means
// it as its last word, [Report.AcceptedFinal] says so. Nor is UNKNOWN: a centre in trouble
// answers so for a while or for good. If nothing follows, the deadline ends the wait.
func (s MessageState) Final() bool {
	switch s {
	case StateDelivered, StateExpired, StateDeleted, StateUndeliverable, StateRejected, StateSkipped:
		return true
	default:
		return false
	}
}

// onTheWay are the states that are not final, in the order in which a message comes into
// them. Their codes are in no order.
var onTheWay = []MessageState{StateScheduled, StateEnroute, StateAccepted, StateUnknown}

// before reports whether a message that is on its way comes into s before t.
func (s MessageState) before(t MessageState) bool {
	return slices.Index(onTheWay, s) < slices.Index(onTheWay, t)
}

// fromBestToWorst are the states that end a message's part: it arrived; the network had it
// and says no more; it was tried until its time was over; it was taken back; it was passed
// over; it could not be delivered; it was not even taken.
var fromBestToWorst = []MessageState{
	StateDelivered, StateAccepted, StateExpired, StateDeleted, StateSkipped, StateUndeliverable, StateRejected,
}

// worseThan reports whether a final state is a worse end than another.
func (s MessageState) worseThan(t MessageState) bool {
	return slices.Index(fromBestToWorst, s) > slices.Index(fromBestToWorst, t)
}

// StateSet is a set of states, a bit per code. The zero StateSet is empty.
type StateSet uint16

// stateBits is how many codes a StateSet has room for.
const stateBits = 16

// States returns the set of the states given.
func States(states ...MessageState) StateSet {
	var set StateSet
	for _, s := range states {
		set |= 1 << s
	}
	return set
}

// Has reports whether the state is in the set.
func (set StateSet) Has(s MessageState) bool { return set&(1<<s) != 0 }
