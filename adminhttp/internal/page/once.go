package page

import (
	"net/http"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Once shows a new secret, once.
type Once struct {
	Head   Head
	Title  words.Text
	Secret string
	Long   bool
	Text   words.Text
	Next   string // URL
}

// ShowOnce answers with a secret, on a page of the client's tab.
func ShowOnce(w http.ResponseWriter, r *ask.Request, a account.Account, tab string, v Once) error {
	var err error
	if v.Head, err = ReadHead(r, a, tab); err != nil {
		return err
	}
	v.Next = v.Head.URL(tab)
	return pages.Show(w, r, http.StatusOK, "once", words.Textf("%s · %s", v.Title, v.Head.Name), v)
}
