package main

import (
	"context"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/store"
)

// mailStore is a store that keeps mails.
type mailStore interface {
	store.Store
	store.MailOutbox
}

// settleMails notes what came of mails that are due, in a dispatcher's place: of all, or only of
// those of a client whose mailbox is full.
func settleMails(ctx context.Context, st mailStore, now time.Time, all bool) error {
	owner := account.ID{1}
	for {
		claimed, err := st.ClaimMails(ctx, store.MailClaim{Owner: owner, Now: now, Until: now.Add(time.Second), Limit: 500, Each: 500})
		if err != nil || len(claimed) == 0 {
			return err
		}
		var results []store.MailResult
		for _, m := range claimed {
			if all || isFull(m) { // else it stays leased, for the second that this takes
				results = append(results, resultOf(m, now))
			}
		}
		if _, err := st.RecordMails(ctx, owner, results); err != nil {
			return err
		}
	}
}

// resultOf returns what came of a mail, two minutes after its document was made.
func resultOf(m store.ClaimedMail, now time.Time) store.MailResult {
	at := m.Document.At.Add(2 * time.Minute)
	if at.Before(now) {
		at = now
	}
	r := store.MailResult{
		ID: m.ID, To: m.Address, State: store.MailSent, Tries: 1,
		Last: store.MailTry{At: at, Code: mail.CodeSent, Said: "250 2.0.0 Ok: queued"},
	}
	if isFull(m) {
		r.State, r.Tries = store.MailFailed, mail.MaxTries
		r.Last = store.MailTry{At: at, Code: string(mail.StepTo), Said: "552 5.2.2 The mailbox is full"}
	}
	return r
}

func isFull(m store.ClaimedMail) bool { return strings.HasSuffix(m.Address, "@carpatia.example.com") }
