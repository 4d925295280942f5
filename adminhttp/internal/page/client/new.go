package client

import (
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

func newClient(w http.ResponseWriter, r *ask.Request) error {
	parent, err := r.ParentOf(r.URL.Query().Get("parent"))
	if err != nil {
		return err
	}
	return showNew(w, r, http.StatusOK, parent, form{}, nil, nil)
}

func createClient(w http.ResponseWriter, r *ask.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	parent, err := r.ParentOf(f.values.Get(nameParent))
	if err != nil {
		return err
	}
	edit, err := r.Creating(parent, f.reason(), f.apply(r.Blank(parent)))
	if err != nil {
		return err
	}
	var result clientaccount.Result
	if f.checks() {
		result, err = r.Service.PreviewCreate(r.Context(), edit)
	} else {
		result, err = r.Service.Create(r.Context(), edit)
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
		page.Redirect(w, r.Root+"clients/"+result.Account.ID.String()+"/edit?applied=1")
		return nil
	}
}

// showNew shows the page that creates, with what was typed so far.
func showNew(w http.ResponseWriter, r *ask.Request, status int, parent *account.Account, f form, faults account.Faults, preview *clientaccount.Result) error {
	e, err := newEditor(r, r.Blank(parent), f, faults)
	if err != nil {
		return err
	}
	e.parent = parent
	view := editView{
		Head: page.Head{List: page.Link{Name: "Clients", Href: r.Root + "clients"}, Name: "New client"}, Faults: page.Summary(r, faults), Sections: e.sections(),
		Reason: f.reason(), ReasonOK: !faults.On(page.NameReason), Action: r.Root + "clients/new", Discard: r.Root + "clients",
		Writable: true, Creates: true, Secret: f.hasSecret(), Act: f.act(),
	}
	if parent != nil {
		above := page.LinkTo(r, *parent)
		view.Head.Name, view.Above = words.Textf("New subaccount of %s", above.Name), &above
		view.Parent, view.Discard = parent.ID.String(), r.Root+"clients/"+parent.ID.String()+"/subaccounts"
	}
	if preview != nil {
		view.Warnings = page.Summary(r, r.Judge.Warnings(preview.Warnings))
		view.Preview = &previewNotice{Changes: page.Changes(r, preview.Change, page.WordingOf(e.directory, r.Judge.Visible(preview.Account)))}
	}
	return pages.Show(w, r, status, "edit", view.Head.Name, view)
}
