package payload

import (
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/bounds"
	"github.com/clientaccount/clientaccount/internal/textform"
)

// MaxBody is the most that is sent at once, in bytes. The longest message that SMPP
// can carry, 255 parts, needs about half of it with every character escaped.
const MaxBody = 256 << 10

const (
	maxMessageID = 255 // bytes: it is in an index
	maxParts     = 255 // SMPP 5.0, 4.8.4.50 sar_total_segments
	maxSeq       = 1 << 30
)

// Faults is everything wrong with the report, nil for nothing; but for its size, which
// only shows when it is written. Paths are the names of the JSON.
func (r Report) Faults() account.Faults {
	var j judge
	j.message(r.MessageID)
	j.need(r.State.IsKnown(), "state", "state.unknown")
	j.parts("parts", r.Parts)
	if n, known := r.PartsDelivered.Get(); known {
		j.parts("partsDelivered", n)
	}
	j.network(r.MCC, r.MNC)
	j.price(r.Price)
	j.need(r.Seq >= 0 && r.Seq <= maxSeq, "seq", "seq.range")
	j.instant("submittedAt", r.SubmittedAt)
	j.instant("doneAt", r.DoneAt)
	j.at(r.At)
	return j.faults
}

// Faults is Report's for a message that came in.
func (in Incoming) Faults() account.Faults {
	var j judge
	j.message(in.MessageID)
	j.need(in.Encoding == "" || in.Encoding == GSM7 || in.Encoding == UCS2 || in.Encoding == Binary, "encoding", "encoding.unknown")
	j.parts("parts", in.Parts)
	j.network(in.MCC, in.MNC)
	j.instant("receivedAt", in.ReceivedAt)
	j.at(in.At)
	return j.faults
}

// judge gathers faults.
type judge struct{ faults account.Faults }

func (j *judge) need(ok bool, path, code string) {
	if !ok {
		j.faults = append(j.faults, account.NewFault(path, code))
	}
}

func (j *judge) message(id string) {
	j.need(id != "", "messageId", "message.required")
	j.need(len(id) <= maxMessageID, "messageId", "message.length")
	j.need(textform.IsLine(id), "messageId", "message.chars")
}

func (j *judge) parts(path string, n int) { j.need(n >= 0 && n <= maxParts, path, "parts.range") }

// network judges codes as ITU-T E.212 has them: MCC of three digits, MNC of two or three.
func (j *judge) network(mcc, mnc string) {
	j.need(mcc == "" || len(mcc) == 3 && digits(mcc), "mcc", "network.mcc")
	j.need(mnc == "" || (len(mnc) == 2 || len(mnc) == 3) && digits(mnc), "mnc", "network.mnc")
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

func (j *judge) price(given account.Optional[Price]) {
	p, known := given.Get()
	if !known {
		return
	}
	j.need(!p.Amount.IsNegative(), "price", "amount.negative")
	j.need(bounds.Range(p.Amount), "price", "amount.range")
	if bounds.Range(p.Amount) && bounds.Scale(p.Amount) > account.MaxScale {
		j.faults = append(j.faults, account.NewFault("price", "amount.scale", account.MaxScale))
	}
	j.need(p.Currency.Name() != "", "price", "currency.unknown")
}

// instant judges what is known; four digits are all that the forms have for a year.
func (j *judge) instant(path string, t time.Time) {
	j.need(t.IsZero() || t.UTC().Year() >= 1 && t.UTC().Year() <= 9999, path, "instant.range")
}

func (j *judge) at(t time.Time) {
	j.need(!t.IsZero(), "at", "instant.required")
	j.instant("at", t)
}
