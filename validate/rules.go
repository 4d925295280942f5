package validate

import (
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook/target"
)

// rule is what one Go field must keep to: its path, the tags, and the noun that
// begins its codes; empty: the one of the field table.
type rule struct {
	path string
	tags string
	noun string
}

// ruled is the rules of one struct, by the name of its Go field.
type ruled struct {
	of     any
	fields map[string]rule
}

// rulebook is every rule about one field alone. Of a field's tags only the first
// that fails is told, so they stand from the plainest to the most particular.
var rulebook = []ruled{
	{account.Account{}, map[string]rule{
		"Status":  {path: "status", tags: oneOf("status")},
		"Expires": {path: "expires_at", tags: "omitempty,instant"},
	}},
	{account.Core{}, map[string]rule{
		"Login":             {path: "login", tags: "required,min=3,max=64,login"},
		"NotificationLimit": {path: "notification_limit", tags: "unit,messages,money"},
		"Moderation":        {path: "moderation", tags: "omitempty," + oneOf("moderation")},
		"TimeZone":          {path: "time_zone", tags: "zone"},
		"Dispatch":          {path: "dispatch", tags: "days,hours,span"},
		"Currency":          {path: "currency", tags: "currency"},
	}},
	{account.Credit{}, map[string]rule{
		"Limit": {path: "credit.limit", tags: "omitnil,nonnegative,amount"},
		"Cap":   {path: "credit.cap", tags: "omitnil,nonnegative,amount"},
	}},
	{account.Overdraw{}, map[string]rule{
		"Limit":     {path: "credit.overdraw.limit", tags: "nonnegative,amount"},
		"ExpiresAt": {path: "credit.overdraw.expires_at", tags: "omitempty,instant"},
		"Reason":    {path: "credit.overdraw.reason", tags: "max=200,line"},
	}},
	{account.Routing{}, map[string]rule{
		"Priority": {path: "routing.priority", tags: "omitnil,min=0,max=3"},
		"Senders":  {path: "routing.senders", tags: "max=200,dive,sender"},
	}},
	{account.Contact{}, map[string]rule{
		"FirstName":  {path: "contact.first_name", tags: "max=100,line"},
		"LastName":   {path: "contact.last_name", tags: "max=100,line"},
		"Contract":   {path: "contact.contract", tags: "max=64,line"},
		"Company":    {path: "contact.company", tags: "max=200,line"},
		"Credential": {path: "contact.credential", tags: "max=64,line"},
		"Phone":      {path: "contact.phone", tags: "omitempty,phone"},
		"Country":    {path: "contact.country", tags: "omitempty,country"},
		"Telegram":   {path: "contact.telegram", tags: "omitempty,telegram"},
		"Skype":      {path: "contact.skype", tags: "omitempty,skype"},
	}},
	{account.Sending{}, map[string]rule{
		"DLRDays": {path: "sending.dlr_days", tags: "omitnil,min=1,max=30"},
	}},
	{account.Mail{}, map[string]rule{
		"Email":       {path: "mail.email", tags: "omitempty,octets=254,address"},
		"PriceUpdate": {path: "mail.price_update", tags: "omitempty,octets=254,address"},
		"Billing":     {path: "mail.billing", tags: "omitempty,octets=254,address"},
		"PriceFormat": {path: "mail.price_format", tags: "omitempty," + oneOf("mail.price_format")},
	}},
	{account.Webhooks{}, map[string]rule{
		"APIState":     {path: "webhooks.api_state", tags: "omitempty,webhook=api"},
		"APIIncoming":  {path: "webhooks.api_incoming", tags: "omitempty,webhook=api"},
		"RESTState":    {path: "webhooks.rest_state", tags: "omitempty,webhook=rest"},
		"RESTIncoming": {path: "webhooks.rest_incoming", tags: "omitempty,webhook=rest"},
	}},
	{account.Billing{}, map[string]rule{
		"Enterprise":  {path: "billing.enterprise", tags: oneOf("billing.enterprise")},
		"InvoiceDays": {path: "billing.invoice_days", tags: "monthdays"},
	}},
	{account.Notes{}, map[string]rule{
		"Comments": {path: "notes.comments", tags: "max=4000,lines"},
	}},
	{account.Manager{}, map[string]rule{
		"Name":  {path: "name", tags: "required,max=100,line", noun: "manager_name"},
		"Email": {path: "email", tags: "omitempty,octets=254,address", noun: "email"},
		"Phone": {path: "phone", tags: "omitempty,phone", noun: "phone"},
	}},
	{account.Product{}, map[string]rule{
		"Name":        {path: "name", tags: "required,max=100,line", noun: "product_name"},
		"Currency":    {path: "currency", tags: "omitempty,currency", noun: "currency"},
		"Price":       {path: "price", tags: "omitnil,nonnegative,amount", noun: "price"},
		"CreditLimit": {path: "credit_limit", tags: "omitnil,nonnegative,amount", noun: "credit"},
		"Priority":    {path: "priority", tags: "omitnil,min=0,max=3", noun: "priority"},
		"DLRDays":     {path: "dlr_days", tags: "omitnil,min=1,max=30", noun: "dlr_days"},
		"Moderation":  {path: "moderation", tags: "omitempty," + oneOf("moderation"), noun: "moderation"},
	}},
}

// rulesByField finds the rule of a Go field: "Core.Login".
var rulesByField = func() map[string]rule {
	found := map[string]rule{}
	for _, r := range rulebook {
		for name, rule := range r.fields {
			if rule.noun == "" {
				field, _ := account.FieldAt(rule.path)
				rule.noun = field.Noun
			}
			found[reflect.TypeOf(r.of).Name()+"."+name] = rule
		}
	}
	return found
}()

// oneOf is the tag that allows the choices of a field.
func oneOf(path string) string {
	field, _ := account.FieldAt(path)
	values := make([]string, len(field.Choices))
	for i, c := range field.Choices {
		values[i] = c.Value
	}
	return "oneof=" + strings.Join(values, " ")
}

// ruleOf is the second half of the code that a broken tag gives; min and max are
// told apart by what they count.
var ruleOf = map[string]string{
	"required": "required", "oneof": "choice", "octets": "length",
	"login": "chars", "sender": "format", "address": "format", "phone": "format",
	"telegram": "format", "skype": "format", "instant": "format",
	"zone": "unknown", "currency": "unknown", "country": "unknown",
	"nonnegative": "negative", "amount": "range", "monthdays": "range",
	"days": "days", "hours": "range", "span": "empty",
	"unit": "unit", "messages": "range", "money": "amount",
}

// faultOf names what a tag found. Structs are nested under fields that bear the
// name of their type, so the last two words say which rule it was.
func faultOf(broken validator.FieldError) account.Fault {
	words := strings.Split(broken.StructNamespace(), ".")
	name, _, _ := strings.Cut(strings.Join(words[len(words)-2:], "."), "[")
	rule := rulesByField[name]
	switch broken.Tag() {
	case "line", "lines":
		return account.NewFault(rule.path, "text.chars")
	case "webhook":
		return webhookFault(rule.path, broken.Value(), target.Family(broken.Param()))
	case "min", "max":
		return account.NewFault(rule.path, rule.noun+"."+countOf(broken.Kind()))
	default:
		return account.NewFault(rule.path, rule.noun+"."+ruleOf[broken.Tag()])
	}
}

// countOf is what min and max judge of a kind.
func countOf(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "length"
	case reflect.Slice:
		return "count"
	default:
		return "range"
	}
}
