package mail

import (
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
)

// Examples returns a content of every kind, filled, in the order of [Kinds]: to try templates
// with, and to show them.
func Examples() []Content {
	at := time.Date(2026, 11, 28, 13, 5, 0, 0, time.UTC)
	about := About{
		Platform: "Example SMS",
		Client:   Client{Login: "acme", Company: "Acme & Sons Ltd", Name: "Jane Doe"},
		Manager:  Contact{"Max Muster", "max@example.com", "+493012345678"},
		At:       at,
		Zone:     time.FixedZone("Europe/Berlin", 3600),
	}
	funds := Funds{Balance: euros("-87.6"), Available: euros("12.4"), Messages: decimal.NewFromInt(1240), Counted: true}
	return append(exampleNotices(about, funds), exampleDocuments(about, funds)...)
}

func exampleNotices(about About, funds Funds) []Content {
	limit := account.MessagesLimit(1500)
	return []Content{
		LimitReached{about, funds, limit},
		LimitCleared{about, funds, limit},
		CreditExhausted{about, Funds{Balance: euros("-100"), Available: euros("0"), Counted: true}},
		OverdrawEnding{about, funds, euros("50"), about.At.Add(24 * time.Hour)},
		OverdrawEnded{about, funds, euros("50")},
		HookOff{about, account.HookRESTState, "failing"},
		HookOn{about, account.HookRESTState},
		PasswordChanged{About: about},
		EmailChanged{about, "E-mail for billing", "old@example.com", "new@example.com"},
		StatusChanged{about, account.StatusActive, account.StatusSuspended},
	}
}

func exampleDocuments(about About, funds Funds) []Content {
	day := account.Date{Year: 2026, Month: time.November, Day: 27}
	period := Period{account.Date{Year: 2026, Month: time.October, Day: 28}, day}
	document := Document{"2026-000042", day.Next()}
	return []Content{
		DailyStatistics{
			about, funds, day,
			[]Figure{
				{"Germany, Vodafone", 12000, 12450, euros("933.75"), euros("0")},
				{"Greece, Cosmote", 8, 9, euros("0.3465"), euros("0.077")},
			},
			Figure{"Total", 12008, 12459, euros("934.0965"), euros("0.077")},
		},
		Statement{about, document, period, euros("1000"), euros("-87.6")},
		Invoice{about, document, period, euros("1294.26")},
		CreditNote{about, document, "2026-000041", euros("20")},
		PriceUpdate{about, about.At.Add(7 * 24 * time.Hour), 3, 12, 1, 0},
	}
}

func euros(amount string) Money { return Money{decimal.RequireFromString(amount), "EUR"} }
