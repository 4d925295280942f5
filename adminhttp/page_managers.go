package adminhttp

import (
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// managerReference is the list of managers.
type managerReference struct{}

func (managerReference) texts() referenceTexts {
	return referenceTexts{
		Name: "managers", Title: "Managers", One: "manager", Filter: "manager",
		About: "People who look after clients. A manager with clients cannot be removed before they are given to another.",
	}
}

func (managerReference) needs() referenceNeeds {
	return referenceNeeds{access.ListManagers, access.KeepManagers, access.AddManager, access.SeeManager, access.EditManager}
}

func (managerReference) fields() []account.Field {
	return []account.Field{
		{Path: "name", Label: "Name", Kind: account.FieldText, Effect: "What clients and colleagues see."},
		{Path: "email", Label: "E-mail", Kind: account.FieldEmail, Effect: "Shown as contact on mails to the clients."},
		{Path: "phone", Label: "Phone", Kind: account.FieldPhone, Effect: "In international format, for example +380501112233."},
	}
}

func (m managerReference) rows(r *request) ([]referenceRow, error) {
	managers, err := r.svc.Managers(r.Context())
	var rows []referenceRow
	for _, manager := range managers {
		if !r.judge.Manager(manager.ID) {
			continue
		}
		rows = append(rows, referenceRow{manager.ID, manager.Name, []string{manager.Email, manager.Phone}})
	}
	return rows, err
}

func (m managerReference) typed(r *request, id account.ID) (map[string]string, int64, error) {
	manager, err := r.svc.Manager(r.Context(), id)
	return map[string]string{"name": manager.Name, "email": manager.Email, "phone": manager.Phone}, manager.Revision, err
}

func (m managerReference) save(r *request, id account.ID, revision int64, typed map[string]string) (account.ID, error) {
	var written account.Account // a manager's number is written as a client's is
	phone, _ := account.FieldAt("contact.phone")
	if err := phone.Set(&written, typed["phone"]); err != nil {
		return account.ID{}, err
	}
	saved, err := r.svc.SaveManager(r.Context(), account.Manager{
		ID: id, Revision: revision, Name: strings.TrimSpace(typed["name"]),
		Email: strings.TrimSpace(typed["email"]), Phone: written.Contact.Phone,
	})
	return saved.ID, err
}

func (m managerReference) remove(r *request, id account.ID) error {
	return r.svc.DeleteManager(r.Context(), id)
}
