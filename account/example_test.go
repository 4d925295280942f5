package account_test

import (
	"fmt"

	"github.com/clientaccount/clientaccount/account"
)

// An amount that the program itself names needs no import of decimal, and no error.
func ExampleAmount() {
	price := account.Amount("0.0312")
	movement := account.Movement{Kind: account.KindCharge, Price: account.Some(price), Messages: 3}
	total, err := movement.Total()
	fmt.Println(total, err)
	// Output: 0.0936 <nil>
}

// What people type is read, and what is wrong with it is an error.
func ExampleParseAmount() {
	for _, typed := range []string{"12.50", "12,50", "1e3"} {
		fmt.Println(account.ParseAmount(typed))
	}
	// Output:
	// 12.5 <nil>
	// 0 account: breaks the rule comma
	// 0 account: breaks the rule range
}

func ExampleCurrency_Format() {
	debt := account.Amount("-1234.5")
	for _, currency := range []account.Currency{"EUR", "JPY", "KWD"} {
		fmt.Println(currency.Format(debt), currency.FormatPlain(debt))
	}
	// Output:
	// −1,234.50 EUR -1234.50
	// −1,234.5 JPY -1234.5
	// −1,234.500 KWD -1234.500
}

// A change names fields and texts, as a form or a patch does.
func ExampleChange() {
	a := account.New()
	change := account.Change{}.Set("contact.company", "Acme Telecom Ltd").Set("credit.limit", "10,50")
	err := change.Apply(&a)
	faults, _ := account.AsFaults(err)
	for _, f := range faults {
		fmt.Println(f.Path, f.Code)
	}
	fmt.Println(a.Contact.Company)
	// Output:
	// credit.limit credit.comma
	// Acme Telecom Ltd
}

func ExampleDiff() {
	before := account.New()
	after := before
	after.Contact.Company = "Acme Telecom Ltd"
	for _, field := range account.Diff(before, after) {
		fmt.Println(field.Path, field.New)
	}
	// Output:
	// contact.company Acme Telecom Ltd
}

func ExampleFieldAt() {
	field, ok := account.FieldAt("contact.company")
	fmt.Println(field.Label, ok)
	// Output:
	// Company true
}

// A new kind of movement is refused until it has traits.
func ExampleMovementKind_Traits() {
	fmt.Println(account.KindCharge.Traits().Title, account.KindCharge.Traits().Callers)
	fmt.Println(account.MovementKind("no kind").Traits().Callers)
	// Output:
	// Charge true
	// false
}
