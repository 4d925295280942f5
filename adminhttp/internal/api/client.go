package api

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// reasonOf is why, as the query says.
func reasonOf(r *ask.Request) string { return r.URL.Query().Get("reason") }

// withYours adds what was wanted to the error of a lost race.
func withYours(err error, apply func(*account.Account) error) error {
	if stale, ok := errors.AsType[*clientaccount.StaleError](err); ok {
		return conflicting{stale, apply}
	}
	return err
}

// answerClient writes a client as it is now, its version, and the warnings of an edit.
func answerClient(w http.ResponseWriter, r *ask.Request, status int, result clientaccount.Result) error {
	c, err := clientOf(r, result.Account)
	if err != nil {
		return err
	}
	c.Warnings = r.Judge.Warnings(result.Warnings)
	setVersion(w.Header(), result.Account.Revision)
	return answer(w, r, status, c)
}

func getClient(w http.ResponseWriter, r *ask.Request) error {
	return answerClient(w, r, http.StatusOK, clientaccount.Result{Account: r.Client})
}

func createClient(w http.ResponseWriter, r *ask.Request) error {
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	body, parent, faults, err := takeParent(r, body)
	if err != nil {
		return err
	}
	change, more := shapeOf(r.Judge).omittingNulls().read(body)
	edit, err := r.Creating(parent, reasonOf(r), applying(change, append(faults, more...)))
	if err != nil {
		return err
	}
	if previews(r) {
		result, err := r.Service.PreviewCreate(r.Context(), edit)
		return answerPreview(w, r, result, err)
	}
	result, err := r.Service.Create(r.Context(), edit)
	if err != nil {
		return err
	}
	w.Header().Set("Location", r.Root+"api/clients/"+result.Account.ID.String())
	return answerClient(w, r, http.StatusCreated, result)
}

func editClient(w http.ResponseWriter, r *ask.Request) error {
	revision, err := version(r, r.Client.Revision)
	if err != nil {
		return err
	}
	body, err := readObject(r, jsonMedia, patchMedia)
	if err != nil {
		return err
	}
	apply := applying(shapeOf(r.Judge).read(body))
	at, look := r.URL.Query().Get("at"), r.Proposal
	if at != "" {
		look = r.Edit // what a second person must confirm cannot be made later
	}
	if previews(r) || at == "" && r.Judge.HasSecond() {
		proposal, err := look(reasonOf(r), apply)
		if err != nil {
			return err
		}
		switch result, second, err := r.Look(r.Client, revision, proposal); {
		case previews(r), err != nil:
			return answerPreview(w, r, result, withYours(err, apply))
		case second:
			task, err := r.Propose(revision, proposal)
			return answerLater(w, r, task, withYours(err, apply))
		}
	}
	edit, err := r.Edit(reasonOf(r), apply)
	if err != nil {
		return err
	}
	if at != "" {
		due, _ := ask.InstantOf("at", at) // it was checked
		task, err := r.Schedule(revision, due, edit)
		return answerLater(w, r, task, withYours(err, apply))
	}
	result, err := r.Service.Update(r.Context(), r.ID, revision, edit)
	if err != nil {
		return withYours(err, apply)
	}
	return answerClient(w, r, http.StatusOK, result)
}

// previews reports whether only the outcome is asked for.
func previews(r *ask.Request) bool { return r.URL.Query().Get("preview") == "true" }

func answerPreview(w http.ResponseWriter, r *ask.Request, result clientaccount.Result, err error) error {
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, Preview{
		Changes: changesOf(r.Judge, result.Change), Warnings: append(account.Faults{}, r.Judge.Warnings(result.Warnings)...),
		Steps: append(account.Faults{}, r.Judge.Warnings(result.Steps)...),
	})
}

// setPassword sets the password: {"password", "password_retype"}, the second of
// which a program may leave out.
func setPassword(w http.ResponseWriter, r *ask.Request) error {
	revision, err := version(r, r.Client.Revision)
	if err != nil {
		return err
	}
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	edit, err := r.Edit(reasonOf(r), settingPassword(body, r.Judge))
	if err != nil {
		return err
	}
	result, err := r.Service.Update(r.Context(), r.ID, revision, edit)
	if err != nil {
		return withYours(err, nil)
	}
	setVersion(w.Header(), result.Account.Revision)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func settingPassword(body sent.Document, p access.Judge) func(*account.Account) error {
	fields := passwordFields()
	plain, retype := fields[0], fields[1]
	change, faults := shape{fields: fields}.omittingNulls().read(body)
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

// newGatewayPassword answers a new gateway password: the only time it is shown.
func newGatewayPassword(w http.ResponseWriter, r *ask.Request) error {
	revision, err := version(r, r.Client.Revision)
	if err != nil {
		return err
	}
	if err := readNothing(r); err != nil {
		return err
	}
	plain, result, err := r.NewGatewayPassword(revision)
	if err != nil {
		return withYours(err, nil)
	}
	setVersion(w.Header(), result.Account.Revision)
	return answer(w, r, http.StatusOK, GatewayPassword{plain, result.Account.Revision})
}

// readNothing accepts an empty body or {}.
func readNothing(r *ask.Request) error {
	body, err := readOptional(r)
	if err != nil {
		return err
	}
	return sent.Decode(body, &Nothing{}).Err()
}

// undoChange takes back the change that led to a revision, as a new change.
func undoChange(w http.ResponseWriter, r *ask.Request) error {
	revision, err := version(r, r.Client.Revision)
	if err != nil {
		return err
	}
	if err := readNothing(r); err != nil {
		return err
	}
	record, err := strconv.ParseInt(r.PathValue("revision"), 10, 64)
	if err != nil || record < 1 || record > r.Client.Revision {
		return account.ErrNotFound
	}
	edit, err := r.Edit(reasonOf(r), nil)
	if err != nil {
		return err
	}
	if previews(r) {
		result, err := r.Service.PreviewUndo(r.Context(), r.ID, revision, record, edit)
		return answerPreview(w, r, result, withYours(err, nil))
	}
	result, err := r.Service.Undo(r.Context(), r.ID, revision, record, edit)
	if err != nil {
		return withYours(err, nil)
	}
	return answerClient(w, r, http.StatusOK, result)
}

// parentName is where a new client's body says beneath which account it is made. It
// is no field: it stays as it was made.
const parentName = "parent"

// takeParent takes the parent out of a body, and says why it cannot be. One outside
// of the scope is as unknown as one that is missing.
func takeParent(r *ask.Request, body sent.Document) (sent.Document, *account.Account, account.Faults, error) {
	var above *account.Account
	var faults account.Faults
	rest := body
	rest.Members = nil
	for _, m := range body.Members {
		if m.Name != parentName {
			rest.Members = append(rest.Members, m)
			continue
		}
		switch m.Value.Kind {
		case sent.KindNull:
		case sent.KindString:
			parent, err := r.ParentOf(m.Value.Text)
			switch {
			case errors.Is(err, account.ErrNotFound), err == nil && parent == nil:
				faults = account.Faults{account.NewFault(parentName, "parent.unknown")}
			case err != nil:
				return body, nil, nil, err
			default:
				above = parent
			}
		default:
			faults = sent.TypeFaults(parentName, false)
		}
	}
	return rest, above, faults, nil
}
