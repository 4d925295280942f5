package payload

import (
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// apiTime is YYMMDDhhmmss, in UTC.
const apiTime = "060102150405"

// fields are a query in the making: form-urlencoded, in the order of the calls.
type fields struct{ b strings.Builder }

// add appends a field, unless its value is unknown.
func (f *fields) add(name, value string) {
	if value != "" {
		f.put(name, value)
	}
}

// put appends a field even if it is empty. What is no UTF-8 is replaced, as in JSON.
func (f *fields) put(name, value string) {
	if f.b.Len() > 0 {
		f.b.WriteByte('&')
	}
	f.b.WriteString(name + "=" + url.QueryEscape(strings.ToValidUTF8(value, string(utf8.RuneError))))
}

func (f *fields) count(name string, n int) {
	if n > 0 {
		f.put(name, strconv.Itoa(n))
	}
}

func (f *fields) instant(name string, t time.Time) {
	if !t.IsZero() {
		f.put(name, t.UTC().Format(apiTime))
	}
}

// apiQuery returns the query that tells of a state.
func (r Report) apiQuery() (string, error) {
	var f fields
	f.put("msgid", r.MessageID)
	f.add("ref", r.ClientRef)
	f.add("from", r.From)
	f.add("to", r.To)
	f.put("stat", r.State.String())
	f.add("err", r.Err)
	f.count("sub", r.Parts)
	if n, known := r.PartsDelivered.Get(); known {
		f.put("dlvrd", strconv.Itoa(n))
	}
	f.instant("submit_date", r.SubmittedAt)
	f.instant("done_date", r.DoneAt)
	f.count("parts", r.Parts)
	f.add("mccmnc", networkCode(r.MCC, r.MNC))
	if p, known := r.Price.Get(); known {
		f.put("price", p.Amount.String())
		f.put("currency", string(p.Currency))
	}
	f.put("seq", strconv.FormatInt(r.Seq, 10))
	f.instant("ts", r.At)
	return fitting(f.b.String())
}

// apiQuery returns the query of an incoming message.
func (in Incoming) apiQuery() (string, error) {
	var f fields
	f.put("msgid", in.MessageID)
	f.add("from", in.From)
	f.add("to", in.To)
	if in.hasText() {
		f.put("text", in.Text)
	}
	f.add("coding", string(in.Encoding))
	f.add("hex", hex.EncodeToString(in.Data))
	f.count("parts", in.Parts)
	f.add("mccmnc", networkCode(in.MCC, in.MNC))
	f.instant("received", in.ReceivedAt)
	f.instant("ts", in.At)
	return fitting(f.b.String())
}

// networkCode is both codes in one; of one without the other nobody could tell where it
// ends.
func networkCode(mcc, mnc string) string {
	if mcc == "" || mnc == "" {
		return ""
	}
	return mcc + mnc
}
