package account

import "slices"

// MovementKind is what a movement does to the balance and to what is held. Everything
// that is decided by it stands in its [Traits]; a kind without them is refused.
type MovementKind string

// The kinds of movements, and the sign of their effect.
const (
	KindTopUp       MovementKind = "top_up"       // balance up
	KindCharge      MovementKind = "charge"       // balance down, under the money rule
	KindHold        MovementKind = "hold"         // held up, under the money rule
	KindCapture     MovementKind = "capture"      // a hold ends: held down, balance down
	KindRelease     MovementKind = "release"      // a hold ends: held down
	KindExpire      MovementKind = "expire"       // as KindRelease, at the hold's time-out
	KindAdjust      MovementKind = "adjust"       // balance up or down, with a reason
	KindRefund      MovementKind = "refund"       // balance up, of an earlier charge or capture
	KindTransferOut MovementKind = "transfer_out" // balance down, under the money rule
	KindTransferIn  MovementKind = "transfer_in"  // balance up
)

// Traits are everything that is decided by the kind of a movement. The zero Traits, of
// a kind that there is not, allow nothing.
type Traits struct {
	Kind  MovementKind
	Title string // for people: "Top-up"
	// Done tells people what was moved; {amount}, {signed}, {held}, {of} and {to} stand
	// for what the entry says.
	Done string

	Callers   bool      // callers may ask for it; others are made by this module alone
	Balance   int       // what the amount does to the balance: 1 up, -1 down, 0 nothing
	Amount    AmountUse // whether it must be said how much
	Negative  bool      // the amount may be below zero
	Funds     Funds     // what the money rule is asked for
	Makes     bool      // makes a hold
	Ends      bool      // ends a hold
	AtTimeout bool      // ends only a hold that has timed out, others only one that stands
	Shared    Sharing   // what it is to an account without money of its own
	// Refundable: what it took may be given back. Refunds: it gives back what an
	// earlier entry took.
	Refundable, Refunds bool
	Transfers           bool // another account has a part in it
	Reason              bool // must say why

	uses optionals // what it may say beside its reference, reason and currency
}

// AmountUse is whether a movement says how much it moves.
type AmountUse int

// What an amount of zero means. AmountRequired: it was forgotten, unless there is a price
// instead. AmountOptional: all that there is. AmountNone: nothing else can be said.
const (
	AmountRequired AmountUse = iota
	AmountOptional
	AmountNone
)

// Funds is how much of a movement has to be available.
type Funds int

// What has to be available. FundsWhole: the amount. FundsDown: an amount below zero,
// unless PassLimit is said. FundsRest: what a capture takes beyond its hold. FundsNone:
// nothing.
const (
	FundsWhole Funds = iota
	FundsDown
	FundsRest
	FundsNone
)

// Sharing is what a movement is to an account that spends the money of another.
type Sharing int

// SharingNever: it needs money of one's own. SharingPays: the accounts above pay for it.
// SharingSettles: it is written wherever what it refers to was written.
const (
	SharingNever Sharing = iota
	SharingPays
	SharingSettles
)

// movementKinds has the row of every kind, in the order in which they are explained.
var movementKinds = []Traits{
	{
		Kind: KindTopUp, Title: "Top-up", Done: "Topped up by {amount}", Callers: true,
		Balance: 1, Funds: FundsNone, uses: usesAmount,
	},
	{
		Kind: KindCharge, Title: "Charge", Done: "Charge, {amount}", Callers: true,
		Balance: -1, Shared: SharingPays, Refundable: true, uses: usesPrices,
	},
	{
		Kind: KindHold, Title: "Hold", Done: "Hold, {held}", Callers: true,
		Makes: true, Shared: SharingPays, uses: usesPrices | usesTimeout,
	},
	{
		Kind: KindCapture, Title: "Capture", Done: "Capture, {amount}", Callers: true,
		Balance: -1, Amount: AmountOptional, Funds: FundsRest, Ends: true, Shared: SharingSettles, Refundable: true,
		uses: usesPrices | usesHold | usesMore,
	},
	{
		Kind: KindRelease, Title: "Release", Done: "Released {held}", Callers: true,
		Amount: AmountNone, Funds: FundsNone, Ends: true, Shared: SharingSettles, uses: usesHold,
	},
	{
		Kind: KindExpire, Title: "Hold timed out", Done: "Hold timed out, {held}",
		Amount: AmountNone, Funds: FundsNone, Ends: true, AtTimeout: true, Shared: SharingSettles, uses: usesHold,
	},
	{
		Kind: KindAdjust, Title: "Adjustment", Done: "Adjusted by {signed}", Callers: true,
		Balance: 1, Negative: true, Funds: FundsDown, Reason: true, uses: usesAmount | usesPassLimit,
	},
	{
		Kind: KindRefund, Title: "Refund", Done: "Gave back {amount} of entry {of}", Callers: true,
		Balance: 1, Amount: AmountOptional, Funds: FundsNone, Shared: SharingSettles, Refunds: true,
		uses: usesAmount | usesOf,
	},
	{
		Kind: KindTransferOut, Title: "Transfer out", Done: "Transferred {amount} to {to}", Callers: true,
		Balance: -1, Transfers: true, uses: usesAmount | usesTo,
	},
	{
		Kind: KindTransferIn, Title: "Transfer in", Done: "Got {amount}",
		Balance: 1, Funds: FundsNone, Transfers: true, uses: usesAmount | usesTo,
	},
}

// rows are the movementKinds by their kind.
var rows = func() map[MovementKind]*Traits {
	byKind := make(map[MovementKind]*Traits, len(movementKinds))
	for i := range movementKinds {
		byKind[movementKinds[i].Kind] = &movementKinds[i]
	}
	return byKind
}()

// row returns what Traits copies.
func (k MovementKind) row() *Traits {
	if row := rows[k]; row != nil {
		return row
	}
	return &Traits{}
}

// Traits returns what is decided by the kind, the zero Traits if there is no such kind.
func (k MovementKind) Traits() Traits { return *k.row() }

// IsKnown reports whether there is such a kind.
func (k MovementKind) IsKnown() bool { return rows[k] != nil }

// MovementKinds returns all kinds, in the order in which they are explained.
func MovementKinds() []MovementKind {
	kinds := make([]MovementKind, len(movementKinds))
	for i := range movementKinds {
		kinds[i] = movementKinds[i].Kind
	}
	return kinds
}

// Uses reports whether a movement of the kind may name the field at a path of its faults:
// "amount", "timeout".
func (t Traits) Uses(path string) bool {
	i := slices.Index(optionalPaths[:], path)
	return i >= 0 && t.uses&(1<<i) != 0
}

// Optionals returns the paths of the fields that it may name, beside those that all have:
// reference, reason and currency.
func (t Traits) Optionals() []string { return t.uses.paths() }

// optionals is a set of fields of a movement that not every kind uses.
type optionals uint16

const (
	usesAmount optionals = 1 << iota
	usesPrice
	usesRound
	usesMessages
	usesHold
	usesTimeout
	usesMore
	usesOf
	usesPassLimit
	usesTo
	usesPrices = usesAmount | usesPrice | usesRound | usesMessages // of what pays for messages
)

// optionalPaths are the paths of their faults, in the order of their bits.
var optionalPaths = [...]string{"amount", "price", "round", "messages", "hold", "timeout", "more", "of", "passLimit", "to"}

func (set optionals) paths() (paths []string) {
	for i, path := range optionalPaths {
		if set&(1<<i) != 0 {
			paths = append(paths, path)
		}
	}
	return paths
}

// optionals returns those that the movement names.
func (m *Movement) optionals() (set optionals) {
	for i, given := range [...]bool{
		!m.Amount.IsZero(), !m.Price.IsZero(), m.Round, m.Messages != 0, m.Hold != "", m.Timeout != 0,
		m.More, m.Of != 0, m.PassLimit, !m.Other.IsZero(),
	} {
		if given {
			set |= 1 << i
		}
	}
	return set
}

// unusedFaults returns those of fields that would be taken in silence and not looked at.
func (m *Movement) unusedFaults(row *Traits) (faults Faults) {
	unused := m.optionals() &^ row.uses
	if m.Round && m.Price.IsZero() {
		unused |= usesRound
	}
	if unused == 0 {
		return nil
	}
	for _, path := range unused.paths() {
		faults = append(faults, NewFault(path, "field.unused", path))
	}
	return faults
}
