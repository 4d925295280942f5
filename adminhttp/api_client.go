package adminhttp

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// edit is what the actor does to a client, and why.
func (r *request) edit(apply func(*account.Account) error) clientaccount.Edit {
	return clientaccount.Edit{Actor: r.actor, Reason: r.URL.Query().Get("reason"), Apply: apply, Guard: r.policy.guard}
}

// withYours adds what was wanted to the error of a lost race.
func withYours(err error, apply func(*account.Account) error) error {
	if stale, ok := errors.AsType[*clientaccount.StaleError](err); ok {
		return conflicting{stale, apply}
	}
	return err
}

// editable is the client of the path and the revision that was edited, if the
// actor may do this to clients.
func (h *handler) editable(r *request, actions ...Action) (account.Account, int64, error) {
	a, err := h.client(r)
	if err != nil {
		return a, 0, err
	}
	for _, action := range actions {
		if !r.policy.may(action) {
			return a, 0, statusError(http.StatusForbidden)
		}
	}
	revision, err := r.version(a.Revision)
	return a, revision, err
}

// answerClient writes a client as it is now, its version, and the warnings of an edit.
func (h *handler) answerClient(w http.ResponseWriter, r *request, status int, result clientaccount.Result) error {
	o, err := h.clientJSON(r, result.Account)
	if err != nil {
		return err
	}
	if warnings := visibleFaults(r.policy, result.Warnings); len(warnings) > 0 {
		o["warnings"] = warnings
	}
	setVersion(w.Header(), result.Account.Revision)
	return h.answer(w, r, status, o)
}

// visibleFaults are those of fields that the actor sees.
func visibleFaults(p Policy, faults []account.Fault) []account.Fault {
	visible := []account.Fault{}
	for _, fault := range faults {
		if f, known := account.FieldAt(fault.Path); !known || p.access(f) != Hidden {
			visible = append(visible, p.discreet(fault))
		}
	}
	return visible
}

func (h *handler) apiClient(w http.ResponseWriter, r *request) error {
	a, err := h.client(r)
	if err != nil {
		return err
	}
	return h.answerClient(w, r, http.StatusOK, clientaccount.Result{Account: a})
}

func (h *handler) apiCreate(w http.ResponseWriter, r *request) error {
	if !r.policy.may(ActionCreate) {
		return statusError(http.StatusForbidden)
	}
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	body, parent, faults, err := h.takeParent(r, body)
	if err != nil {
		return err
	}
	change, more := shapeOf(r.policy).omittingNulls().read(body)
	edit := r.creating(parent, r.URL.Query().Get("reason"), applying(change, append(faults, more...)))
	if r.previews() {
		result, err := h.svc.PreviewCreate(r.Context(), edit)
		return h.answerPreview(w, r, result, err)
	}
	result, err := h.svc.Create(r.Context(), edit)
	if err != nil {
		return err
	}
	w.Header().Set("Location", r.root+"api/clients/"+result.Account.ID.String())
	return h.answerClient(w, r, http.StatusCreated, result)
}

func (h *handler) apiPatch(w http.ResponseWriter, r *request) error {
	a, revision, err := h.editable(r, ActionEdit)
	if err != nil {
		return err
	}
	body, err := readObject(r, jsonMedia, patchMedia)
	if err != nil {
		return err
	}
	apply := applying(shapeOf(r.policy).read(body))
	if r.previews() {
		result, err := h.svc.Preview(r.Context(), a.ID, revision, r.edit(apply))
		return h.answerPreview(w, r, result, withYours(err, apply))
	}
	result, err := h.svc.Update(r.Context(), a.ID, revision, r.edit(apply))
	if err != nil {
		return withYours(err, apply)
	}
	return h.answerClient(w, r, http.StatusOK, result)
}

// previews says whether only the outcome is asked for.
func (r *request) previews() bool { return r.URL.Query().Get("preview") == "true" }

func (h *handler) answerPreview(w http.ResponseWriter, r *request, result clientaccount.Result, err error) error {
	if err != nil {
		return err
	}
	return h.answer(w, r, http.StatusOK, object{
		"changes":  changesJSON(r.policy, result.Change),
		"warnings": visibleFaults(r.policy, result.Warnings),
	})
}

// apiPassword sets the password: {"password", "password_retype"}, the second of
// which a program may leave out.
func (h *handler) apiPassword(w http.ResponseWriter, r *request) error {
	a, revision, err := h.editable(r, ActionEdit, ActionPassword)
	if err != nil {
		return err
	}
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	apply := settingPassword(body, r.policy)
	result, err := h.svc.Update(r.Context(), a.ID, revision, r.edit(apply))
	if err != nil {
		return withYours(err, nil)
	}
	setVersion(w.Header(), result.Account.Revision)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func settingPassword(body document, p Policy) func(*account.Account) error {
	plain, _ := account.FieldAt("password")
	retype, _ := account.FieldAt("password_retype")
	change, faults := shape{fields: []account.Field{plain, retype}}.omittingNulls().read(body)
	typed, ok := change.At(plain.Path)
	switch _, repeated := change.At(retype.Path); {
	case p.access(plain) == Hidden:
		faults = account.Faults{account.NewFault(plain.Path, "field.forbidden", plain.Path)}
	case len(faults) == 0 && (!ok || typed.New == ""):
		faults = account.Faults{account.NewFault(plain.Path, "password.required")}
	case ok && !repeated:
		change = change.Set(retype.Path, typed.New)
	}
	return applying(change, faults)
}

// apiGatewayPassword answers a new gateway password: the only time it is shown.
func (h *handler) apiGatewayPassword(w http.ResponseWriter, r *request) error {
	a, revision, err := h.editable(r, ActionEdit, ActionPassword)
	if err != nil {
		return err
	}
	if err := readNothing(r); err != nil {
		return err
	}
	plain, result, err := h.svc.NewGatewayPassword(r.Context(), a.ID, revision, r.actor)
	if err != nil {
		return withYours(err, nil)
	}
	setVersion(w.Header(), result.Account.Revision)
	return h.answer(w, r, http.StatusOK, object{"password": plain, "revision": result.Account.Revision})
}

// readNothing accepts an empty body or {}.
func readNothing(r *request) error {
	body, err := readOptional(r)
	if err != nil {
		return err
	}
	_, faults := shape{}.read(body)
	return faults.Err()
}

// apiUndo takes back the change that led to a revision, as a new change.
func (h *handler) apiUndo(w http.ResponseWriter, r *request) error {
	a, revision, err := h.editable(r, ActionEdit, ActionHistory)
	if err != nil {
		return err
	}
	if err := readNothing(r); err != nil {
		return err
	}
	record, err := strconv.ParseInt(r.PathValue("revision"), 10, 64)
	if err != nil || record < 1 || record > a.Revision {
		return account.ErrNotFound
	}
	result, err := h.svc.Undo(r.Context(), a.ID, revision, record, r.edit(nil))
	if err != nil {
		return withYours(err, nil)
	}
	return h.answerClient(w, r, http.StatusOK, result)
}
