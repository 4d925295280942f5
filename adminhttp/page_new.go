package adminhttp

import (
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// blank is what the page for a new client begins with. Its currency is left open,
// so that the parent or the product can give it.
func (r *request) blank(parent *account.Account) account.Account {
	a := account.New()
	a.Core.Currency = ""
	a.Core.Manager = r.judge.OnlyManager()
	if parent != nil {
		a.Parent, a.Core.Manager, a.Core.TimeZone = parent.ID, parent.Core.Manager, parent.Core.TimeZone
	}
	return a
}

func newClient(w http.ResponseWriter, r *request) error {
	parent, err := r.parentOf(r.URL.Query().Get("parent"))
	if err != nil {
		return err
	}
	return showNew(w, r, http.StatusOK, parent, form{}, nil, nil)
}

// parentOf is the account that a new one is to be beneath, nil for none. One that
// the actor does not see is not there.
func (r *request) parentOf(text string) (*account.Account, error) {
	if text == "" {
		return nil, nil
	}
	id, err := account.ParseID(text)
	if err != nil || id.IsZero() {
		return nil, account.ErrNotFound
	}
	parent, err := r.seen(id)
	if err == nil && parent == nil {
		err = account.ErrNotFound
	}
	return parent, err
}

func createClient(w http.ResponseWriter, r *request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	parent, err := r.parentOf(f.values.Get(nameParent))
	if err != nil {
		return err
	}
	edit, err := r.creating(parent, f.reason(), f.apply(r.blank(parent)))
	if err != nil {
		return err
	}
	var result clientaccount.Result
	if f.checks() {
		result, err = r.service.PreviewCreate(r.Context(), edit)
	} else {
		result, err = r.service.Create(r.Context(), edit)
	}
	faults, bad := account.AsFaults(err)
	switch {
	case bad:
		return showNew(w, r, http.StatusUnprocessableEntity, parent, f, faults, nil)
	case err != nil:
		return err
	case f.checks():
		return showNew(w, r, http.StatusOK, parent, f, nil, &result)
	default:
		redirect(w, r.root+"clients/"+result.Account.ID.String()+"/edit?applied=1")
		return nil
	}
}

// showNew shows the page that creates, with what was typed so far.
func showNew(w http.ResponseWriter, r *request, status int, parent *account.Account, f form, faults account.Faults, preview *clientaccount.Result) error {
	e, err := newEditor(r, r.blank(parent), f, faults)
	if err != nil {
		return err
	}
	e.parent = parent
	view := editView{
		Head: clientHead{Root: r.root, Name: "New client"}, Faults: r.summary(faults), Sections: e.sections(),
		Reason: f.reason(), ReasonOK: !faults.On(nameReason), Action: r.root + "clients/new", Discard: r.root + "clients",
		Writable: true, Creates: true,
	}
	if parent != nil {
		above := r.linkTo(*parent)
		view.Head.Name, view.Above = "New subaccount of "+above.Name, &above
		view.Parent, view.Discard = parent.ID.String(), r.root+"clients/"+parent.ID.String()+"/subaccounts"
	}
	if preview != nil {
		view.Warnings = r.summary(r.judge.Warnings(preview.Warnings))
		view.Preview = &previewNotice{r.changeViews(preview.Change, e.directory.wording(r.judge.Visible(preview.Account)))}
	}
	return show(w, r, status, "edit", view.Head.Name, view)
}
