package adminhttp

import (
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// blank is what the page for a new client begins with. Its currency is left open,
// so that the product can give it.
func blank(r *request) account.Account {
	a := account.New()
	a.Core.Currency = ""
	if only := r.policy.Scope.managers; len(only) == 1 && !r.policy.Scope.all {
		a.Core.Manager = only[0]
	}
	return a
}

func (h *handler) newClient(w http.ResponseWriter, r *request) error {
	if !r.policy.may(ActionCreate) {
		return statusError(http.StatusForbidden)
	}
	return h.showNew(w, r, http.StatusOK, form{}, nil, nil)
}

func (h *handler) createClient(w http.ResponseWriter, r *request) error {
	if !r.policy.may(ActionCreate) {
		return statusError(http.StatusForbidden)
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	edit := clientaccount.Edit{Actor: r.actor, Reason: f.reason(), Apply: applyNew(r, f), Guard: r.policy.guard}
	var result clientaccount.Result
	if f.checks() {
		result, err = h.svc.PreviewCreate(r.Context(), edit)
	} else {
		result, err = h.svc.Create(r.Context(), edit)
	}
	faults, bad := account.AsFaults(err)
	switch {
	case bad:
		return h.showNew(w, r, http.StatusUnprocessableEntity, f, faults, nil)
	case err != nil:
		return err
	case f.checks():
		return h.showNew(w, r, http.StatusOK, f, nil, &result)
	default:
		redirect(w, r.root+"clients/"+result.Account.ID.String()+"/edit?applied=1")
		return nil
	}
}

// applyNew sets what the page began with, and then what was typed.
func applyNew(r *request, f form) func(*account.Account) error {
	start := blank(r)
	typed := f.apply(start)
	return func(a *account.Account) error {
		a.Core.Manager = start.Core.Manager
		return typed(a)
	}
}

// showNew shows the page that creates, with what was typed so far.
func (h *handler) showNew(w http.ResponseWriter, r *request, status int, f form, faults account.Faults, preview *clientaccount.Result) error {
	e, err := h.editor(r, blank(r), f, faults)
	if err != nil {
		return err
	}
	view := editView{
		Head: clientHead{Root: r.root, Name: "New client"}, Faults: r.summary(faults), Sections: e.sections(),
		Reason: f.reason(), ReasonOK: !faults.On(nameReason), Action: r.root + "clients/new", Discard: r.root + "clients",
		Writable: true, Creates: true,
	}
	if preview != nil {
		view.Warnings = r.summary(preview.Warnings)
		view.Preview = &previewNotice{r.changeViews(preview.Change, e.directory.wording(preview.Account))}
	}
	return h.show(w, r, status, "edit", "New client", view)
}
