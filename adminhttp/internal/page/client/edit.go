package client

import (
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page/money"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// editView is the Edit page, and the page that creates.
type editView struct {
	Head     page.Head
	Facts    *facts
	Funds    *money.Funds
	Done     *doneNotice
	Preview  *previewNotice
	Faults   []page.FaultLink
	Warnings []page.FaultLink
	Sections []formSection
	Revision int64
	Reason   string
	ReasonOK bool
	Action   string // URLs
	Discard  string
	Gateway  bool // may a gateway password be made
	Writable bool
	Creates  bool
	Parent   string // id of the account above one that is created
	Above    *page.NameLink
	Final    *page.Step       // of what else the page does
	Steps    []page.FaultLink // of a preview: what is looked at before it is written
	Warned   string           // the same as one text, sent back with the form
	Closes   string           // login of a client that would be closed, to be typed
	Typed    bool             // and was not typed wrongly
	Login    string           // what was typed of it
	Goes     button           // of a step: what lets it be written
	Act      string           // the button that was pressed
	Later    *later
	Task     *page.Task  // that led here
	Waiting  []page.Task // to be done to the client
	Secret   bool        // a password was typed, and has to be typed again
}

// button is one that says what it does.
type button struct {
	Do   string
	Name words.Text
}

// Changes returns how many fields have something else typed in than is stored.
func (v editView) Changes() (n int) {
	for _, s := range v.Sections {
		n += s.Changes()
	}
	return n
}

// Counted returns the state of the form in words, for the bar.
func (v editView) Counted() words.Text {
	switch changes := v.Changes(); {
	case len(v.Faults) > 0:
		return words.Textf("%s to correct", words.Plural(len(v.Faults), "error"))
	case changes > 0:
		return words.Plural(changes, "change")
	default:
		return "No changes"
	}
}

func editClient(w http.ResponseWriter, r *ask.Request) error {
	e, view, err := storedView(r)
	if err != nil {
		return err
	}
	if view.Done, err = doneOf(e); err != nil {
		return err
	}
	if view.Task, err = page.TaskNotice(r, e.directory); err != nil {
		return err
	}
	return pages.Show(w, r, http.StatusOK, "edit", view.Head.Name, view)
}

// storedView is the page of the client as it is stored.
func storedView(r *ask.Request) (editor, editView, error) {
	e, err := newEditor(r, r.Client, form{}, nil)
	if err != nil {
		return editor{}, editView{}, err
	}
	view, err := newEditView(e)
	return e, view, err
}

// newEditView fills the page of an existing account.
func newEditView(e editor) (editView, error) {
	r, a := e.r, e.account
	head, err := page.NewHead(r, a, e.directory, "edit")
	if err != nil {
		return editView{}, err
	}
	facts, err := newFacts(e, head)
	if err != nil {
		return editView{}, err
	}
	funds, err := money.NewFunds(r, e.seen, e.standing, e.sums)
	if err != nil {
		return editView{}, err
	}
	waiting, err := page.WaitingTasks(r, e.directory)
	if err != nil {
		return editView{}, err
	}
	return editView{
		Waiting: waiting, Later: newLater(e), Act: e.form.act(),
		Head: head, Facts: &facts, Funds: funds, Faults: page.Summary(r, e.faults), Warnings: page.Summary(r, r.Judge.Warnings(warningsNow(e))),
		Sections: e.sections(), Revision: a.Revision, Reason: e.form.reason(), ReasonOK: !e.hasFault(page.NameReason),
		Action: head.URL("edit"), Discard: head.URL("edit") + "?discarded=1",
		Secret:  e.form.hasSecret(),
		Gateway: r.Judge.MakesGatewayPassword(), Writable: r.Judge.May(access.Edit),
	}, nil
}

func (e editor) hasFault(path string) bool { return e.faults.On(path) }

// warningsNow returns those of the account as it stands. That it breaks a newer rule is
// not told here: only changing it would.
func warningsNow(e editor) []account.Fault {
	if e.creates {
		return nil
	}
	result, err := e.r.Service.Preview(e.r.Context(), e.account.ID, e.account.Revision, clientaccount.Edit{
		Apply: func(*account.Account) error { return nil },
	})
	if err != nil {
		return nil
	}
	return result.Warnings
}
