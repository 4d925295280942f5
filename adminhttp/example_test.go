package adminhttp_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"

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

// Pages are said in Ukrainian to who asks for it, and to others in English with a word of the host.
func ExampleLanguage() {
	admin, err := adminhttp.New(clientaccount.New(memstore.New(), nil), adminhttp.Config{
		Actor:  func(*http.Request) (account.Actor, error) { return account.Actor{ID: "u1", Name: "Olena Koval"}, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) { return adminhttp.FullAccess(), nil },
		Languages: []adminhttp.Language{
			{Tag: "en", Texts: map[string]adminhttp.Forms{"Clients": {"other": "Customers"}}},
			adminhttp.Ukrainian(),
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, language := range []string{"uk-UA,uk;q=0.9", "de"} {
		request := httptest.NewRequest(http.MethodGet, "/clients", nil)
		request.Header.Set("Accept-Language", language)
		answer := httptest.NewRecorder()
		admin.ServeHTTP(answer, request)
		fmt.Println(regexp.MustCompile(`<html[^>]*>|<h1>[^<]*</h1>`).FindAllString(answer.Body.String(), 2))
	}
	// Output:
	// [<html lang="uk" dir="ltr"> <h1>Клієнти</h1>]
	// [<html lang="en" dir="ltr"> <h1>Customers</h1>]
}
