package adminhttp

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// changeView is one changed field in words.
type changeView struct {
	Path, Label string
	Old, New    string
	Secret      bool // only that it changed can be told
}

// changeViews are the changed fields that the actor may see, in words.
func (r *request) changeViews(c account.Change, w wording) []changeView {
	var views []changeView
	for _, fc := range r.judge.Change(c) {
		f, _ := access.Field(fc.Path)
		views = append(views, changeView{
			Path: fc.Path, Label: f.Label, Secret: fc.Secret && fc.Old == fc.New, Old: w.words(f, fc.Old), New: w.words(f, fc.New),
		})
	}
	return views
}
