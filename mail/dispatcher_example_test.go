package mail_test

import (
	"context"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/mailtest"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// exampleComposer makes mails of a platform.
func exampleComposer() (mail.Composer, error) {
	templates, err := mail.NewTemplates(mail.TemplateOptions{})
	if err != nil {
		return mail.Composer{}, err
	}
	from, err := mail.ParseAddress("Example SMS <billing@example.net>")
	return mail.Composer{Templates: templates, Platform: "Example SMS", From: from, Domain: "example.net"}, err
}

func ExampleComposer_Compose() {
	composer, err := exampleComposer()
	if err != nil {
		fmt.Println(err)
		return
	}
	notice := document.NewNotice(document.Head{
		ID: account.NewID(time.UnixMilli(0), [10]byte{}), At: time.Date(2026, 11, 28, 14, 5, 0, 0, time.UTC), Zone: "Europe/Berlin",
		Customer: document.Customer{Login: "acme", Name: "Acme Ltd"}, Manager: document.Contact{Name: "Max Muster", Email: "max@example.net"},
	}, document.NoticeHookOn)
	notice.Hook = account.HookRESTState
	to, err := mail.ParseAddress("jane@acme.example")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := composer.Compose(notice, to)
	fmt.Println(m.ID, err)
	fmt.Println(m.Subject)
	fmt.Print(m.Text)
	// Output:
	// <00000000-0000-7000-8000-000000000000.cd5decc91f7ef6fe@example.net> <nil>
	// Your webhook for SMS State via RestAPI is switched on again
	// Dear Acme Ltd,
	//
	// At 28 November 2026, 15:05 (Europe/Berlin) your webhook for SMS State via RestAPI was switched on again. What happens from now on is sent there.
	//
	// If you have questions, please ask Max Muster, max@example.net.
	//
	// Example SMS
	// Account: acme (Acme Ltd)
	// This message was sent automatically.
}

// A dispatcher runs beside the platform, until its context ends.
func ExampleDispatcher_Run() {
	composer, err := exampleComposer()
	if err != nil {
		fmt.Println(err)
		return
	}
	dispatcher, err := mail.NewDispatcher(memstore.New(), &mailtest.Recorder{}, &mail.Config{Composer: composer})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- dispatcher.Run(ctx) }()
	stop()
	fmt.Println(<-ended)
	// Output:
	// <nil>
}
