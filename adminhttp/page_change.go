package adminhttp

import "github.com/clientaccount/clientaccount/account"

// changeView is one changed field in words.
type changeView struct {
	Path, Label string
	Old, New    string
	Secret      bool // only that it changed can be told
}

// changeViews are the changed fields that the actor may see, in words.
func (r *request) changeViews(c account.Change, w wording) []changeView {
	var views []changeView
	for _, fc := range c {
		f, known := fieldOfRecord(fc.Path)
		if !known || r.policy.access(f) == Hidden && !f.Secret() {
			continue
		}
		views = append(views, changeView{
			Path: fc.Path, Label: f.Label, Secret: fc.Secret && fc.Old == fc.New, Old: w.words(f, fc.Old), New: w.words(f, fc.New),
		})
	}
	return views
}

// fieldOfRecord is the field of a recorded path; the secrets that are made here are
// none of the page's.
func fieldOfRecord(path string) (account.Field, bool) {
	switch path {
	case account.PathGatewayPassword:
		return account.Field{Path: path, Label: "Gateway password", Kind: account.KindSecret}, true
	case account.PathHookSecret:
		return account.Field{Path: path, Label: "Webhook secret", Kind: account.KindSecret}, true
	default:
		return account.FieldAt(path)
	}
}
