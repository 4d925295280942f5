package adminhttp

import (
	"net/http"

	"github.com/clientaccount/clientaccount/account"
)

// gatewayView shows a new gateway password, once.
type gatewayView struct {
	Head     clientHead
	Password string
}

func (h *handler) newGatewayPassword(w http.ResponseWriter, r *request) error {
	if !r.policy.may(ActionEdit) || !r.policy.may(ActionPassword) {
		return statusError(http.StatusForbidden)
	}
	a, err := h.client(r)
	if err != nil {
		return err
	}
	values, err := readValues(r)
	if err != nil {
		return err
	}
	revision, ok := revisionOf(values, nameRevision)
	if !ok {
		return h.showForm(w, r, http.StatusPreconditionRequired, a, form{}, account.Faults{versionRequired})
	}
	password, result, err := h.svc.NewGatewayPassword(r.Context(), a.ID, revision, r.actor)
	if _, stale := asStale(err); stale {
		return h.showForm(w, r, http.StatusConflict, a, form{}, account.Faults{{
			Code: "version.conflict", Text: "The client was changed meanwhile, so no gateway password was made. Look, then ask for it again.",
		}})
	}
	if err != nil {
		return err
	}
	d, err := h.directory(r)
	if err != nil {
		return err
	}
	head, err := h.clientHead(r, result.Account, d, "edit")
	if err != nil {
		return err
	}
	return h.show(w, r, http.StatusOK, "gateway", "Gateway password · "+head.Name, gatewayView{head, password})
}
