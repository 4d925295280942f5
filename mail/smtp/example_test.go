package smtp_test

import (
	"context"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/smtp"
)

// A message is sent once; whether to try again is for who keeps it.
func ExampleSender_Send() {
	sender, err := smtp.New(smtp.Config{Host: "mail.invalid", Timeout: time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = sender.Close() }()

	err = sender.Send(context.Background(), mail.Message{Text: "Hello"})
	fmt.Println(err, mail.IsPermanent(err))
	// Output: mail: message: mail: not a whole message: id, date, from, to, subject true
}
