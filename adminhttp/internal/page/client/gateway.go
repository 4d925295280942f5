package client

import (
	"net/http"
	"net/url"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

func newGatewayPassword(w http.ResponseWriter, r *ask.Request) error {
	a := r.Client
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	revision, ok := page.RevisionOf(values, page.NameRevision)
	if !ok {
		return showForm(w, r, http.StatusPreconditionRequired, a, form{}, account.Faults{ask.VersionRequired})
	}
	refused := a.Status == account.StatusClosed || a.Revision != revision || r.SecretAlone(account.PathGatewayPassword) != nil
	if step := gatewayStep(r, values); !refused && !step.IsSeen(values) {
		return showGatewayStep(w, r, step)
	}
	password, result, err := r.NewGatewayPassword(revision)
	if _, stale := ask.AsStale(err); stale {
		return showForm(w, r, http.StatusConflict, a, form{}, account.Faults{{
			Code: "version.conflict", Text: "The client was changed meanwhile, so no gateway password was made. Look, then ask for it again.",
		}})
	}
	if faults, bad := account.AsFaults(err); bad {
		return showForm(w, r, http.StatusUnprocessableEntity, a, form{}, faults)
	}
	if err != nil {
		return err
	}
	return page.ShowOnce(w, r, result.Account, "edit", page.Once{
		Title: "The new gateway password", Secret: password,
		Text: "Hand it to the client now: it is shown this once, and kept only as a hash. The one before it no longer opens SMPP or the API.",
	})
}

// gatewayStep is what a new gateway password comes to.
func gatewayStep(r *ask.Request, values url.Values) *page.Step {
	client := r.Root + "clients/" + r.Client.ID.String()
	return &page.Step{
		Title:  "Before a new gateway password is made",
		Texts:  []words.Text{"If there is one already, it ends at once and cannot be brought back: whoever signs in with it by SMPP or the API no longer gets in."},
		Action: client + "/gateway-password", Inputs: page.SentAgain(values), Warned: account.PathGatewayPassword,
		Button: "Make a new one", Back: client + "/edit",
	}
}

// showGatewayStep shows the page with the step.
func showGatewayStep(w http.ResponseWriter, r *ask.Request, step *page.Step) error {
	_, view, err := storedView(r)
	if err != nil {
		return err
	}
	view.Final = step
	return pages.Show(w, r, http.StatusOK, "edit", view.Head.Name, view)
}
