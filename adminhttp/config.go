package adminhttp

import (
	"cmp"
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/internal/language"
	"github.com/clientaccount/clientaccount/mail"
)

// ErrNoActor is what a host's Actor returns for a request of nobody it knows: it
// is answered with 401.
var ErrNoActor = ask.ErrNoActor

// Config is what a host tells the admin. Actor and Policy are required.
type Config struct {
	// Actor is who a request comes from. ErrNoActor is answered with 401, any
	// other error with 500. It is called once for every request but assets. What is
	// one's own is told by the actor's ID: who has none has nothing of their own.
	Actor func(*http.Request) (account.Actor, error)
	// Policy is what the actor may do. It is asked for every request, so a change
	// takes effect at once, on saving too. An error is answered with 500.
	Policy func(*http.Request, account.Actor) (Policy, error)
	// TestHook calls a client's URL once with a made-up delivery and says what came of
	// it, as (*webhook.Dispatcher).Test does. nil: tests cannot be sent from the admin.
	TestHook func(context.Context, account.ID, account.HookKind) (clientaccount.Try, error)
	// Files writes documents as files. The zero value writes pages and CSV, in English.
	Files document.Files
	// Mail writes mails for previews: what each kind of mail would look like for a client. It
	// sends nothing. nil: there are no previews.
	Mail *mail.Composer
	// ReadWorkbook reads prices from a file of Excel, as account/price/xlsx.Read does. nil: prices
	// are imported from CSV only.
	ReadWorkbook func(io.Reader, price.ReadOptions) ([]price.Row, error)
	// ReadSheet reads the first sheet of a file of Excel, as account/price/xlsx.Lines does. nil:
	// clients are imported from CSV and JSON only.
	ReadSheet func(io.Reader) iter.Seq2[sheet.Line, error]
	// Languages are those of pages, the first of them for who asks for none of them; English is
	// among them always. One with the tag "en" replaces words of English. nil: English only.
	Languages []Language
	// Language is the tag of the language that a request is answered in; the one that fits best is
	// taken. nil: what the Accept-Language header says.
	Language func(*http.Request) string
	// SignIn is the URL of the host's page for signing in, which is to lead on to back: the path and
	// query of a page of the admin, as the host's server received it (a proxy that takes a prefix
	// off puts it on again). A request of nobody is answered with a link to it, and a form of
	// nobody with what was typed, to be sent again after signing in in a window beside. nil:
	// people are only told to sign in.
	SignIn func(r *http.Request, back string) string
	// SignOut is the URL of the host's page that signs out, which every page links to. Who is
	// asked there with a form of its own cannot be signed out by a link. Empty: there is none.
	SignOut string
	// Links are the host's own pages about a client, at the top of each page of the client: of a
	// ticket system, say. The account has the fields blank that the actor does not see. It is
	// asked for each of these pages, and may return none. nil: there are none.
	Links func(*http.Request, account.Account) []Link
	// Views are the host's own views of the Clients list, beside All, Mine, Newest, Suspended and
	// Closed: the list in a state that has a name. It is asked for each page of the list. nil: none.
	Views func(*http.Request, account.Actor) []View
	// PaymentRequired: a top-up from the pages needs a payment reference, under which the same
	// payment is not booked twice. False: it may stay empty. It is stored in one way of writing,
	// with single blanks and in capitals; where it is required, that of a top-up in JSON, too.
	PaymentRequired bool
	// ConfirmWithin is for how long something waits for a second person; zero: 72 hours.
	ConfirmWithin time.Duration
	// Title stands at the top of every page; empty: "Client accounts".
	Title string
	// Logger hears of failures that are not the caller's; nil: nothing is logged.
	Logger *slog.Logger
}

// Link is a page of the host's own. Its Href is relative to the page, or whole.
type Link struct{ Name, Href string }

// View is the Clients list in a state that has a name. Query is what stands behind the question mark
// in the list's URL, "status=active&sort=-moved": whatever else is in it is left out.
type View struct{ Name, Query string }

// defaultConfirmWithin lasts over a weekend.
const defaultConfirmWithin = 72 * time.Hour

func (c Config) withDefaults() (Config, error) {
	if c.Actor == nil || c.Policy == nil {
		return c, errors.New("adminhttp: Config needs Actor and Policy: who is this request, and what may they do")
	}
	if c.Mail != nil {
		if err := c.Mail.Check(); err != nil {
			return c, err
		}
	}
	if c.Language == nil {
		c.Language = acceptLanguage
	}
	if c.ConfirmWithin < 0 {
		return c, errors.New("adminhttp: Config.ConfirmWithin is negative")
	}
	c.ConfirmWithin = cmp.Or(c.ConfirmWithin, defaultConfirmWithin)
	if c.Title == "" {
		c.Title = "Client accounts"
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

// site returns the configuration as requests carry it.
func (c Config) site(svc *clientaccount.Service, languages *language.Set) ask.Site {
	return ask.Site{
		Languages: languages, Speaks: c.Language,
		SignIn: c.SignIn, SignOut: c.SignOut, Links: c.links(), Views: c.views(),
		Service: svc, Who: c.Actor, TestHook: c.TestHook, Files: c.Files, Preview: preview(c.Mail), ReadWorkbook: c.ReadWorkbook, ReadSheet: c.ReadSheet, PaymentRequired: c.PaymentRequired,
		ConfirmWithin: c.ConfirmWithin, Title: c.Title, Logger: c.Logger,
		May: func(r *http.Request, who account.Actor) (access.Policy, error) {
			policy, err := c.Policy(r, who)
			return access.Policy(policy), err
		},
	}
}

// links are the host's own pages as requests carry them.
func (c Config) links() func(*http.Request, account.Account) []ask.Link {
	if c.Links == nil {
		return nil
	}
	return func(r *http.Request, a account.Account) (all []ask.Link) {
		for _, l := range c.Links(r, a) {
			all = append(all, ask.Link(l))
		}
		return all
	}
}

// views are the host's own of the list as requests carry them.
func (c Config) views() func(*http.Request, account.Actor) []ask.View {
	if c.Views == nil {
		return nil
	}
	return func(r *http.Request, who account.Actor) (all []ask.View) {
		for _, v := range c.Views(r, who) {
			all = append(all, ask.View(v))
		}
		return all
	}
}

// preview returns what shows mails that are not sent; nil where nothing writes them.
func preview(c *mail.Composer) func(document.Document, string) (ask.MailPreview, error) {
	if c == nil {
		return nil
	}
	return func(d document.Document, to string) (ask.MailPreview, error) {
		address, err := mail.NewAddress("", to)
		if err != nil {
			return ask.MailPreview{}, err
		}
		m, err := c.Compose(d, address)
		p := ask.MailPreview{From: m.From.String(), ReplyTo: m.ReplyTo.String(), Subject: m.Subject.String(), Text: m.Text, HTML: m.HTML}
		for _, file := range m.Attachments {
			p.Files = append(p.Files, ask.FilePreview{Name: file.Name.String(), Size: len(file.Content)})
		}
		return p, err
	}
}
