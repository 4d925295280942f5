package payload

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// restTime is RFC 3339 in UTC with milliseconds.
const restTime = "2006-01-02T15:04:05.000Z"

// envelope is the body of every call of the REST family. Its fields, and those of
// its data, are sent in the order in which they stand here.
type envelope struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"`
	Data      any    `json:"data"`
}

type restState struct {
	MessageID      string     `json:"messageId"`
	ClientRef      string     `json:"clientRef,omitempty"`
	From           string     `json:"from,omitempty"`
	To             string     `json:"to,omitempty"`
	State          string     `json:"state"`
	StateCode      int        `json:"stateCode"`
	Final          bool       `json:"final"`
	Err            string     `json:"err,omitempty"`
	Late           bool       `json:"late"`
	SubmittedAt    string     `json:"submittedAt,omitempty"`
	DoneAt         string     `json:"doneAt,omitempty"`
	DoneDateRaw    string     `json:"doneDateRaw,omitempty"`
	Parts          int        `json:"parts,omitempty"`
	PartsDelivered *int       `json:"partsDelivered,omitempty"`
	MCC            string     `json:"mcc,omitempty"`
	MNC            string     `json:"mnc,omitempty"`
	Price          *restPrice `json:"price,omitempty"`
	Seq            int64      `json:"seq"`
}

type restPrice struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

type restIncoming struct {
	MessageID  string  `json:"messageId"`
	From       string  `json:"from,omitempty"`
	To         string  `json:"to,omitempty"`
	Text       *string `json:"text,omitempty"`
	Encoding   string  `json:"encoding,omitempty"`
	Hex        string  `json:"hex,omitempty"`
	Parts      int     `json:"parts,omitempty"`
	MCC        string  `json:"mcc,omitempty"`
	MNC        string  `json:"mnc,omitempty"`
	ReceivedAt string  `json:"receivedAt,omitempty"`
	InReplyTo  string  `json:"inReplyTo,omitempty"`
}

// restData returns what the JSON tells of a state, but for when it became known.
func (r Report) restData() restState {
	data := restState{
		MessageID: r.MessageID, ClientRef: r.ClientRef, From: r.From, To: r.To,
		State: r.State.String(), StateCode: int(r.State), Final: r.Final(), Err: r.Err, Late: r.Late,
		SubmittedAt: restInstant(r.SubmittedAt), DoneAt: restInstant(r.DoneAt), DoneDateRaw: r.DoneDateRaw,
		Parts: r.Parts, MCC: r.MCC, MNC: r.MNC, Seq: r.Seq,
	}
	if n, known := r.PartsDelivered.Get(); known {
		data.PartsDelivered = &n
	}
	if p, known := r.Price.Get(); known {
		data.Price = &restPrice{p.Amount.String(), string(p.Currency)}
	}
	return data
}

// restBody returns the JSON that tells of a state.
func (r Report) restBody() (string, error) {
	return encodeREST(envelope{"sms.state", restInstant(r.At), r.restData()})
}

// restData is Report's of an incoming message.
func (in Incoming) restData() restIncoming {
	data := restIncoming{
		MessageID: in.MessageID, From: in.From, To: in.To, Encoding: string(in.Encoding),
		Hex: hex.EncodeToString(in.Data), Parts: in.Parts, MCC: in.MCC, MNC: in.MNC,
		ReceivedAt: restInstant(in.ReceivedAt), InReplyTo: in.InReplyTo,
	}
	if in.hasText() {
		data.Text = &in.Text
	}
	return data
}

// restBody returns the JSON of an incoming message.
func (in Incoming) restBody() (string, error) {
	return encodeREST(envelope{"sms.incoming", restInstant(in.At), in.restData()})
}

// hasText reports whether the text is known: of a message that is not binary it may be
// empty.
func (in Incoming) hasText() bool { return in.Text != "" || in.Encoding != Binary }

// encodeREST leaves <, > and & as they are: the body is never part of a page.
func encodeREST(e envelope) (string, error) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return "", err
	}
	return fitting(string(bytes.TrimSuffix(body.Bytes(), []byte("\n"))))
}

func fitting(body string) (string, error) {
	if len(body) > MaxBody {
		return "", account.Faults{account.NewFault("", "message.size", MaxBody)}
	}
	return body, nil
}

func restInstant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(restTime)
}
