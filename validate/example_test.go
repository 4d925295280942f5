package validate_test

import (
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/validate"
)

// Everything that is wrong is found at once, in the order of the page.
func ExampleValidator_Account() {
	rules := validate.New()
	a := account.New()
	a.Core.Login, a.Mail.Email = "ac me", "a@"
	rules.Normalize(&a)
	for _, f := range rules.Account(a, validate.Facts{Now: time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)}) {
		fmt.Println(f.Path, f.Code)
	}
	// Output:
	// login login.chars
	// password password.required
	// contact.company company.required
	// mail.email email.format
}
