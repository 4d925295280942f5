package adminhttp_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// The host says who asks, and what they may do.
func ExampleNew() {
	svc := clientaccount.New(memstore.New(), nil)
	admin, err := adminhttp.New(svc, adminhttp.Config{
		Actor: func(*http.Request) (account.Actor, error) {
			return account.Actor{ID: "u1", Name: "Olena Koval"}, nil
		},
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/accounts/", http.StripPrefix("/accounts", admin))

	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/accounts/api/managers", nil))
	fmt.Println(answer.Code, answer.Body)
	// Output:
	// 200 {
	//   "managers": []
	// }
}
