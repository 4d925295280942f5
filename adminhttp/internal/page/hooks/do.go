package hooks

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// hookAction is what one of the page's buttons does.
type hookAction struct {
	need  access.Need
	names []string // of its inputs
	run   func(http.ResponseWriter, *hooksPage) error
}

// hookActions returns all of them, by the name that a form sends.
func hookActions() map[string]hookAction {
	return map[string]hookAction{
		"test":   {access.TryHook, []string{"kind"}, testHook},
		"on":     {access.ReplayHook, []string{"kind"}, switchOnHook},
		"again":  {access.ReplayHook, []string{"delivery"}, sendAgain},
		"replay": {access.ReplayHook, []string{"replayKind", "from", "to", "done"}, replaySome},
		"secret": {access.NewHookSecret, []string{page.NameRevision, "overlapHours", "confirm"}, newHookSecret},
	}
}

// doHook does what one of the page's buttons asks for.
func doHook(w http.ResponseWriter, r *ask.Request) error {
	a := r.Client
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	action, known := hookActions()[values.Get(page.NameDo)]
	if !known {
		return ask.StatusError(http.StatusBadRequest)
	}
	if !r.Judge.Meets(action.need) {
		return ask.StatusError(http.StatusForbidden)
	}
	p := newHooksPage(r, a)
	p.values = values
	names := map[string]bool{page.NameDo: true}
	for _, name := range action.names {
		names[name] = true
	}
	if faults := page.CheckNames(values, names); len(faults) > 0 {
		return refuseHook(w, p, http.StatusUnprocessableEntity, faults...)
	}
	return action.run(w, p)
}

// refuseHook shows the page again with what was typed and why nothing was done.
func refuseHook(w http.ResponseWriter, p *hooksPage, status int, faults ...account.Fault) error {
	p.faults = faults
	return renderHooks(w, status, p)
}

// backToHooks leads to the page as it was looked at, with what to tell there.
func (p *hooksPage) backToHooks(w http.ResponseWriter, name, value string) error {
	values := p.state.values(p.state.Before)
	values.Set(name, value)
	page.Redirect(w, p.r.Root+"clients/"+p.account.ID.String()+"/webhooks?"+values.Encode())
	return nil
}

// testHook calls a URL, and shows what came of it at once: it is kept nowhere.
func testHook(w http.ResponseWriter, p *hooksPage) error {
	hook, err := p.r.Hook(p.values.Get("kind"))
	if err != nil {
		return err
	}
	try, err := p.r.Test(hook)
	if err != nil {
		return err
	}
	outcome, details := tryWords(try)
	p.done = &hookDone{Tone: "bad", Title: words.Textf("Test of %s: %s.", words.HookName(hook.Kind), outcome), Text: details, Reply: try.Reply}
	if try.Code == "ok" {
		p.done.Tone = "good"
	}
	return renderHooks(w, http.StatusOK, p)
}

func switchOnHook(w http.ResponseWriter, p *hooksPage) error {
	hook, err := p.r.Hook(p.values.Get("kind"))
	if err != nil {
		return err
	}
	if err := p.r.Service.SwitchOn(p.r.Context(), hook); err != nil {
		return err
	}
	return p.backToHooks(w, "on", string(hook.Kind))
}

// sendAgain sends one delivery again that was given up.
func sendAgain(w http.ResponseWriter, p *hooksPage) error {
	id, err := account.ParseID(p.values.Get("delivery"))
	if err != nil {
		return account.ErrNotFound
	}
	return replayHook(w, p, clientaccount.Replay{Account: p.account.ID, IDs: []account.ID{id}})
}

// replaySome sends the deliveries of a webhook and a time again.
func replaySome(w http.ResponseWriter, p *hooksPage) error {
	what := clientaccount.Replay{Account: p.account.ID, Kind: account.HookKind(p.values.Get("replayKind")), Done: p.values.Get("done") == "true"}
	faults := p.typedTimes(&what)
	if what.Kind != "" && !slices.Contains(p.r.Judge.Hooks(), what.Kind) {
		faults = append(faults, account.NewFault("replayKind", "hook.unknown"))
	}
	if len(faults) > 0 {
		return refuseHook(w, p, http.StatusUnprocessableEntity, faults...)
	}
	return replayHook(w, p, what)
}

// typedTimes reads the ends of a replay, which are typed by the client's clock.
func (p *hooksPage) typedTimes(what *clientaccount.Replay) (faults account.Faults) {
	for _, end := range []struct {
		name string
		into *time.Time
	}{{"from", &what.From}, {"to", &what.To}} {
		text := p.values.Get(end.name)
		if text == "" {
			continue
		}
		t, ok := kind.Local(text, words.Zone(p.seen))
		if *end.into = t; !ok {
			faults = append(faults, account.Fault{Path: end.name, Code: "time.format", Text: kind.LocalFault})
		}
	}
	return faults
}

func replayHook(w http.ResponseWriter, p *hooksPage, what clientaccount.Replay) error {
	n, err := p.r.Replay(what)
	if faults, bad := account.AsFaults(err); bad {
		return refuseHook(w, p, http.StatusUnprocessableEntity, faults...)
	}
	if err != nil {
		return err
	}
	return p.backToHooks(w, "replayed", strconv.Itoa(n))
}

// newHookSecret makes a secret and shows it, this once.
func newHookSecret(w http.ResponseWriter, p *hooksPage) error {
	revision, ok := page.RevisionOf(p.values, page.NameRevision)
	if !ok {
		return refuseHook(w, p, http.StatusPreconditionRequired, ask.VersionRequired)
	}
	overlap, fault := ask.OverlapOf(p.values.Get("overlapHours"))
	var faults account.Faults
	if fault != nil {
		faults = append(faults, *fault)
	}
	if p.values.Get("confirm") != "true" {
		faults = append(faults, account.NewFault("confirm", "confirm.required"))
	}
	if len(faults) > 0 {
		return refuseHook(w, p, http.StatusUnprocessableEntity, faults...)
	}
	secret, result, err := p.r.NewHookSecret(revision, overlap)
	if _, stale := ask.AsStale(err); stale {
		return refuseHook(w, p, http.StatusConflict, account.Fault{
			Code: "version.conflict", Text: "The client was changed meanwhile, so no secret was made. Look, then ask for it again.",
		})
	}
	if faults, bad := account.AsFaults(err); bad {
		return refuseHook(w, p, http.StatusUnprocessableEntity, faults...)
	}
	if err != nil {
		return err
	}
	return page.ShowOnce(w, p.r, result.Account, "webhooks", page.Once{
		Title: "The new webhook secret", Secret: secret, Long: true,
		Text: words.Textf("Hand it to the client now: it is shown this once. Webhooks are signed with it from now on; %s", before(overlap)),
	})
}

// before says what becomes of the secret before.
func before(overlap time.Duration) words.Text {
	if overlap == 0 {
		return "the one before has ended."
	}
	return words.Textf("the one before stays valid for %s.", words.Plural(int(overlap/time.Hour), "more hour"))
}
