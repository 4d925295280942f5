package adminhttp

import (
	"encoding/json"
	"strings"

	"github.com/clientaccount/clientaccount/account"
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
func textOf(f account.Field, n node) (string, account.Faults) {
	switch {
	case n.kind == jsonNull:
		return "", nil
	case f.Kind == account.FieldFlag:
		return n.text, typeFault(f.Path, n.kind == jsonBool)
	case f.Kind == account.FieldDays && n.kind == jsonArray:
		return listText(f, n, jsonNumber)
	case f.Kind == account.FieldList && n.kind == jsonArray:
		return listText(f, n, jsonString)
	case f.Kind == account.FieldDispatch && n.kind == jsonObject:
		return wholeDispatch(f, n)
	case f.Kind == account.FieldLimit && n.kind == jsonObject:
		return wholeLimit(f, n)
	case isNumber(f) || f.Kind == account.FieldAmount || f.Kind == account.FieldLimit:
		return n.text, typeFault(f.Path, n.isText())
	default:
		return n.text, typeFault(f.Path, n.kind == jsonString)
	}
}

func typeFault(path string, right bool) account.Faults {
	if right {
		return nil
	}
	return account.Faults{account.NewFault(path, "field.type")}
}

// listText joins the items, each of which must be one: no separators within.
func listText(f account.Field, n node, kind jsonKind) (string, account.Faults) {
	texts := make([]string, len(n.items))
	for i, item := range n.items {
		if item.kind != kind {
			return "", typeFault(f.Path, false)
		}
		if strings.ContainsAny(item.text, ",\r\n") || strings.TrimSpace(item.text) == "" {
			return "", account.Faults{account.NewFault(f.Path, f.Noun+".format")}
		}
		texts[i] = item.text
	}
	return strings.Join(texts, ","), nil
}

// parts are the members of a small object that stands for one field: those that
// are known, as they are, and the faults of the others.
func parts(f account.Field, n node, names ...string) (map[string]node, account.Faults) {
	known, found := map[string]node{}, account.Faults(nil)
	for _, name := range names {
		known[name] = node{}
	}
	for _, m := range n.members {
		if _, ok := known[m.name]; !ok {
			path := join(f.Path, m.name)
			found = addFault(found, account.NewFault(path, "field.unknown", path))
			continue
		}
		known[m.name] = m.value
	}
	return known, found
}

// wholeLimit takes {"value", "unit"}; the unit left out is messages.
func wholeLimit(f account.Field, n node) (string, account.Faults) {
	of, faults := parts(f, n, "value", "unit")
	value, unit := of["value"], of["unit"]
	if value.kind != jsonNull && !value.isText() {
		faults = append(faults, typeFault(f.Path+".value", false)...)
	}
	if unit.kind != jsonNull && unit.kind != jsonString {
		faults = append(faults, typeFault(f.Path+".unit", false)...)
	}
	if len(faults) == 0 && strings.TrimSpace(value.text) == "" {
		faults = account.Faults{account.NewFault(f.Path, f.Noun+".range")}
	}
	return strings.TrimSpace(value.text + " " + unit.text), faults
}

// wholeDispatch takes {"days", "from", "to"}; days left out are every day.
func wholeDispatch(f account.Field, n node) (string, account.Faults) {
	of, faults := parts(f, n, "days", "from", "to")
	for _, end := range []string{"from", "to"} {
		if of[end].kind != jsonNull && of[end].kind != jsonString {
			faults = append(faults, typeFault(f.Path+"."+end, false)...)
		}
	}
	days, text := of["days"], ""
	if days.kind != jsonNull {
		names, more := dayNames(f, days)
		text, faults = names+" ", append(faults, more...)
	}
	if from, to := of["from"].text, of["to"].text; from != "" && to != "" {
		return text + from + "-" + to, faults
	}
	if len(faults) == 0 {
		faults = account.Faults{account.NewFault(f.Path, f.Noun+".pair")}
	}
	return "", faults
}

func dayNames(f account.Field, days node) (string, account.Faults) {
	names := make([]string, len(days.items))
	for i, day := range days.items {
		if day.kind != jsonString {
			return "", typeFault(f.Path+".days", false)
		}
		names[i] = day.text
	}
	return strings.Join(names, ","), typeFault(f.Path+".days", days.kind == jsonArray)
}
