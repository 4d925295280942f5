package account_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

// pigeon is a field that is nothing but a line of a struct and this row.
var pigeon = account.Field{
	Path: "contact.pigeon", Label: "Pigeon", Section: "contact", Kind: account.FieldText, Noun: "pigeon", Since: "1.0.0",
	Rules: "max=64,line", Searched: true,
	Values: "up to 64 characters", Effect: "Search and contact.",
}

func longer(text string) account.Longer {
	return account.Longer{Account: withoutPassword(accounttest.Full()), Pigeon: text}
}

func TestRowIsAllThatAFieldTakes(t *testing.T) {
	table := account.LongerTable(pigeon)
	f, ok := table.At("contact.pigeon")
	require.True(t, ok)
	assert.Equal(t, "Pigeon", f.Label)
	assert.Equal(t, 64, f.Max, "of its rules")
	assert.Len(t, table.Fields(), len(account.Fields())+1)

	was, is := longer("acme"), longer("acme")
	require.NoError(t, table.Set(&is, "contact.pigeon", " acme_support "), "typed")
	assert.Equal(t, "acme_support", table.Text(is, "contact.pigeon"), "shown")
	change := table.Diff(was, is)
	assert.Equal(t, account.Change{{Path: "contact.pigeon", Old: "acme", New: "acme_support"}}, change, "recorded")
	again := longer("")
	require.NoError(t, table.Apply(&again, change))
	assert.Equal(t, "acme_support", again.Pigeon, "applied")

	object := account.NestBy(table, is)
	assert.Equal(t, "acme_support", object["contact"].(map[string]any)["pigeon"], "written as JSON")
	assert.Contains(t, account.NestedBy(table, object), account.FieldChange{Path: "contact.pigeon", New: "acme_support"}, "and read")
	assert.Contains(t, account.SearchTextBy(table, is), "\nacme_support", "searched")
}

func TestRowIsAllThatAFaultTakes(t *testing.T) {
	table := account.LongerTable(pigeon)
	f, _ := table.At("contact.pigeon")
	assert.Equal(t, account.Fault{Path: "contact.pigeon", Code: "pigeon.length", Text: "At most 64 characters."}, f.Fault("length"))
	assert.Contains(t, account.CodesOf(table.Fields()), account.Code{Code: "pigeon.length", Text: "At most 64 characters.", About: "Pigeon"})
}

func TestTableOfNothing(t *testing.T) {
	var none account.Table[account.Manager]
	m := account.Manager{Name: "Nina"}
	assert.Empty(t, none.Fields())
	assert.Empty(t, none.Text(m, "name"))
	assert.Equal(t, account.Faults{account.NewFault("name", "field.unknown", "name")}, none.Set(&m, "name", "x"))
	assert.Equal(t, "Nina", m.Name)
}

func TestManagersAndProductsByTheirTables(t *testing.T) {
	managers, products := account.ManagerTable(), account.ProductTable()
	m, p := accounttest.Manager(1), accounttest.Product(1)
	changed := m
	require.NoError(t, managers.Apply(&changed, account.Change{}.Set("phone", "+380 (50) 111-22-33").Set("name", " Nina ")))
	assert.Equal(t, account.Change{
		{Path: "name", Old: "Manager 001", New: "Nina"}, {Path: "phone", Old: "+380501110001", New: "+380501112233"},
	}, managers.Diff(m, changed))

	var copied account.Product
	for f := range products.All() {
		require.NoError(t, products.Set(&copied, f.Path, products.Text(p, f.Path)), f.Path)
	}
	assert.Empty(t, products.Diff(p, copied))
	assert.Len(t, products.Diff(account.Product{}, p), len(products.Fields()), "every field of a product")
	assert.Len(t, managers.Diff(account.Manager{}, m), len(managers.Fields()), "every field of a manager")

	err := products.Apply(&copied, account.Change{}.Set("price", "1,5").Set("priority", "high").Set("credit_limit", "0."+strings.Repeat("1", 40)))
	faults, _ := account.AsFaults(err)
	assert.Equal(t, account.Faults{
		{Path: "price", Code: "price.comma", Text: "Use a dot for decimals, and nothing between thousands."},
		{Path: "credit_limit", Code: "credit.scale", Text: "At most 6 decimals for any currency."},
		{Path: "priority", Code: "priority.range", Text: "Choose a priority from 0 to 3."},
	}, faults)
}

func TestRefundsByTheirText(t *testing.T) {
	products := account.ProductTable()
	for typed, want := range map[string]string{
		"": "", "timeout": "timeout", " timeout,  UNDELIV\nREJECTD,UNDELIV,": "UNDELIV,REJECTD,timeout",
		"SKIPPED,EXPIRED,DELETED": "EXPIRED,DELETED,SKIPPED", "ENROUTE": "ENROUTE",
		"undeliv": "format", "UNDELIV;REJECTD": "format", "5": "format", "TIMEOUT": "format",
	} {
		p := account.Product{Refunds: account.RefundPolicy{States: account.States(account.StateDeleted)}}
		if err := products.Set(&p, "refunds", typed); err != nil {
			require.Equal(t, account.Faults{account.NewFault("refunds", "refunds."+want)}, err, typed)
			assert.Equal(t, "DELETED", products.Text(p, "refunds"), "left as it was")
			continue
		}
		assert.Equal(t, want, products.Text(p, "refunds"), typed)
	}
	stray := account.Product{Refunds: account.RefundPolicy{States: 1 << 12}}
	assert.Error(t, products.Restore(&account.Product{}, "refunds", products.Exact(stray, "refunds")), "a bit of no state")
}

// One code has one text, whichever row says it.
func TestRowsOfOneNounAgree(t *testing.T) {
	texts := map[string]string{}
	say := func(f account.Field) {
		for rule, text := range f.TextsOf() {
			code := f.Noun + "." + string(rule)
			if said, ok := texts[code]; ok {
				assert.Equal(t, said, text, code)
			}
			texts[code] = text
		}
	}
	for f := range account.AccountTable().All() {
		say(f)
	}
	for f := range account.ManagerTable().All() {
		say(f)
	}
	for f := range account.ProductTable().All() {
		say(f)
	}
	codes := map[string]bool{}
	for _, c := range account.FaultCodes() {
		assert.False(t, codes[c.Code], "%s has two rows", c.Code)
		codes[c.Code] = true
	}
}
