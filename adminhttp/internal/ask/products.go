package ask

import (
	"github.com/clientaccount/clientaccount/account"
)

// givenPaths are the fields of clients that tell of what a product's field gives, beside which
// product they have.
var givenPaths = map[string]string{
	"credit_limit": "credit.limit", "priority": "routing.priority", "dlr_days": "sending.dlr_days", "moderation": "moderation",
}

// productEffect is what a product's other values would come to for its clients.
func (r *Request) productEffect(p account.Product) (*ListEffect, error) {
	before, err := r.Service.Product(r.Context(), p.ID)
	if err != nil {
		return nil, err
	}
	if p.Currency != before.Currency { // which stays where clients have the product: saving says so
		return nil, nil
	}
	changed, sees := false, r.Judge.Shows("notes.product", "login", "contact.company", "status")
	for _, fc := range account.ProductTable().Diff(before, p) {
		changed = changed || fc.Path != "name"
		sees = sees && (givenPaths[fc.Path] == "" || r.Judge.Shows(givenPaths[fc.Path]))
	}
	if !changed || !sees {
		return hiddenEffect(changed), nil
	}
	preview, err := r.Service.PreviewProduct(r.Context(), p, r.Judge.Managers())
	if _, faulty := account.AsFaults(err); faulty || err == nil && preview.Touched+preview.Unread == 0 {
		return nil, nil // saving says what is wrong
	}
	return &ListEffect{ProductPreview: preview}, err
}

// hiddenEffect tells only that there is something.
func hiddenEffect(changed bool) *ListEffect {
	if !changed {
		return nil
	}
	return &ListEffect{Hidden: true}
}
