package main

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// route is where numbers lead that begin alike, and what a part costs there. A platform has a
// list of these for each client (package account/price reads them), and asks a service which
// network a number is in.
type route struct {
	prefix   string
	mcc, mnc string
	price    decimal.Decimal
}

// routes are tried in this order.
var routes = []route{
	{"38050", "255", "01", account.Amount("0.0312")},
	{"380", "255", "", account.Amount("0.0345")},
	{"4915", "262", "01", account.Amount("0.0680")},
	{"447", "234", "", account.Amount("0.0410")},
}

// routeTo returns the route to a number; false: there is none, so there is no price.
func routeTo(number string) (route, bool) {
	for _, r := range routes {
		if strings.HasPrefix(strings.TrimPrefix(number, "+"), r.prefix) {
			return r, true
		}
	}
	return route{}, false
}
