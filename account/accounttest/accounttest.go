// Package accounttest has accounts, managers and products for tests. Everything
// is the same on every run: ids and times are computed, never taken from a clock.
package accounttest

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Password is the new password that fixtures carry, with its repetition.
const Password = "plum-kettle-7-orbit"

// Now returns the instant at which fixtures are valid: ends lie after it, and what was
// created was created then.
func Now() time.Time { return time.Date(2026, 11, 23, 8, 41, 2, 113_456_000, time.UTC) }

// ID returns the nth id of a fixed sequence; ids of greater n sort after.
func ID(n int) account.ID {
	var random [10]byte
	binary.BigEndian.PutUint64(random[2:], uint64(n))
	return account.NewID(Now().Add(time.Duration(n)*time.Millisecond), random)
}

// Manager returns the nth manager, at revision 1.
func Manager(n int) account.Manager {
	return account.Manager{
		ID: ID(n), Revision: 1,
		Name:  fmt.Sprintf("Manager %03d", n),
		Email: fmt.Sprintf("manager%d@platform.example", n),
		Phone: fmt.Sprintf("+38050111%04d", n),
	}
}

// Product returns the nth product, at revision 1, with every default set. Its id is no
// manager's.
func Product(n int) account.Product {
	return account.Product{
		ID: ID(1_000_000 + n), Revision: 1,
		Name:        fmt.Sprintf("Product %03d", n),
		Currency:    "UAH",
		Price:       account.Some(decimal.New(312, -4)),
		CreditLimit: account.Some(decimal.NewFromInt(int64(n))),
		Priority:    account.Some(2),
		DLRDays:     account.Some(7),
		Moderation:  account.ModerationAutomatic,
		Pricing:     account.PricingSent,
		Refunds:     account.RefundPolicy{States: account.States(account.StateUndeliverable, account.StateRejected), Timeout: true},
	}
}

// Valid returns the least that is valid: a pending company with a login and a password,
// at revision 1. Its id follows from the login, so another login has another id.
func Valid(login string) account.Account {
	sum := sha256.Sum256([]byte(login))
	a := account.New()
	a.ID = account.NewID(Now(), [10]byte(sum[:10]))
	a.Revision = 1
	a.Core.Login = login
	a.Core.Password = account.SetPassword(Password, Password)
	a.Contact.Company = "Company of " + login
	a.CreatedAt, a.UpdatedAt = Now(), Now()
	return a
}
