package clientaccount_test

import (
	"context"
	"fmt"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
)

// exampleDraft keeps a draft of a client's own price list.
func exampleDraft(ctx context.Context, svc *clientaccount.Service, id account.ID) (store.PriceDraft, error) {
	return svc.SavePriceDraft(ctx, store.PriceDraft{
		Owner: store.PriceOwner{Account: id},
		Draft: price.Draft{Rows: []price.Row{
			{Network: price.Network{MCC: "255", MNC: "01"}, From: svc.Now().Add(time.Hour), Price: account.Amount("0.03")},
		}},
	})
}

func ExampleService_SavePriceDraft() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	draft, err := exampleDraft(ctx, svc, acme.ID)
	fmt.Println(draft.Revision, len(draft.Draft.Rows), err)

	seen, err := svc.PriceDraft(ctx, draft.Owner)
	fmt.Println(seen.Revision, err)
	fmt.Println(svc.DropPriceDraft(ctx, draft.Owner, seen.Revision))
	// Output:
	// 1 1 <nil>
	// 1 <nil>
	// <nil>
}

func ExampleService_AnnouncePrices() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	draft, err := exampleDraft(ctx, svc, acme.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	preview, err := svc.PreviewPrices(ctx, draft.Owner)
	fmt.Println(preview.Changes[0].Kind(), preview.Touched, err)

	announced, err := svc.AnnouncePrices(ctx, draft.Owner, draft.Revision, account.Actor{Name: "Olena"}, "as agreed")
	fmt.Println(announced.Added[0].Price, err)
	page, err := svc.Announcements(ctx, draft.Owner, account.ID{}, 0)
	fmt.Println(page[0].Reason, err)
	list, err := svc.PriceList(ctx, draft.Owner)
	fmt.Println(list.Len(), err)
	// Output:
	// new 1 <nil>
	// 0.03 <nil>
	// as agreed <nil>
	// 1 <nil>
}

func ExampleService_PriceAt() {
	ctx := context.Background()
	svc, acme := exampleClient(ctx)
	draft, err := exampleDraft(ctx, svc, acme.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := svc.AnnouncePrices(ctx, draft.Owner, draft.Revision, account.Actor{}, ""); err != nil {
		fmt.Println(err)
		return
	}
	network := price.Network{MCC: "255", MNC: "01"}
	for _, at := range []time.Time{svc.Now(), svc.Now().Add(2 * time.Hour)} {
		found, sold, err := svc.PriceAt(ctx, acme.ID, network, at)
		fmt.Println(found.Price, sold, err)
	}
	prices, err := svc.PricesOf(ctx, acme.ID)
	fmt.Println(len(prices.Networks()), err)
	// Output:
	// 0 false <nil>
	// 0.03 true <nil>
	// 1 <nil>
}

// What a host calls networks stands in price updates, and in the admin.
func ExampleService_Network() {
	svc, _ := exampleClient(context.Background())
	fmt.Println(svc.KeepsPrices(), svc.Network("255", "01") == "")
	// Output:
	// true true
}
