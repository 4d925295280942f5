// Package hooks is the page of a client's webhooks and their deliveries.
package hooks

import (
	"embed"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

//go:embed templates/*.html
var files embed.FS

var pages = page.Parse(files)

// Routes returns the page of a client's webhooks, and what its forms are sent to.
func Routes() []page.Route {
	pages() // parsed now, and not by the first request
	return []page.Route{
		page.Get("clients/{id}/webhooks", access.SeeHooks, showHooks),
		page.Post("clients/{id}/webhooks", access.SeeHooks, doHook),
	}
}

// hooksView is the page of a client's webhooks.
type hooksView struct {
	Head       page.Head
	Done       *hookDone
	Faults     []page.FaultLink
	Note       words.Text // why there is nothing to show
	Hooks      []hookRow
	Buttons    bool // a webhook has some
	Replay     []kind.Control
	Secrets    *secretsView
	Deliveries *deliveriesView
	Action     string // URL that the forms are sent to
}

// hookDone says what a button came to.
type hookDone struct {
	Tone  string
	Title words.Text
	Text  words.Text
	Reply string // what the far end said
}

// hooksPage is what the page is made from: who asks, the account, and what was sent
// and refused, if anything was.
type hooksPage struct {
	r       *ask.Request
	account account.Account
	seen    account.Account // the same, hidden fields blanked
	now     time.Time
	state   hookState
	values  url.Values // of the form that was sent
	faults  account.Faults
	done    *hookDone
}

func newHooksPage(r *ask.Request, a account.Account) *hooksPage {
	return &hooksPage{r: r, account: a, seen: r.Judge.Visible(a), now: r.Service.Now(), state: readHookState(r)}
}

// moment returns an instant by the client's clock.
func (p *hooksPage) moment(t time.Time) words.Moment {
	return words.MomentOf(t, p.now, words.Zone(p.seen))
}

func showHooks(w http.ResponseWriter, r *ask.Request) error {
	p := newHooksPage(r, r.Client)
	p.done = replayed(r)
	return renderHooks(w, http.StatusOK, p)
}

func renderHooks(w http.ResponseWriter, status int, p *hooksPage) error {
	head, err := page.ReadHead(p.r, p.account, "webhooks")
	if err != nil {
		return err
	}
	v := hooksView{Head: head, Done: p.done, Faults: p.summary()}
	v.Action = strings.TrimSuffix(p.state.URL(v.Head.URL("webhooks"), p.state.Before), "#deliveries")
	for _, part := range []func(*hooksPage, *hooksView) error{addHooks, addReplay, addSecrets, addDeliveries} {
		if err = part(p, &v); err != nil {
			break
		}
	}
	switch {
	case errors.Is(err, clientaccount.ErrNoOutbox):
		v.Note = "This platform keeps no webhook deliveries: it has no place for them, so none are sent from here."
	case err != nil:
		return err
	}
	title := words.Textf("Webhooks · %s", v.Head.Name)
	if len(v.Faults) > 0 {
		title = words.Textf("Errors · %s", title)
	}
	return pages.Show(w, p.r, status, "webhooks", title, v)
}

// replayed says what a replay came to, after it was done.
func replayed(r *ask.Request) *hookDone {
	n, err := strconv.Atoi(r.URL.Query().Get("replayed"))
	switch {
	case err != nil || n < 0:
		return nil
	case n == 0:
		return &hookDone{Tone: "info", Title: "There was nothing to send again."}
	case n == 1:
		return &hookDone{Tone: "good", Title: "1 delivery is sent again."}
	default:
		return &hookDone{Tone: "good", Title: words.Textf("%s deliveries are sent again.", words.Grouped(strconv.Itoa(n)))}
	}
}

// switchedOn returns the webhook that was switched on before this page was asked for.
func (p *hooksPage) switchedOn() account.HookKind {
	return account.HookKind(p.r.URL.Query().Get("on"))
}

// hookLabels are what the forms' inputs are called, by their names.
var hookLabels = map[string]words.Text{
	"replayKind": "Webhook", "from": "From", "to": "To", "overlapHours": "The secret before", "confirm": "Make a new secret",
}

// summary tells what was refused, each with a link to its input.
func (p *hooksPage) summary() []page.FaultLink {
	return page.FaultLinks(p.faults, func(path string) (label words.Text, href string) {
		if hookLabels[path] == "" {
			return "", ""
		}
		return hookLabels[path], "#" + kind.ControlID(path)
	})
}
