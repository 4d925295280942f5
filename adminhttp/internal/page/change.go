package page

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// Change is one changed field in words.
type Change struct {
	Path            string
	Label, Old, New words.Text
	Secret          bool // only that it changed can be told
}

// Changes returns the changed fields that the actor may see, in words.
func Changes(r *ask.Request, c account.Change, w kind.Wording) []Change {
	var views []Change
	for _, fc := range r.Judge.Change(c) {
		f, _ := access.Field(fc.Path)
		views = append(views, Change{
			Path: fc.Path, Label: words.Text(f.Label), Secret: fc.Secret && fc.Old == fc.New, Old: kind.Words(w, f, fc.Old), New: kind.Words(w, f, fc.New),
		})
	}
	return views
}
