package adminhttp

import "github.com/clientaccount/clientaccount/account"

// look is how the kind of a field is typed.
type look struct {
	Widget string // the template: control-<widget>
	Mode   string // inputmode
	Width  string // third, half or wide: two thirds of the form's width
}

// looks has every kind of field.
var looks = map[account.FieldKind]look{
	account.FieldText:     {Widget: "input", Width: "third"},
	account.FieldLongText: {Widget: "area", Width: "wide"},
	account.FieldSecret:   {Widget: "secret", Width: "third"},
	account.FieldFlag:     {Widget: "flag", Width: "third"},
	account.FieldNumber:   {Widget: "input", Mode: "numeric", Width: "third"},
	account.FieldAmount:   {Widget: "amount", Mode: "decimal", Width: "third"},
	account.FieldTime:     {Widget: "time", Width: "third"},
	account.FieldChoice:   {Widget: "select", Width: "third"},
	account.FieldZone:     {Widget: "select", Width: "third"},
	account.FieldCurrency: {Widget: "select", Width: "third"},
	account.FieldCountry:  {Widget: "select", Width: "third"},
	account.FieldManager:  {Widget: "select", Width: "third"},
	account.FieldProduct:  {Widget: "select", Width: "third"},
	account.FieldDispatch: {Widget: "dispatch", Width: "wide"},
	account.FieldLimit:    {Widget: "limit", Mode: "decimal", Width: "third"},
	account.FieldDays:     {Widget: "input", Width: "wide"},
	account.FieldList:     {Widget: "area", Width: "wide"},
	account.FieldEmail:    {Widget: "input", Mode: "email", Width: "third"},
	account.FieldPhone:    {Widget: "input", Mode: "tel", Width: "third"},
	account.FieldURL:      {Widget: "input", Mode: "url", Width: "half"},
}

// check is a pattern that the script tells of while one types; the server judges
// by itself in any case.
type check struct{ Pattern, Code string }

var checks = map[string]check{
	"login":                 {`[A-Za-z0-9._\-]*`, "login.chars"},
	"credit.limit":          {`[^,]*`, "credit.comma"},
	"credit.overdraw.limit": {`[^,]*`, "overdraw.comma"},
	"notification_limit":    {`[^,]*`, "notification_limit.comma"},
	"contact.phone":         {`\s*(\+?[\d\s().\-]{5,})?\s*`, "phone.format"},
	"mail.email":            {`\s*([^\s@,<>]+@[^\s@,<>]+)?\s*`, "email.format"},
	"mail.price_update":     {`\s*([^\s@,<>]+@[^\s@,<>]+)?\s*`, "email.format"},
	"mail.billing":          {`\s*([^\s@,<>]+@[^\s@,<>]+)?\s*`, "email.format"},
	"billing.invoice_days":  {`\s*(\d+(\s*,\s*\d+)*)?\s*`, "invoice_days.format"},
	"sending.dlr_days":      {`([1-9]|[12]\d|30)?`, "dlr_days.range"},
	"dispatch":              {`\d\d:\d\d`, "dispatch.format"},
}
