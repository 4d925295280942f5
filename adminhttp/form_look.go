package adminhttp

import "github.com/clientaccount/clientaccount/account"

// look is how the kind of a field is typed.
type look struct {
	Widget string // the template: control-<widget>
	Mode   string // inputmode
	Width  string // third, half or wide: two thirds of the form's width
}

// looks has every kind of field.
var looks = map[account.Kind]look{
	account.KindText:     {Widget: "input", Width: "third"},
	account.KindLongText: {Widget: "area", Width: "wide"},
	account.KindSecret:   {Widget: "secret", Width: "third"},
	account.KindFlag:     {Widget: "flag", Width: "third"},
	account.KindNumber:   {Widget: "input", Mode: "numeric", Width: "third"},
	account.KindAmount:   {Widget: "amount", Mode: "decimal", Width: "third"},
	account.KindTime:     {Widget: "time", Width: "third"},
	account.KindChoice:   {Widget: "select", Width: "third"},
	account.KindZone:     {Widget: "select", Width: "third"},
	account.KindCurrency: {Widget: "select", Width: "third"},
	account.KindCountry:  {Widget: "select", Width: "third"},
	account.KindManager:  {Widget: "select", Width: "third"},
	account.KindProduct:  {Widget: "select", Width: "third"},
	account.KindDispatch: {Widget: "dispatch", Width: "wide"},
	account.KindLimit:    {Widget: "limit", Mode: "decimal", Width: "third"},
	account.KindDays:     {Widget: "input", Width: "wide"},
	account.KindList:     {Widget: "area", Width: "wide"},
	account.KindEmail:    {Widget: "input", Mode: "email", Width: "third"},
	account.KindPhone:    {Widget: "input", Mode: "tel", Width: "third"},
	account.KindURL:      {Widget: "input", Mode: "url", Width: "half"},
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
