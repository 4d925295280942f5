package account

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// MovementKind is what a movement does to the balance and to what is held.
type MovementKind string

// The kinds of movements, and the sign of their effect.
const (
	TopUp       MovementKind = "top_up"       // balance up
	Charge      MovementKind = "charge"       // balance down, under the money rule
	HoldFunds   MovementKind = "hold"         // held up, under the money rule
	Capture     MovementKind = "capture"      // a hold ends: held down, balance down
	Release     MovementKind = "release"      // a hold ends: held down
	Expire      MovementKind = "expire"       // as Release, at the hold's time-out
	Adjust      MovementKind = "adjust"       // balance up or down, with a reason
	Refund      MovementKind = "refund"       // balance up, of an earlier entry
	TransferOut MovementKind = "transfer_out" // balance down, under the money rule
	TransferIn  MovementKind = "transfer_in"  // balance up
)

func (k MovementKind) known() bool {
	switch k {
	case TopUp, Charge, HoldFunds, Capture, Release, Expire, Adjust, Refund, TransferOut, TransferIn:
		return true
	default:
		return false
	}
}

// MaxReference is the most bytes of a reference.
const MaxReference = 255

// Movement is a wish to move money of one account. Amount is in the account's
// currency, with at most MaxScale places; only an adjustment's may be negative.
type Movement struct {
	Account   ID
	Kind      MovementKind
	Amount    decimal.Decimal
	Messages  int64  // message parts paid for, for reports
	Reference string // the caller's own name for it, unique per account, kept for good
	Actor     Actor
	Reason    string

	Hold      string    // Capture, Release, Expire: reference of the hold
	Until     time.Time // HoldFunds: its time-out, exclusive
	More      bool      // Capture: may exceed the hold, if the money rule allows the rest
	Of        int64     // Refund: number of the entry given back
	PassLimit bool      // Adjust: may pass the limit
}

// Fingerprint is the same for movements of the same content: what would move, not
// who asked, when, or why. A reference may be used again only with the same one.
func (m Movement) Fingerprint() string {
	until := ""
	if !m.Until.IsZero() {
		until = m.Until.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
	}
	content := strings.Join([]string{
		string(m.Kind), m.Amount.String(), strconv.FormatInt(m.Messages, 10), until,
		strconv.FormatBool(m.More), strconv.FormatInt(m.Of, 10), strconv.FormatBool(m.PassLimit), m.Hold,
	}, "\x00")
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:16])
}

// Entry is one line of an account's ledger, never changed once written. The
// balance is the sum of all Amounts, what is held the sum of all Helds.
type Entry struct {
	Account     ID
	Number      int64 // 1, 2, 3 within the account, without gaps
	Kind        MovementKind
	Amount      decimal.Decimal // effect on the balance
	Held        decimal.Decimal // effect on what is held
	After       decimal.Decimal // balance after
	HeldAfter   decimal.Decimal
	Messages    int64
	Reference   string
	Fingerprint string
	Actor       Actor
	Reason      string
	Hold        string
	Until       time.Time
	Of          int64
	At          time.Time
}

// Hold is money set aside under a reference until it is captured, released, or
// times out.
type Hold struct {
	Account   ID
	Reference string
	Amount    decimal.Decimal
	Messages  int64
	Until     time.Time
	Ended     MovementKind // Capture, Release or Expire; empty while it stands
}
