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

// Faults returns everything wrong with the report, nil for nothing; but for its size, which
// only shows when it is written. Paths are the names of the JSON.
func (r Report) Faults() account.Faults {
	var c checker
	c.message(r.MessageID)
	c.need(r.State.IsKnown(), "state", "state.unknown")
	c.parts("parts", r.Parts)
	if n, known := r.PartsDelivered.Get(); known {
		c.parts("partsDelivered", n)
	}
	c.network(r.MCC, r.MNC)
	c.price(r.Price)
	c.need(r.Seq >= 0 && r.Seq <= maxSeq, "seq", "seq.range")
	c.instant("submittedAt", r.SubmittedAt)
	c.instant("doneAt", r.DoneAt)
	c.at(r.At)
	return c.faults
}

// Faults is Report's for a message that came in.
func (in Incoming) Faults() account.Faults {
	var c checker
	c.message(in.MessageID)
	c.need(in.Encoding == "" || in.Encoding == GSM7 || in.Encoding == UCS2 || in.Encoding == Binary, "encoding", "encoding.unknown")
	c.parts("parts", in.Parts)
	c.network(in.MCC, in.MNC)
	c.instant("receivedAt", in.ReceivedAt)
	c.at(in.At)
	return c.faults
}

// checker gathers faults.
type checker struct{ faults account.Faults }

func (c *checker) need(ok bool, path, code string) {
	if !ok {
		c.faults = append(c.faults, account.NewFault(path, code))
	}
}

func (c *checker) message(id string) {
	c.need(id != "", "messageId", "message.required")
	c.need(len(id) <= maxMessageID, "messageId", "message.length")
	c.need(textform.IsLine(id), "messageId", "message.chars")
}

func (c *checker) parts(path string, n int) { c.need(n >= 0 && n <= maxParts, path, "parts.range") }

// network checks codes as ITU-T E.212 has them: MCC of three digits, MNC of two or three.
func (c *checker) network(mcc, mnc string) {
	c.need(mcc == "" || len(mcc) == 3 && digits(mcc), "mcc", "network.mcc")
	c.need(mnc == "" || (len(mnc) == 2 || len(mnc) == 3) && digits(mnc), "mnc", "network.mnc")
}

func digits(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

func (c *checker) price(given account.Optional[Price]) {
	p, known := given.Get()
	if !known {
		return
	}
	c.need(!p.Amount.IsNegative(), "price", "amount.negative")
	c.need(bounds.Range(p.Amount), "price", "amount.range")
	if bounds.Range(p.Amount) && bounds.Scale(p.Amount) > account.MaxScale {
		c.faults = append(c.faults, account.NewFault("price", "amount.scale", account.MaxScale))
	}
	c.need(p.Currency.Name() != "", "price", "currency.unknown")
}

// instant checks what is known; four digits are all that the forms have for a year.
func (c *checker) instant(path string, t time.Time) {
	c.need(t.IsZero() || t.UTC().Year() >= 1 && t.UTC().Year() <= 9999, path, "instant.range")
}

func (c *checker) at(t time.Time) {
	c.need(!t.IsZero(), "at", "instant.required")
	c.instant("at", t)
}
