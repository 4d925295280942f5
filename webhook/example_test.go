package webhook_test

import (
	"context"
	"fmt"

	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook"
)

// A dispatcher runs beside the platform, until its context ends.
func ExampleDispatcher_Run() {
	dispatcher, err := webhook.NewDispatcher(memstore.New(), nil)
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
