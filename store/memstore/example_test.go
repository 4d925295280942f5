package memstore_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// A store in memory, for tests of a platform.
func ExampleNew() {
	svc := clientaccount.New(memstore.New(), nil)
	_, err := svc.ByLogin(context.Background(), "acme")
	fmt.Println(errors.Is(err, account.ErrNotFound))
	// Output:
	// true
}
