package mail

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
)

// ErrContent is returned for a document of which no mail tells.
var ErrContent = errors.New("mail: no mail tells of this document")

// ContentOf returns what the mail about a document tells, with the name of the platform, and in
// the document's own words for what is not the templates' to say: names of fields, and of sums.
// The error is ErrContent.
func ContentOf(d document.Document, platform string, w document.Words) (Content, error) {
	about := aboutOf(d.About(), platform)
	switch d := d.(type) {
	case document.Daily:
		return dailyOf(about, d, w), nil
	case document.Statement:
		return Statement{
			about, documentOf(d.Head), periodOf(d.Period), Money{d.Opening.Balance, d.Currency}, Money{d.Closing.Balance, d.Currency},
		}, nil
	case document.Invoice:
		return Invoice{about, documentOf(d.Head), periodOf(d.Period), Money{d.Total, d.Currency}}, nil
	case document.CreditNote:
		return CreditNote{about, documentOf(d.Head), d.Invoice.Number.Text, Money{d.Total, d.Currency}}, nil
	case document.PriceUpdate:
		return PriceUpdate{about, cmp.Or(d.Begins, d.At), d.Up, d.Down, d.New, d.Closed}, nil
	case document.Notice:
		if of, known := noticeContents[d.Event]; known {
			return of(about, d, w.Notices), nil
		}
	}
	return nil, ErrContent
}

func aboutOf(h document.Head, platform string) About {
	zone, err := account.LoadZone(h.Zone)
	if err != nil {
		zone = time.UTC
	}
	return About{
		Platform: platform, Client: Client{h.Customer.Login, h.Customer.Name, h.Customer.Contact}, Manager: Contact(h.Manager), At: h.At, Zone: zone,
	}
}

func documentOf(h document.Head) Document { return Document{h.Number.Text, h.Issued} }

func periodOf(p document.Period) Period { return Period{p.First, p.Last} }

func fundsOf(f document.Funds, currency account.Currency) Funds {
	messages, counted := f.Messages.Get()
	return Funds{Money{f.Balance, currency}, Money{f.Available, currency}, messages, counted}
}

func dailyOf(about About, d document.Daily, w document.Words) DailyStatistics {
	s := DailyStatistics{About: about, Funds: fundsOf(d.Funds, d.Currency), Day: d.Day}
	row := func(title string, f document.Figure) Figure {
		return Figure{title, f.Messages, f.Parts, Money{f.Taken, d.Currency}, Money{f.GivenBack, d.Currency}}
	}
	for _, f := range d.ByNetwork() {
		s.Figures = append(s.Figures, row(titleOf(f, w), f))
	}
	s.Total = row(w.Totals.All, document.Figure{Figures: d.Total})
	return s
}

// titleOf returns a network's country, and its name or codes.
func titleOf(f document.Figure, w document.Words) string {
	name := cmp.Or(f.Network, strings.TrimSpace(f.MCC+" "+f.MNC), "–")
	country, known := price.CountryOf(f.MCC)
	if !known || w.Country == nil {
		return name
	}
	return w.Country(country) + ", " + name
}

// noticeContents has what the mail about each event tells.
var noticeContents = map[document.NoticeEvent]func(About, document.Notice, document.NoticeWords) Content{
	document.NoticeLimitReached: func(a About, n document.Notice, _ document.NoticeWords) Content {
		return LimitReached{a, fundsOf(n.Funds, n.Currency), n.Funds.Limit}
	},
	document.NoticeLimitCleared: func(a About, n document.Notice, _ document.NoticeWords) Content {
		return LimitCleared{a, fundsOf(n.Funds, n.Currency), n.Funds.Limit}
	},
	document.NoticeCreditExhausted: func(a About, n document.Notice, _ document.NoticeWords) Content {
		return CreditExhausted{a, fundsOf(n.Funds, n.Currency)}
	},
	document.NoticeOverdrawEnding: func(a About, n document.Notice, _ document.NoticeWords) Content {
		return OverdrawEnding{a, fundsOf(n.Funds, n.Currency), overdrawOf(n), n.Ends}
	},
	document.NoticeOverdrawEnded: func(a About, n document.Notice, _ document.NoticeWords) Content {
		return OverdrawEnded{a, fundsOf(n.Funds, n.Currency), overdrawOf(n)}
	},
	document.NoticeHookOff: func(a About, n document.Notice, _ document.NoticeWords) Content {
		return HookOff{a, n.Hook, n.Code}
	},
	document.NoticeHookOn: func(a About, n document.Notice, _ document.NoticeWords) Content {
		return HookOn{a, n.Hook}
	},
	document.NoticePasswordChanged: func(a About, n document.Notice, _ document.NoticeWords) Content {
		return PasswordChanged{a, n.Field == account.PathGatewayPassword}
	},
	document.NoticeEmailChanged: func(a About, n document.Notice, w document.NoticeWords) Content {
		return EmailChanged{a, cmp.Or(w.Fields[n.Field], n.Field), n.Old, n.New}
	},
	document.NoticeStatusChanged: func(a About, n document.Notice, _ document.NoticeWords) Content {
		return StatusChanged{a, account.Status(n.Old), account.Status(n.New)}
	},
}

func overdrawOf(n document.Notice) Money { return Money{n.Overdraw, n.Currency} }
