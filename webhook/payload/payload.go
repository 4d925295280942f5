package payload

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// Price is what a message cost: an exact amount in a currency. A price of zero is a
// price.
type Price struct {
	Amount   decimal.Decimal
	Currency account.Currency
}

// Report is a state that a sent message reached. What is left at its zero value is
// unknown and left out of what is sent, but for State, Late and Seq.
type Report struct {
	MessageID      string // required, at most 255 bytes
	ClientRef      string // the client's own reference
	From           string
	To             string // digits, E.164 without the plus
	State          account.MessageState
	Err            string // the network's error code, "000" for none
	Late           bool   // came after the wait for it was over
	SubmittedAt    time.Time
	DoneAt         time.Time
	DoneDateRaw    string // as the network wrote it
	Parts          int
	PartsDelivered account.Optional[int] // zero is known to be none
	MCC            string                // text: 01 is not 1
	MNC            string
	Price          account.Optional[Price]
	Seq            int64     // counts the states of the message
	At             time.Time // when the state became known; required
	AcceptedFinal  bool      // the network means ACCEPTD as its last word: [account.Report]
}

// ReportOf returns what is the same in all reports of a message that is kept: the rest is for
// [Report.Of], and At.
func ReportOf(m message.Message) Report {
	return Report{
		MessageID: m.ID, ClientRef: m.ClientRef, From: m.Sender, To: m.Destination, SubmittedAt: m.AdmittedAt, Parts: m.Parts,
		MCC: m.MCC, MNC: m.MNC, Price: account.Some(Price{Amount: m.Cost(), Currency: m.Currency}),
	}
}

// Of returns the report of an update that [account.Tracking] gave, with all else from r: also
// the parts, where the Tracking was not told how many there are.
func (r Report) Of(u account.StateUpdate) Report {
	r.State, r.Err, r.DoneAt, r.Late, r.Seq = u.State, u.Err, u.DoneAt, u.Late, u.Seq
	r.AcceptedFinal = u.AcceptedFinal
	if u.Parts > 0 {
		r.Parts, r.PartsDelivered = u.Parts, account.Some(u.Delivered)
	}
	return r
}

// Final reports whether nothing that is not final may follow, as [account.Report] has it.
func (r Report) Final() bool {
	return account.Report{State: r.State, AcceptedFinal: r.AcceptedFinal}.Final()
}

// Encoding is how the text of an incoming message came.
type Encoding string

// The encodings of incoming messages.
const (
	GSM7   Encoding = "gsm7"
	UCS2   Encoding = "ucs2"
	Binary Encoding = "binary"
)

// Incoming is a message that a phone sent to the client. What is left at its zero
// value is unknown and left out of what is sent, but for the text of a message that
// is not binary: that may be empty.
type Incoming struct {
	MessageID  string // required, at most 255 bytes
	From       string
	To         string // the client's number or short code
	Text       string // decoded
	Encoding   Encoding
	Data       []byte // the user data of a binary message, sent in hexadecimal
	Parts      int
	MCC        string
	MNC        string
	ReceivedAt time.Time
	InReplyTo  string    // the message id this answers
	At         time.Time // when it became known; required
}
