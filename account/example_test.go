package account_test

import (
	"fmt"

	"github.com/clientaccount/clientaccount/account"
)

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
	fmt.Println(account.MovementKind("bonus").Traits().Callers)
	// Output:
	// Charge true
	// false
}
