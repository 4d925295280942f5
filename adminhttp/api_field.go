package adminhttp

import (
	"encoding/json"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// isNumber says whether a field is a number in JSON: a number, or a choice among
// numbers.
func isNumber(f account.Field) bool {
	if f.Kind != account.FieldChoice || len(f.Choices) == 0 {
		return f.Kind == account.FieldNumber
	}
	for _, c := range f.Choices {
		if strings.Trim(c.Value, "0123456789") != "" {
			return false
		}
	}
	return true
}

// limitJSON is a notification limit in JSON.
type limitJSON struct {
	Value string            `json:"value"`
	Unit  account.LimitUnit `json:"unit"`
}

// dispatchJSON is a time of dispatch in JSON.
type dispatchJSON struct {
	Days []string `json:"days"`
	From string   `json:"from"`
	To   string   `json:"to"`
}

// valueOf is a field's text as a value of JSON: nil when unset.
func valueOf(f account.Field, text string) any {
	switch {
	case f.Kind == account.FieldFlag:
		return text == "true"
	case f.Kind == account.FieldDays:
		return daysValue(text)
	case f.Kind == account.FieldList:
		return sendersValue(text)
	case text == "":
		return nil
	case isNumber(f):
		return json.Number(text)
	case f.Kind == account.FieldLimit:
		value, unit, _ := strings.Cut(text, " ")
		return limitJSON{value, account.LimitUnit(unit)}
	case f.Kind == account.FieldDispatch:
		return dispatchValue(text)
	default:
		return f.Shown(text)
	}
}

// The texts below are canonical, so that reading them back cannot fail.

func daysValue(text string) []int {
	var days account.MonthDays
	_ = days.UnmarshalText([]byte(text))
	return append([]int{}, days.Days()...)
}

func sendersValue(text string) []string {
	var senders account.Senders
	_ = senders.UnmarshalText([]byte(text))
	return append([]string{}, senders...)
}

func dispatchValue(text string) dispatchJSON {
	var d account.Dispatch
	_ = d.UnmarshalText([]byte(text))
	days := strings.Split(strings.ToLower(d.Days.String()), ",")
	return dispatchJSON{Days: days, From: d.From.String(), To: d.To.String()}
}

// textOf is a value of JSON as the field's text, or why it cannot be. Whether the
// text means anything is judged where it is set.
func textOf(f account.Field, n sent.Value) (string, account.Faults) {
	switch {
	case n.Kind == sent.KindNull:
		return "", nil
	case f.Kind == account.FieldFlag:
		return n.Text, sent.TypeFaults(f.Path, n.Kind == sent.KindBool)
	case f.Kind == account.FieldDays && n.Kind == sent.KindArray:
		return listText(f, n, sent.KindNumber)
	case f.Kind == account.FieldList && n.Kind == sent.KindArray:
		return listText(f, n, sent.KindString)
	case f.Kind == account.FieldDispatch && n.Kind == sent.KindObject:
		return wholeDispatch(f, n)
	case f.Kind == account.FieldLimit && n.Kind == sent.KindObject:
		return wholeLimit(f, n)
	case isNumber(f) || f.Kind == account.FieldAmount || f.Kind == account.FieldLimit:
		return n.Text, sent.TypeFaults(f.Path, n.IsText())
	default:
		return n.Text, sent.TypeFaults(f.Path, n.Kind == sent.KindString)
	}
}

// listText joins the items, each of which must be one: no separators within.
func listText(f account.Field, n sent.Value, kind sent.Kind) (string, account.Faults) {
	texts := make([]string, len(n.Items))
	for i, item := range n.Items {
		if item.Kind != kind {
			return "", sent.TypeFaults(f.Path, false)
		}
		if strings.ContainsAny(item.Text, ",\r\n") || strings.TrimSpace(item.Text) == "" {
			return "", account.Faults{account.NewFault(f.Path, f.Noun+".format")}
		}
		texts[i] = item.Text
	}
	return strings.Join(texts, ","), nil
}

// parts are the members of a small object that stands for one field: those that
// are known, as they are, and the faults of the others.
func parts(f account.Field, n sent.Value, names ...string) (map[string]sent.Value, account.Faults) {
	known, found := map[string]sent.Value{}, account.Faults(nil)
	for _, name := range names {
		known[name] = sent.Value{}
	}
	for _, m := range n.Members {
		if _, ok := known[m.Name]; !ok {
			path := sent.Within(f.Path, m.Name)
			found = sent.AddFault(found, account.NewFault(path, "field.unknown", path))
			continue
		}
		known[m.Name] = m.Value
	}
	return known, found
}

// wholeLimit takes {"value", "unit"}; the unit left out is messages.
func wholeLimit(f account.Field, n sent.Value) (string, account.Faults) {
	of, faults := parts(f, n, "value", "unit")
	value, unit := of["value"], of["unit"]
	if value.Kind != sent.KindNull && !value.IsText() {
		faults = append(faults, sent.TypeFaults(f.Path+".value", false)...)
	}
	if unit.Kind != sent.KindNull && unit.Kind != sent.KindString {
		faults = append(faults, sent.TypeFaults(f.Path+".unit", false)...)
	}
	if len(faults) == 0 && strings.TrimSpace(value.Text) == "" {
		faults = account.Faults{account.NewFault(f.Path, f.Noun+".range")}
	}
	return strings.TrimSpace(value.Text + " " + unit.Text), faults
}

// wholeDispatch takes {"days", "from", "to"}; days left out are every day.
func wholeDispatch(f account.Field, n sent.Value) (string, account.Faults) {
	of, faults := parts(f, n, "days", "from", "to")
	for _, end := range []string{"from", "to"} {
		if of[end].Kind != sent.KindNull && of[end].Kind != sent.KindString {
			faults = append(faults, sent.TypeFaults(f.Path+"."+end, false)...)
		}
	}
	days, text := of["days"], ""
	if days.Kind != sent.KindNull {
		names, more := dayNames(f, days)
		text, faults = names+" ", append(faults, more...)
	}
	if from, to := of["from"].Text, of["to"].Text; from != "" && to != "" {
		return text + from + "-" + to, faults
	}
	if len(faults) == 0 {
		faults = account.Faults{account.NewFault(f.Path, f.Noun+".pair")}
	}
	return "", faults
}

func dayNames(f account.Field, days sent.Value) (string, account.Faults) {
	names := make([]string, len(days.Items))
	for i, day := range days.Items {
		if day.Kind != sent.KindString {
			return "", sent.TypeFaults(f.Path+".days", false)
		}
		names[i] = day.Text
	}
	return strings.Join(names, ","), sent.TypeFaults(f.Path+".days", days.Kind == sent.KindArray)
}
