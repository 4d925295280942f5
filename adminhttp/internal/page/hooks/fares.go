package hooks

import (
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// hookRow is a webhook and how it fares.
type hookRow struct {
	Kind    string
	Name    words.Text
	URL     string // masked; empty: none
	Pill    page.Pill
	Note    words.Text
	When    *words.Moment // what the note is about
	Waiting words.Text
	Dead    words.Text
	DeadURL string     // of the page: what was given up
	Test    bool       // has the button
	On      words.Text // the button's words; empty: it has none
}

func addHooks(p *hooksPage, v *hooksView) error {
	statuses, err := p.r.HookStatuses(p.account.ID)
	if err != nil {
		return err
	}
	for _, s := range statuses {
		row := p.hookRow(s)
		row.Test = row.URL != "" && p.r.TestHook != nil && p.r.Judge.MayHook(access.TestHook)
		if s.Dead > 0 {
			row.DeadURL = hookState{Kind: row.Kind, State: string(clientaccount.DeliveryDead)}.URL(v.Head.URL("webhooks"), 0)
		}
		v.Hooks = append(v.Hooks, row)
		v.Buttons = v.Buttons || row.Test || row.On != ""
		if s.Hook.Kind == p.switchedOn() && s.Health.OffAt.IsZero() {
			v.Done = &hookDone{Tone: "good", Title: words.Textf("%s is on, and tried again at once.", row.Name)}
		}
	}
	return nil
}

func (p *hooksPage) hookRow(s clientaccount.HookStatus) hookRow {
	f := ask.HookField(s.Hook.Kind)
	row := hookRow{
		Kind: string(s.Hook.Kind), Name: words.HookName(s.Hook.Kind), Waiting: counted(s.Waiting), Dead: counted(s.Dead),
		URL: f.Shown(f.Text(p.seen)),
	}
	if row.URL != "" && p.r.Judge.MayHook(access.Replay) {
		switch {
		case !s.Health.OffAt.IsZero():
			row.On = "Switch on"
		case s.Health.PausedUntil.After(p.now):
			row.On = "Try now"
		}
	}
	p.fares(&row, s.Health)
	return row
}

// fares says how a webhook fares, the worst that holds.
func (p *hooksPage) fares(row *hookRow, health clientaccount.Health) {
	tell := func(word words.Text, tone string, note words.Text, at time.Time) {
		row.Pill, row.Note = page.Pill{Word: word, Tone: tone}, note
		if !at.IsZero() {
			when := p.moment(at)
			row.When = &when
		}
	}
	failed := words.Textf("%s in a row", words.Plural(health.Failures, "failure"))
	switch {
	case row.URL == "":
		tell("No URL", "off", "Nothing is sent.", time.Time{})
	case !health.OffAt.IsZero():
		tell("Switched off", "bad", words.Textf("%s. Off since", words.HookCode(health.OffCode)), health.OffAt)
	case health.PausedUntil.After(p.now):
		tell("Paused", "warn", words.Textf("%s. Next try", failed), health.PausedUntil)
	case health.Failures > 0:
		tell("Failing", "warn", words.Textf("%s. Failing since", failed), health.FailingSince)
	default:
		tell("Working", "good", "No failures.", time.Time{})
	}
}
