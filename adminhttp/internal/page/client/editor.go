package client

import (
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// editor is an account on its way to the Edit page, with what was typed so far
// and what is wrong with it.
type editor struct {
	r         *ask.Request
	creates   bool
	account   account.Account // as the form's revision has it; account.New for a creation
	seen      account.Account // the same, hidden fields blanked: what may be told of it
	form      form
	faults    account.Faults
	now       time.Time
	directory kind.Directory
	wording   kind.Wording
	effective account.Settings
	inherited account.Settings // what would count if nothing were the account's own
	parent    *account.Account // above one that is created
	standing  *clientaccount.Standing
	sums      access.Sums // of which figures of it may be told
}

// newEditor gathers what the Edit page of an account shows.
func newEditor(r *ask.Request, a account.Account, f form, faults account.Faults) (editor, error) {
	e := editor{r: r, creates: a.Revision == 0, account: a, form: f, faults: faults, now: r.Service.Now()}
	e.seen = r.Judge.Visible(a)
	var err error
	if e.directory, err = page.ReadDirectory(r); err != nil {
		return e, err
	}
	e.wording = page.WordingOf(e.directory, e.seen)
	if e.effective, err = r.Service.Settings(r.Context(), a); err != nil {
		return e, err
	}
	if e.inherited, err = r.Service.Settings(r.Context(), withoutOwn(a)); err != nil || e.creates {
		return e, err
	}
	e.standing, e.sums, err = r.MoneyOf(a.ID)
	return e, err
}

// withoutOwn returns the account with every inheriting field left to its product.
func withoutOwn(a account.Account) account.Account {
	for _, f := range account.Fields() {
		if f.Inherits {
			_ = f.Set(&a, "") // empty is always accepted
		}
	}
	return a
}

// access returns what the actor may do with a field on this page.
func (e editor) access(f account.Field) access.Level {
	needed := access.Edit
	if e.creates {
		needed = access.Create
	}
	level := e.r.Judge.Level(f.Path)
	if level == access.Write && !e.r.Judge.May(needed) {
		if f.Secret() {
			return access.Hidden
		}
		return access.Read
	}
	return level
}

// formSection is one section of the Edit page.
type formSection struct {
	ID          string
	Title, Hint words.Text
	Controls    []kind.Control
}

// Faults returns how many fields of the section are refused.
func (s formSection) Faults() int {
	return count(s.Controls, func(c kind.Control) bool { return len(c.Faults) > 0 })
}

// Wrong says how many faults the section has.
func (s formSection) Wrong() words.Text { return words.Plural(s.Faults(), "error") }

// Changes returns how many fields of the section have something else typed in.
func (s formSection) Changes() int {
	return count(s.Controls, func(c kind.Control) bool { return c.Changed })
}

func count(controls []kind.Control, counts func(kind.Control) bool) (n int) {
	for _, c := range controls {
		if counts(c) {
			n++
		}
	}
	return n
}

// sections returns those with a field the actor may see.
func (e editor) sections() []formSection {
	var sections []formSection
	fields := account.Fields()
	for _, s := range account.Sections() {
		section := formSection{ID: s.ID, Title: words.Text(s.Title), Hint: words.Text(s.Hint)}
		for _, f := range fields {
			if f.Section != s.ID {
				continue
			}
			if level := e.access(f); level != access.Hidden && !(f.Secret() && level == access.Read) {
				section.Controls = append(section.Controls, e.control(f))
			}
		}
		if len(section.Controls) > 0 {
			sections = append(sections, section)
		}
	}
	return sections
}
