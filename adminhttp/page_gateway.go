package adminhttp

import (
	"net/http"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// onceView shows a new secret, once.
type onceView struct {
	Head   clientHead
	Title  string
	Secret string
	Long   bool
	Text   string
	Next   string // URL
}

func newGatewayPassword(w http.ResponseWriter, r *ask.Request) error {
	a := r.Client
	values, err := readValues(r)
	if err != nil {
		return err
	}
	revision, ok := revisionOf(values, nameRevision)
	if !ok {
		return showForm(w, r, http.StatusPreconditionRequired, a, form{}, account.Faults{ask.VersionRequired})
	}
	password, result, err := r.Service.NewGatewayPassword(r.Context(), a.ID, revision, r.Actor)
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
	return showOnce(w, r, result.Account, "edit", onceView{
		Title: "The new gateway password", Secret: password,
		Text: "Hand it to the client now: it is shown this once, and kept only as a hash. The one before it no longer opens SMPP or the API.",
	})
}

// showOnce answers with a secret, on a page of the client's tab.
func showOnce(w http.ResponseWriter, r *ask.Request, a account.Account, tab string, v onceView) error {
	d, err := readDirectory(r)
	if err != nil {
		return err
	}
	if v.Head, err = newHead(r, a, d, tab); err != nil {
		return err
	}
	v.Next = v.Head.URL(tab)
	return show(w, r, http.StatusOK, "once", v.Title+" · "+v.Head.Name, v)
}
