package ask

import (
	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/validate"
)

// managers is the list of managers.
var managers = table[account.Manager]{
	texts: ListTexts{
		Name: "managers", Title: "Managers", One: "manager", Many: "managers", Filter: "manager",
		About: "People who look after clients. A manager with clients cannot be removed before they are given to another.",
	},
	needs:  ListNeeds{access.ListManagers, access.KeepManagers, access.AddManager, access.SeeManager, access.EditManager},
	fields: account.ManagerTable(),
	head:   func(m *account.Manager) (*account.ID, *int64) { return &m.ID, &m.Revision },
	shows:  access.Judge.Manager,
	rules:  (*validate.Validator).Manager,
	all:    (*clientaccount.Service).Managers,
	one:    (*clientaccount.Service).Manager,
	save:   (*clientaccount.Service).SaveManager,
	remove: (*clientaccount.Service).DeleteManager,
}

// Managers are those that the actor sees, by name.
func (r *Request) Managers() ([]account.Manager, error) { return managers.seen(r) }
