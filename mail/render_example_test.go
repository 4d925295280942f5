package mail_test

import (
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/mail"
)

func ExampleTemplates_Render() {
	templates, err := mail.NewTemplates(mail.TemplateOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := templates.Render("en", mail.HookOn{
		About: mail.About{
			Platform: "Example SMS",
			Client:   mail.Client{Login: "acme", Company: "Acme Ltd"},
			At:       time.Date(2026, 11, 28, 14, 5, 0, 0, time.UTC),
		},
		Hook: account.HookRESTState,
	})
	fmt.Println(m.Subject, err)
	fmt.Print(m.Text)
	// Output:
	// Your webhook for SMS State via RestAPI is switched on again <nil>
	// Dear Acme Ltd,
	//
	// At 28 November 2026, 14:05 (UTC) your webhook for SMS State via RestAPI was switched on again. What happens from now on is sent there.
	//
	// Example SMS
	// Account: acme (Acme Ltd)
	// This message was sent automatically.
}
