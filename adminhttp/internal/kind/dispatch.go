package kind

import (
	"net/url"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Parts that a time of dispatch is typed in.
const (
	partDays = ".days"
	partFrom = ".from"
	partTo   = ".to"
)

// Several reports whether an input of this name may come more than once in a form.
func Several(name string) bool {
	return name == NameFlag || strings.HasSuffix(name, partDays) || strings.HasSuffix(name, partChosen)
}

// dispatch is a time of dispatch: days of the week and hours of the day.
type dispatch struct{ line }

func (dispatch) Parts() []string { return []string{partDays, partFrom, partTo} }

func (d dispatch) Read(form url.Values, path string) (string, bool) {
	if !form.Has(path+partFrom) && !form.Has(path+partTo) {
		return d.line.Read(form, path)
	}
	hours := words.ReadHour(form.Get(path+partFrom)) + "-" + words.ReadHour(form.Get(path+partTo))
	return strings.Join(form[path+partDays], ",") + " " + hours, true
}

func (dispatch) Fill(c *Control, _ account.Field, _ Page) {
	var was account.Dispatch
	_ = was.UnmarshalText([]byte(c.Base)) // stored: it reads
	days, hours, _ := strings.Cut(strings.ReplaceAll(c.Value, "–", "-"), " ")
	c.Value, c.Second, _ = strings.Cut(hours, "-")
	c.Base, c.SecondBase = was.From.String(), was.To.String()
	on, _ := account.ParseWeekdays(days)
	for _, day := range account.Week() {
		c.Boxes = append(c.Boxes, box{day.String()[:3], words.Text(day.String()[:3]), words.Text(day.String()), on.Has(day), was.Days.Has(day)})
	}
}

func (dispatch) words(_ Wording, _ account.Field, text string) words.Text {
	var d account.Dispatch
	if d.UnmarshalText([]byte(text)) != nil {
		return words.Plain(text)
	}
	return words.Dispatch(d)
}

// dispatchJSON is a time of dispatch in JSON.
type dispatchJSON struct {
	Days []string `json:"days"`
	From string   `json:"from"`
	To   string   `json:"to"`
}

func (dispatch) value(_ account.Field, text string) any {
	if text == "" {
		return nil
	}
	var d account.Dispatch
	_ = d.UnmarshalText([]byte(text)) // canonical: it reads
	days := strings.Split(strings.ToLower(d.Days.String()), ",")
	return dispatchJSON{Days: days, From: d.From.String(), To: d.To.String()}
}

// text takes {"days", "from", "to"}, days left out being every day, or the text.
func (d dispatch) text(f account.Field, v sent.Value) (string, account.Faults) {
	if v.Kind != sent.KindObject {
		return d.line.text(f, v)
	}
	of, faults := parts(f, v, "days", "from", "to")
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

func (dispatch) schema(_ account.Field, write bool) Schema { return orText(write, ref("Dispatch")) }

// parts returns the members of a small object that stands for one field: those that
// are known, as they are, and the faults of the others.
func parts(f account.Field, v sent.Value, names ...string) (map[string]sent.Value, account.Faults) {
	known, found := map[string]sent.Value{}, account.Faults(nil)
	for _, name := range names {
		known[name] = sent.Value{}
	}
	for _, m := range v.Members {
		if _, ok := known[m.Name]; !ok {
			path := sent.Within(f.Path, m.Name)
			found = sent.AddFault(found, account.NewFault(path, "field.unknown", path))
			continue
		}
		known[m.Name] = m.Value
	}
	return known, found
}
