package page

import (
	"net/http"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

// Once shows a new secret, once.
type Once struct {
	Head   Head
	Title  string
	Secret string
	Long   bool
	Text   string
	Next   string // URL
}

// ShowOnce answers with a secret, on a page of the client's tab.
func ShowOnce(w http.ResponseWriter, r *ask.Request, a account.Account, tab string, v Once) error {
	var err error
	if v.Head, err = ReadHead(r, a, tab); err != nil {
		return err
	}
	v.Next = v.Head.URL(tab)
	return pages.Show(w, r, http.StatusOK, "once", v.Title+" · "+v.Head.Name, v)
}
