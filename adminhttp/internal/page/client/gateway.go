package client

import (
	"net/http"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
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
