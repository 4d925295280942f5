package adminhttp

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// edit is what the actor does to the client of the path, and why.
func (r *request) edit(reason string, apply func(*account.Account) error) (clientaccount.Edit, error) {
	return r.editBelow(r.client.Parent, reason, apply)
}

// reasonOf is why, as the query says.
func reasonOf(r *request) string { return r.URL.Query().Get("reason") }

// editBelow is what the actor does to a client that has a parent, or will have.
func (r *request) editBelow(parent account.ID, reason string, apply func(*account.Account) error) (clientaccount.Edit, error) {
	guard, err := r.judge.Guard(r.Context(), parent)
	return clientaccount.Edit{Actor: r.actor, Reason: reason, Apply: apply, Guard: guard}, err
}

// withYours adds what was wanted to the error of a lost race.
func withYours(err error, apply func(*account.Account) error) error {
	if stale, ok := errors.AsType[*clientaccount.StaleError](err); ok {
		return conflicting{stale, apply}
	}
	return err
}

// answerClient writes a client as it is now, its version, and the warnings of an edit.
func answerClient(w http.ResponseWriter, r *request, status int, result clientaccount.Result) error {
	o, err := clientOf(r, result.Account)
	if err != nil {
		return err
	}
	if warnings := r.judge.Warnings(result.Warnings); len(warnings) > 0 {
		o["warnings"] = warnings
	}
	setVersion(w.Header(), result.Account.Revision)
	return answer(w, r, status, o)
}

func apiClient(w http.ResponseWriter, r *request) error {
	return answerClient(w, r, http.StatusOK, clientaccount.Result{Account: r.client})
}

func apiCreate(w http.ResponseWriter, r *request) error {
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	body, parent, faults, err := takeParent(r, body)
	if err != nil {
		return err
	}
	change, more := shapeOf(r.judge).omittingNulls().read(body)
	edit, err := r.creating(parent, reasonOf(r), applying(change, append(faults, more...)))
	if err != nil {
		return err
	}
	if r.previews() {
		result, err := r.service.PreviewCreate(r.Context(), edit)
		return answerPreview(w, r, result, err)
	}
	result, err := r.service.Create(r.Context(), edit)
	if err != nil {
		return err
	}
	w.Header().Set("Location", r.root+"api/clients/"+result.Account.ID.String())
	return answerClient(w, r, http.StatusCreated, result)
}

func apiPatch(w http.ResponseWriter, r *request) error {
	revision, err := r.version(r.client.Revision)
	if err != nil {
		return err
	}
	body, err := readObject(r, jsonMedia, patchMedia)
	if err != nil {
		return err
	}
	apply := applying(shapeOf(r.judge).read(body))
	edit, err := r.edit(reasonOf(r), apply)
	if err != nil {
		return err
	}
	if r.previews() {
		result, err := r.service.Preview(r.Context(), r.id, revision, edit)
		return answerPreview(w, r, result, withYours(err, apply))
	}
	result, err := r.service.Update(r.Context(), r.id, revision, edit)
	if err != nil {
		return withYours(err, apply)
	}
	return answerClient(w, r, http.StatusOK, result)
}

// previews says whether only the outcome is asked for.
func (r *request) previews() bool { return r.URL.Query().Get("preview") == "true" }

func answerPreview(w http.ResponseWriter, r *request, result clientaccount.Result, err error) error {
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, object{
		"changes":  changesJSON(r.judge, result.Change),
		"warnings": append(account.Faults{}, r.judge.Warnings(result.Warnings)...),
	})
}

// apiPassword sets the password: {"password", "password_retype"}, the second of
// which a program may leave out.
func apiPassword(w http.ResponseWriter, r *request) error {
	revision, err := r.version(r.client.Revision)
	if err != nil {
		return err
	}
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	edit, err := r.edit(reasonOf(r), settingPassword(body, r.judge))
	if err != nil {
		return err
	}
	result, err := r.service.Update(r.Context(), r.id, revision, edit)
	if err != nil {
		return withYours(err, nil)
	}
	setVersion(w.Header(), result.Account.Revision)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func settingPassword(body sent.Document, p access.Judge) func(*account.Account) error {
	plain, _ := account.FieldAt("password")
	retype, _ := account.FieldAt("password_retype")
	change, faults := shape{fields: []account.Field{plain, retype}}.omittingNulls().read(body)
	typed, ok := change.At(plain.Path)
	switch _, repeated := change.At(retype.Path); {
	case !p.Shows(plain.Path):
		faults = account.Faults{account.NewFault(plain.Path, "field.forbidden", plain.Path)}
	case len(faults) == 0 && (!ok || typed.New == ""):
		faults = account.Faults{account.NewFault(plain.Path, "password.required")}
	case ok && !repeated:
		change = change.Set(retype.Path, typed.New)
	}
	return applying(change, faults)
}

// apiGatewayPassword answers a new gateway password: the only time it is shown.
func apiGatewayPassword(w http.ResponseWriter, r *request) error {
	revision, err := r.version(r.client.Revision)
	if err != nil {
		return err
	}
	if err := readNothing(r); err != nil {
		return err
	}
	plain, result, err := r.service.NewGatewayPassword(r.Context(), r.id, revision, r.actor)
	if err != nil {
		return withYours(err, nil)
	}
	setVersion(w.Header(), result.Account.Revision)
	return answer(w, r, http.StatusOK, object{"password": plain, "revision": result.Account.Revision})
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
func apiUndo(w http.ResponseWriter, r *request) error {
	revision, err := r.version(r.client.Revision)
	if err != nil {
		return err
	}
	if err := readNothing(r); err != nil {
		return err
	}
	record, err := strconv.ParseInt(r.PathValue("revision"), 10, 64)
	if err != nil || record < 1 || record > r.client.Revision {
		return account.ErrNotFound
	}
	edit, err := r.edit(reasonOf(r), nil)
	if err != nil {
		return err
	}
	result, err := r.service.Undo(r.Context(), r.id, revision, record, edit)
	if err != nil {
		return withYours(err, nil)
	}
	return answerClient(w, r, http.StatusOK, result)
}
