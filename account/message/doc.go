// Package message is the whole way of a message: what was admitted and is paid for, that
// it was handed to networks, what they report of it, what its client is told, and what
// becomes of the money. It is a state machine of plain values. Nothing here reads a
// clock, a database or a network, so it serves whoever keeps the messages, in whatever
// table.
//
// A gateway makes three calls:
//
//	Admitted            the client's account may send it, and its price is to be held
//	Sent, or Unsent     it was handed to a network, under these ids; or it could not be
//	Reported            a network says something of one of its ids
//
// and, from a timer, At when [Message.Due] has come. Each takes the message as it was
// kept and returns a [Step]: the message to keep, what the client is to be told, and which
// movement of money is to be made. These three belong into one transaction. A call that
// contradicts an earlier one is a [*ContradictionError] and changes nothing.
//
// # Transitions
//
// What a call does in each [Stage]. Time is looked at first in every call, so that it makes
// no difference whether At was called in time. "By delivered" is [PricingDelivered].
//
//	stage      Admitted       Sent                   Unsent                 Reported             At
//	(none)     held; hold     ErrNotFound            ErrNotFound            kept as Early        -
//	held       repeat: same   sent; capture          unsent; release;       kept as Early        timed_out when the time to
//	           other: error   (by delivered: -);     told REJECTD or                             send is over; release; told
//	                          Early reports count    UNDELIV                                     EXPIRED, send-timeout
//	sent       repeat: same   repeat: same           error                  told; the last       ended at the deadline; told
//	           other: error   further parts: noted                          word: ended, and     EXPIRED, dlr-timeout; refund
//	                          same part, other id:                          refund by policy     by policy (by delivered:
//	                          error                                         (by delivered:       release)
//	                                                                        capture or release)
//	ended      as sent        as sent                error                  late: told once,     -
//	                                                                        refund by policy
//	unsent     error          error                  repeat: same           kept as Early        -
//	                                                 other: error
//	timed_out  error          error                  unsent; told late      kept as Early        -
//
// A report is kept as [Early] whose id the message does not have: Reported is then
// account.ErrNotFound. An error changes nothing. Nor does a repeat that says the same:
// [Step].Changed is false, and the message has its Version still. Reports that contradict one
// another are no error, as networks do send them: [account.Tracking] has the rules, among
// them how the reports of parts are gathered.
//
// # Invariants
//
// They hold of every message that these calls made, in whatever order they came.
//
//   - A message is paid for once at most, and given back once at most: at most one hold,
//     one end of it, and one refund of what its capture took. One call moves money once at
//     most: where an early report gives back what Sent would capture, the hold is released.
//   - By sent, money is held while the stage is held; taken once it is sent, and refunded
//     only for a state, or a time-out, that the policy names. Else it is released.
//   - By delivered, money is held while the stage is held or sent; taken if and only if the
//     message was DELIVRD by its deadline; else released.
//   - What was told is numbered 1, 2, 3. The state told last, late ones apart, is
//     [Message.State]; a stage that is over has told one final state that is not late, and
//     one that is late at most.
//   - A part has one network id at most, and a network's id stands for one part, or for all.
//
// # How long things are kept
//
// A report that comes before its Sent counts for a day ([EarlyFor]); a message that ended
// for 30 days by default ([KeepFor], [Message.Purgeable]). [Figures] stay.
//
// # Money
//
// The hold is made under the message's id, and what ends it or gives it back under
// [Message.Reference]: a movement asked for twice moves money once. A hold ends by itself
// at its time-out. So that a capture is never late, it stands a little longer than the time
// to send, and by delivered as long as the wait for reports besides. A message that is not
// handed over in time is not paid for: Sent is then account.ErrHold, and what went out
// nevertheless is for the host to charge, or not. Give it more than the time for which a
// platform can be down ([Terms].SendWithin).
package message
