package page

import (
	"net/http"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Redirect answers with a relative Location, written by hand since http.Redirect
// makes it absolute from a path that may lack the mount's prefix.
func Redirect(w http.ResponseWriter, location string) {
	w.Header().Set("Location", location)
	w.WriteHeader(http.StatusSeeOther)
}

// NameLink is another account by its name, with where it is; without a Href where
// the actor does not see it.
type NameLink struct {
	Name words.Text
	Href string
}

// NameOf returns what another account is called for this actor.
func NameOf(r *ask.Request, id account.ID) (NameLink, error) {
	a, err := r.Seen(id)
	if err != nil || a == nil {
		return NameLink{Name: "another account"}, err
	}
	return LinkTo(r, *a), nil
}

// LinkTo names an account within the scope.
func LinkTo(r *ask.Request, a account.Account) NameLink {
	seen := r.Judge.Visible(a)
	link := NameLink{Name: words.Plain(seen.Core.Login), Href: r.Root + "clients/" + a.ID.String() + "/money"}
	if seen.Core.Login == "" {
		link.Name = "a client"
	}
	return link
}
