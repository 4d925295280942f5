package ask

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/validate"
)

// products is the list of products.
type products struct{}

func (products) Texts() ListTexts {
	return ListTexts{
		Name: "products", Title: "Products", One: "product", Filter: "product",
		About: "Tariffs: the defaults that their clients inherit, and the reference price of a message part. A product that clients have cannot be removed.",
	}
}

func (products) Needs() ListNeeds {
	return ListNeeds{access.ListProducts, access.KeepProducts, access.KeepProducts, access.SeeProduct, access.EditProduct}
}

func (products) Fields() []account.Field {
	moderation, _ := account.FieldAt("moderation")
	priority, _ := account.FieldAt("routing.priority")
	return []account.Field{
		{Path: "name", Label: "Name", Kind: account.FieldText, Effect: "What account managers choose by."},
		{Path: "currency", Label: "Currency", Kind: account.FieldCurrency, Noun: "currency", Effect: "Must be that of the clients who have the product."},
		{Path: "price", Label: "Price of a message part", Kind: account.FieldAmount, Noun: "price", Effect: "The reference price, at most 6 decimals."},
		{Path: "credit_limit", Label: "Allow credit", Kind: account.FieldAmount, Noun: "credit", Effect: "For clients without a limit of their own."},
		{Path: "priority", Label: "SMS priority", Kind: account.FieldChoice, Noun: "priority", Choices: priority.Choices, Effect: "For clients without a priority of their own."},
		{Path: "dlr_days", Label: "Days of waiting DLR", Kind: account.FieldNumber, Noun: "dlr_days", Effect: "1 to 30, for clients without a number of their own."},
		{Path: "moderation", Label: "Moderation", Kind: account.FieldChoice, Noun: "moderation", Choices: moderation.Choices, Effect: "For clients without a choice of their own."},
	}
}

func (products) Rows(r *Request) ([]ListRow, error) {
	all, err := r.Service.Products(r.Context())
	var rows []ListRow
	for _, p := range all {
		rows = append(rows, productRow(p))
	}
	return rows, err
}

func (products) Row(r *Request, id account.ID) (ListRow, error) {
	p, err := r.Service.Product(r.Context(), id)
	return productRow(p), err
}

func productRow(p account.Product) ListRow {
	return ListRow{p.ID, p.Revision, map[string]string{
		"name": p.Name, "currency": string(p.Currency), "moderation": string(p.Moderation),
		"price": amountText(p.Price, p.Currency), "credit_limit": amountText(p.CreditLimit, p.Currency),
		"priority": numberText(p.Priority), "dlr_days": numberText(p.DLRDays),
	}}
}

func amountText(amount account.Optional[decimal.Decimal], currency account.Currency) string {
	d, ok := amount.Get()
	if !ok {
		return ""
	}
	return currency.FormatPlain(d)
}

func numberText(number account.Optional[int]) string {
	n, ok := number.Get()
	if !ok {
		return ""
	}
	return strconv.Itoa(n)
}

func (p products) Save(r *Request, row ListRow) (account.ID, error) {
	typed := row.Texts
	product := account.Product{
		ID: row.ID, Revision: row.Revision, Name: strings.TrimSpace(typed["name"]),
		Currency: account.Currency(typed["currency"]), Moderation: account.Moderation(typed["moderation"]),
	}
	var faults account.Faults
	product.Price = readAmount("price", "price", typed, &faults, account.MaxScale)
	product.CreditLimit = readAmount("credit_limit", "credit", typed, &faults, account.MaxScale, "any currency")
	product.Priority = readNumber("priority", "priority", typed, &faults)
	product.DLRDays = readNumber("dlr_days", "dlr_days", typed, &faults)
	if len(faults) > 0 {
		return account.ID{}, p.allFaults(product, faults)
	}
	saved, err := r.Service.SaveProduct(r.Context(), product)
	return saved.ID, err
}

var rules = sync.OnceValue(validate.New)

// allFaults are those of what could not be read and of the rest, in the form's order.
func (p products) allFaults(product account.Product, faults account.Faults) error {
	unread := slices.Clone(faults)
	for _, fault := range rules().Product(product) {
		if !unread.On(fault.Path) {
			faults = append(faults, fault)
		}
	}
	order := map[string]int{}
	for i, f := range p.Fields() {
		order[f.Path] = i
	}
	slices.SortStableFunc(faults, func(a, b account.Fault) int { return order[a.Path] - order[b.Path] })
	return faults
}

// readAmount reads an amount that may be left out, or adds the fault; places is what
// the text on too many of them says.
func readAmount(path, noun string, typed map[string]string, faults *account.Faults, places ...any) account.Optional[decimal.Decimal] {
	text := strings.TrimSpace(typed[path])
	if text == "" {
		return account.Optional[decimal.Decimal]{}
	}
	amount, err := account.ParseAmount(text)
	switch rule, bad := errors.AsType[account.Rule](err); {
	case bad && rule == "scale":
		*faults = append(*faults, account.NewFault(path, noun+".scale", places...))
	case bad:
		*faults = append(*faults, account.NewFault(path, noun+"."+string(rule)))
	}
	return account.Some(amount)
}

// readNumber reads a whole number that may be left out, or adds the fault.
func readNumber(path, noun string, typed map[string]string, faults *account.Faults) account.Optional[int] {
	text := strings.TrimSpace(typed[path])
	if text == "" {
		return account.Optional[int]{}
	}
	number, err := strconv.Atoi(text)
	if err != nil {
		*faults = append(*faults, account.NewFault(path, noun+".range"))
	}
	return account.Some(number)
}

func (products) Remove(r *Request, id account.ID) error {
	return r.Service.DeleteProduct(r.Context(), id)
}
