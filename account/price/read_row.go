package price

import (
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// row reads one line, with all that is wrong with it.
func (r *reader) row(number int, cells []string) {
	if len(cells) != len(r.columns) {
		r.fault(number, 0, FaultOf("row.cells"))
		return
	}
	before := len(r.faults)
	row := Row{From: r.From}
	for i, column := range r.columns {
		for _, f := range r.cell(&row, column, strings.TrimSpace(cells[i])) {
			r.fault(number, i+1, f)
		}
	}
	if len(r.faults) > before {
		return
	}
	at := row.Start().start()
	if earlier, twice := r.seen[at]; twice {
		r.fault(number, 0, repeated("line", earlier))
		return
	}
	r.seen[at] = number
	r.rows = append(r.rows, row.canonical())
}

// cell reads one cell into the row and returns what is wrong with it.
func (r *reader) cell(row *Row, column, text string) Faults {
	code := ""
	switch column {
	case columnMCC:
		row.MCC = text
		return Network{MCC: text}.check(nil)
	case columnMNC:
		row.MNC = text
		return Network{MCC: "000", MNC: text}.check(nil)
	case columnMCCMNC:
		row.Network, code = parseCode(text)
	case columnPrice:
		row.Price, row.State, code = parsePrice(text, r.DecimalComma)
	case columnFrom:
		code = r.from(row, text)
	case columnCurrency:
		if !strings.EqualFold(text, string(r.Currency)) {
			code = "currency.other"
		}
	}
	if code == "" {
		return nil
	}
	return Faults{FaultOf(code)}
}

// from reads the instant from which the row holds.
func (r *reader) from(row *Row, text string) string {
	if text == "" && !r.From.IsZero() {
		return ""
	}
	t, code := parseInstant(text, r.Zone)
	if code != "" {
		return code
	}
	row.From = t
	return r.checkFrom(t)
}

// parseCode reads both codes written as one.
func parseCode(s string) (n Network, code string) {
	if len(s) < 3 {
		return n, "mccmnc.format"
	}
	n = Network{MCC: s[:3], MNC: s[3:]}
	if len(n.check(nil)) > 0 {
		return n, "mccmnc.format"
	}
	return n, ""
}

// parsePrice reads a price, or the word in its place.
func parsePrice(s string, decimalComma bool) (d decimal.Decimal, state State, code string) {
	switch word := State(strings.ToLower(s)); {
	case s == "":
		return d, state, "price.required"
	case word == StateClosed || word == StateWithdrawn:
		return d, word, ""
	case decimalComma && strings.Contains(s, "."):
		return d, state, "price.point"
	case decimalComma && strings.Count(s, ",") > 1:
		return d, state, "price.format"
	case decimalComma:
		s = strings.Replace(s, ",", ".", 1)
	}
	d, err := account.ParseAmount(s)
	if rule, broken := errors.AsType[account.Rule](err); broken {
		return d, state, "price." + string(rule)
	}
	return d, state, checkPrice(d)
}
