package adminhttp

import (
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// managers is the list of managers.
type managers struct{}

func (managers) texts() listTexts {
	return listTexts{
		Name: "managers", Title: "Managers", One: "manager", Filter: "manager",
		About: "People who look after clients. A manager with clients cannot be removed before they are given to another.",
	}
}

func (managers) needs() listNeeds {
	return listNeeds{access.ListManagers, access.KeepManagers, access.AddManager, access.SeeManager, access.EditManager}
}

func (managers) fields() []account.Field {
	return []account.Field{
		{Path: "name", Label: "Name", Kind: account.FieldText, Effect: "What clients and colleagues see."},
		{Path: "email", Label: "E-mail", Kind: account.FieldEmail, Effect: "Shown as contact on mails to the clients."},
		{Path: "phone", Label: "Phone", Kind: account.FieldPhone, Effect: "In international format, for example +380501112233."},
	}
}

func (managers) rows(r *request) ([]listRow, error) {
	all, err := r.service.Managers(r.Context())
	var rows []listRow
	for _, m := range all {
		if r.judge.Manager(m.ID) {
			rows = append(rows, managerRow(m))
		}
	}
	return rows, err
}

func (managers) row(r *request, id account.ID) (listRow, error) {
	m, err := r.service.Manager(r.Context(), id)
	return managerRow(m), err
}

func managerRow(m account.Manager) listRow {
	return listRow{m.ID, m.Revision, map[string]string{"name": m.Name, "email": m.Email, "phone": m.Phone}}
}

func (managers) save(r *request, row listRow) (account.ID, error) {
	var written account.Account // a manager's number is written as a client's is
	phone, _ := account.FieldAt("contact.phone")
	if err := phone.Set(&written, row.texts["phone"]); err != nil {
		return account.ID{}, err
	}
	saved, err := r.service.SaveManager(r.Context(), account.Manager{
		ID: row.id, Revision: row.revision, Name: strings.TrimSpace(row.texts["name"]),
		Email: strings.TrimSpace(row.texts["email"]), Phone: written.Contact.Phone,
	})
	return saved.ID, err
}

func (managers) remove(r *request, id account.ID) error {
	return r.service.DeleteManager(r.Context(), id)
}
