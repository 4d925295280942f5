package hooks

import (
	"slices"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// secretsView are the secrets that a client's webhooks are signed with.
type secretsView struct {
	Present *words.Moment // when it was made; nil: there is none
	Before  []words.Moment
	Form    []kind.Control // empty: none may be made
	// Revision of the client that the form was made from.
	Revision int64
}

// overlaps are for how many hours the secret before may stay valid, as the page
// offers it.
var overlaps = []kind.Option{
	{Value: "0", Label: "Ends at once"},
	{Value: "1", Label: "Valid for 1 more hour"},
	{Value: "24", Label: "Valid for 24 more hours"},
	{Value: "168", Label: "Valid for 7 more days"},
	{Value: "720", Label: "Valid for 30 more days"},
}

// control returns an input of one of the page's forms, with what was typed into it and
// what is wrong with that.
func (p *hooksPage) control(c kind.Control) kind.Control {
	c.ID = kind.ControlID(c.Path)
	c.Described, c.Plain = c.ID+"-hint", true
	if p.values.Has(c.Path) {
		c.Value = p.values.Get(c.Path)
	}
	c.On = c.Widget == "flag" && p.values.Get(c.Path) == "true"
	c.Refused(page.TextsOn(p.faults, c.Path))
	return c
}

// addReplay is the form that sends deliveries again.
func addReplay(p *hooksPage, v *hooksView) error {
	if !p.r.Judge.Meets(access.ReplayHook) {
		return nil
	}
	kinds := []kind.Option{{Label: "All of them"}}
	for _, hook := range p.r.Judge.Hooks() {
		kinds = append(kinds, kind.Option{Value: string(hook), Label: words.HookName(hook)})
	}
	clock := words.Textf("By the clock of %s.", words.Zone(p.seen).String())
	which := p.control(kind.Control{Path: "replayKind", Label: "Webhook", Widget: "select", Effect: "Whose deliveries."})
	which.Options = kind.NewOptions(kinds).Selected(which.Value)
	v.Replay = []kind.Control{
		which,
		p.control(kind.Control{Path: "from", Label: "From", Widget: "time", Effect: "Accepted then or later; a webhook or a time is needed.", Now: clock}),
		p.control(kind.Control{Path: "to", Label: "To", Widget: "time", Effect: "Accepted before; may stay empty.", Now: clock}),
		p.control(kind.Control{Path: "done", Label: "Also what was delivered", Widget: "flag", Effect: "Otherwise only what was given up."}),
	}
	return nil
}

// addSecrets says which secrets are valid, and offers a new one.
func addSecrets(p *hooksPage, v *hooksView) error {
	times, err := p.r.HookSecrets()
	if err != nil || !p.r.Judge.Shows(account.PathHookSecret) {
		return err
	}
	v.Secrets = &secretsView{Revision: p.account.Revision}
	for _, secret := range times {
		if secret.EndsAt.IsZero() {
			made := p.moment(secret.CreatedAt)
			v.Secrets.Present = &made
			continue
		}
		v.Secrets.Before = append(v.Secrets.Before, p.moment(secret.EndsAt))
	}
	if !p.r.Judge.Meets(access.NewHookSecret) {
		return nil
	}
	overlap := p.control(kind.Control{
		Path: "overlapHours", Label: "The secret before", Widget: "select", Value: strconv.Itoa(int(ask.DefaultOverlap / time.Hour)),
		Effect: "While both are valid, every call is signed with both.",
	})
	overlap.Options = kind.NewOptions(slices.Clone(overlaps)).Selected(overlap.Value)
	v.Secrets.Form = []kind.Control{overlap, p.control(kind.Control{
		Path: "confirm", Label: "Make a new secret", Widget: "flag", Effect: "It is shown once. The client's receivers must be given it before the old one ends.",
	})}
	return nil
}
