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
	Kind, Name string
	URL        string // masked; empty: none
	Pill       page.Pill
	Note       string
	When       *words.Moment // what the note is about
	Waiting    string
	Dead       string
	DeadURL    string // of the page: what was given up
	Test       bool   // has the button
	On         string // the button's words; empty: it has none
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
			v.Done = &hookDone{Tone: "good", Title: row.Name + " is on, and tried again at once."}
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
	tell := func(word, tone, note string, at time.Time) {
		row.Pill, row.Note = page.Pill{Word: word, Tone: tone}, note
		if !at.IsZero() {
			when := p.moment(at)
			row.When = &when
		}
	}
	failed := words.Plural(health.Failures, "failure") + " in a row"
	switch {
	case row.URL == "":
		tell("No URL", "off", "Nothing is sent.", time.Time{})
	case !health.OffAt.IsZero():
		tell("Switched off", "bad", words.HookCode(health.OffCode)+". Off since", health.OffAt)
	case health.PausedUntil.After(p.now):
		tell("Paused", "warn", failed+". Next try", health.PausedUntil)
	case health.Failures > 0:
		tell("Failing", "warn", failed+". Failing since", health.FailingSince)
	default:
		tell("Working", "good", "No failures.", time.Time{})
	}
}
