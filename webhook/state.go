package webhook

import "strconv"

// SMSState is the state of an SMS by its code in SMPP 5.0 (4.7.15, message_state).
// The zero value is SCHEDULED.
type SMSState int

// The states of SMPP 5.0.
const (
	Scheduled     SMSState = 0
	EnRoute       SMSState = 1
	Delivered     SMSState = 2
	Expired       SMSState = 3
	Deleted       SMSState = 4
	Undeliverable SMSState = 5
	Accepted      SMSState = 6
	Unknown       SMSState = 7
	Rejected      SMSState = 8
	Skipped       SMSState = 9
)

// stateNames are the names of delivery receipts (SMPP 3.4, appendix B), by code.
var stateNames = [...]string{
	"SCHEDULED", "ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD", "SKIPPED",
}

// IsKnown says whether the state is one of the ten.
func (s SMSState) IsKnown() bool { return s >= 0 && int(s) < len(stateNames) }

// String is the name that receipts use, such as DELIVRD; a number for what is no
// state of SMPP.
func (s SMSState) String() string {
	if !s.IsKnown() {
		return strconv.Itoa(int(s))
	}
	return stateNames[s]
}

// Final says whether no other state follows: all but SCHEDULED and ENROUTE.
func (s SMSState) Final() bool { return s != Scheduled && s != EnRoute }
