package ask

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
)

// managers is the list of managers.
type managers struct{}

func (managers) Texts() ListTexts {
	return ListTexts{
		Name: "managers", Title: "Managers", One: "manager", Filter: "manager",
		About: "People who look after clients. A manager with clients cannot be removed before they are given to another.",
	}
}

func (managers) Needs() ListNeeds {
	return ListNeeds{access.ListManagers, access.KeepManagers, access.AddManager, access.SeeManager, access.EditManager}
}

func (managers) Fields() []account.Field { return account.ManagerTable().Fields() }

func (managers) Rows(r *Request) ([]ListRow, error) {
	seen, err := r.Managers()
	var rows []ListRow
	for _, m := range seen {
		rows = append(rows, managerRow(m))
	}
	return rows, err
}

func (managers) Row(r *Request, id account.ID) (ListRow, error) {
	m, err := r.Service.Manager(r.Context(), id)
	return managerRow(m), err
}

// Managers are those that the actor sees, by name.
func (r *Request) Managers() ([]account.Manager, error) {
	all, err := r.Service.Managers(r.Context())
	return slices.DeleteFunc(slices.Clone(all), func(m account.Manager) bool { return !r.Judge.Manager(m.ID) }), err
}

func managerRow(m account.Manager) ListRow {
	return ListRow{m.ID, m.Revision, textsOf(account.ManagerTable(), m, "")}
}

func (managers) Save(r *Request, row ListRow) (account.ID, error) {
	m := account.Manager{ID: row.ID, Revision: row.Revision}
	if unread := set(account.ManagerTable(), &m, row.Texts); len(unread) > 0 {
		return account.ID{}, unread
	}
	saved, err := r.Service.SaveManager(r.Context(), m)
	return saved.ID, err
}

func (managers) Remove(r *Request, id account.ID) error {
	return r.Service.DeleteManager(r.Context(), id)
}
