package main

import (
	"context"
	"iter"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// messages are all that a query finds, the newest first, read page by page: what happens to
// them meanwhile shifts no page.
func messages(ctx context.Context, accounts *clientaccount.Service, q message.Query) iter.Seq2[message.Message, error] {
	q.Limit = account.MaxPage
	return func(yield func(message.Message, error) bool) {
		for {
			page, err := accounts.Messages(ctx, q)
			if err != nil {
				yield(message.Message{}, err)
				return
			}
			for _, m := range page {
				if !yield(m, nil) {
					return
				}
			}
			if len(page) < q.Limit {
				return
			}
			q.Before = page[len(page)-1].Entries.Hold
		}
	}
}
