package access

// Object is what the path of a route names.
type Object int

// The objects. The zero Object is no declaration.
const (
	Nothing Object = iota + 1 // nothing that could be outside of a scope
	Client                    // {id} is a client
	Manager                   // {id} is a manager
	Product                   // {id} is a product, which is in every scope
	Batch                     // {id} is a batch of changes, of which each says whose it is
	Task                      // {id} is what waits to be done to a client, or was
)

// Need is what a route asks of an actor before anything else. Pages and JSON share them.
// The zero Need, of a route that declares nothing, is met by nobody.
type Need struct {
	Of     Object
	May    []Action // all of these
	Shows  string   // or who sees this field; empty: nobody else
	Always []Action // and these, whoever it is
	Sees   string   // and sees this field
	Hook   bool     // a webhook whose URL is seen
	Writes string   // a field that is written by making a new one
	Adds   bool     // to the list of managers
	All    bool     // and sees all clients
}

// What routes ask for, by what is done.
var (
	Anybody       = Need{Of: Nothing}
	CreateClient  = Need{Of: Nothing, May: []Action{Create}}
	SeeClient     = Need{Of: Client}
	EditClient    = Need{Of: Client, May: []Action{Edit}}
	SetPassword   = Need{Of: Client, May: []Action{Edit, Password}}
	GatewaySecret = Need{Of: Client, May: []Action{Edit, Password}, Writes: "gateway_password"}
	SeeHistory    = Need{Of: Client, May: []Action{History}}
	UndoChange    = Need{Of: Client, May: []Action{Edit, History}}
	TryMessage    = Need{Of: Client, May: []Action{Decide}}
	SeeMoney      = Need{Of: Client, May: []Action{Money}}
	SeeHooks      = Need{Of: Client, May: []Action{Webhooks}, Hook: true}
	ReplayHook    = Need{Of: Client, May: []Action{Webhooks, Replay}, Hook: true}
	TryHook       = Need{Of: Client, May: []Action{Webhooks, TestHook}, Hook: true}
	NewHookSecret = Need{Of: Client, May: []Action{Webhooks, HookSecret}, Hook: true, Writes: "webhook_secret"}
	SeeMessages   = Need{Of: Client, May: []Action{Messages}}
	SeeFigures    = Need{Of: Client, May: []Action{Messages}, Sees: "time_zone"} // by the days of its clock
	FindMessage   = Need{Of: Nothing, May: []Action{Messages}}
	SeeDocuments  = Need{Of: Client, May: []Action{Documents}}
	ListDocuments = Need{Of: Nothing, May: []Action{Documents}}
	SeeMails      = Need{Of: Client, May: []Action{Documents}, Sees: ToEmail} // which says whether there are any
	MailAgain     = Need{Of: Client, May: []Action{Documents, MailDocument}, Sees: ToEmail}
	CreditInvoice = Need{Of: Client, May: []Action{Documents, Money, CreditNote}}
	SeeUsage      = Need{Of: Client, May: []Action{Money}, Sees: "time_zone"} // likewise
	ListManagers  = Need{Of: Nothing, May: []Action{Managers}, Shows: "manager"}
	SeeManager    = Need{Of: Manager, May: []Action{Managers}, Shows: "manager"}
	KeepManagers  = Need{Of: Nothing, May: []Action{Managers}}
	AddManager    = Need{Of: Nothing, May: []Action{Managers}, Adds: true}
	EditManager   = Need{Of: Manager, May: []Action{Managers}}
	ListProducts  = Need{Of: Nothing, May: []Action{Products}, Shows: "notes.product"}
	SeeProduct    = Need{Of: Product, May: []Action{Products}, Shows: "notes.product"}
	KeepProducts  = Need{Of: Nothing, May: []Action{Products}}
	EditProduct   = Need{Of: Product, May: []Action{Products}}

	ManagerHistory = Need{Of: Manager, May: []Action{Managers}, Shows: "manager", Always: []Action{History}}
	UndoManager    = Need{Of: Manager, May: []Action{Managers, History}}
	ProductHistory = Need{Of: Product, May: []Action{Products}, Shows: "notes.product", Always: []Action{History}}
	UndoProduct    = Need{Of: Product, May: []Action{Products, History}}
)

// What files and changes of many clients ask for.
var (
	ExportClients  = Need{Of: Nothing, May: []Action{Export}}
	ExportMoney    = Need{Of: Client, May: []Action{Money, Export}}
	ExportMessages = Need{Of: Client, May: []Action{Messages, Export}}
	ExportHistory  = Need{Of: Client, May: []Action{History, Export}}
	ChangeMany     = Need{Of: Nothing, May: []Action{Edit, Many}}
	ImportClients  = Need{Of: Nothing, May: []Action{Edit, Import}}
	SeeBatches     = Need{Of: Nothing, May: []Action{Edit}}
	SeeBatch       = Need{Of: Batch, May: []Action{Edit}}
)

// What routes about tasks ask for. Of which the actor is told, and what they may do with one,
// follows from what it is.
var (
	ListTasks   = Need{Of: Nothing, May: []Action{Confirm}}
	SeeTask     = Need{Of: Task}
	ConfirmTask = Need{Of: Task, May: []Action{Confirm}}
)

// MoveMoney returns what a way of moving money asks for.
func MoveMoney(a Action) Need { return Need{Of: Client, May: []Action{Money, a}} }

// Meets reports whether the actor has what a need asks for, the object aside.
func (j Judge) Meets(n Need) bool {
	switch {
	case n.Of == 0, !j.May(n.Always...):
		return false
	case n.Shows != "" && j.Shows(n.Shows):
		return true
	case !j.May(n.May...), n.Sees != "" && !j.Shows(n.Sees), n.Hook && len(j.Hooks()) == 0, n.Writes != "" && !j.Writes(n.Writes), n.Adds && !j.AddsManagers(), n.All && !j.All():
		return false
	default:
		return true
	}
}

// Route is one way to reach something: a page or an operation of the API.
type Route struct {
	Method, Path string // below the admin's root, without a leading slash
	Need         Need
}
