package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// demoPassword is every demo client's. It is printed here, so it protects nothing.
const demoPassword = "printed-in-the-source-7431"

// demoBranches are subaccounts: like their parent but in login and company, and in
// whose money they spend.
var demoBranches = []struct {
	parent, login, company string
	settings               []string // paths and texts in turn
}{
	{"balticwave", "baltic.riga", "Balticwave Riga SIA", []string{"status", "active", "credit.shared", "true", "credit.cap", "900"}},
	{"balticwave", "baltic.tallinn", "Balticwave Tallinn OU", []string{"status", "active"}},
	{"lumenia", "lumenia.brno", "Lumenia Brno s.r.o.", []string{"status", "active", "credit.shared", "true"}},
}

// firstSettings returns what a client starts with.
func (s *storyteller) firstSettings(c demoClient, i int) account.Change {
	change := account.Change{}.
		Set("login", c.login).
		Set("manager", s.managers[i%len(s.managers)].ID.String()).
		Set("time_zone", c.zone).
		Set("contact.first_name", c.first).
		Set("contact.last_name", c.last).
		Set("contact.company", c.company).
		Set("contact.country", c.country).
		Set("contact.phone", c.phone).
		Set("mail.email", "office@"+domain(c)).
		Set("sending.smpp", strconv.FormatBool(c.product == wholesale || i%4 == 0)).
		Set("sending.api", strconv.FormatBool(i%3 != 1)).
		Set("sending.web", strconv.FormatBool(i%2 == 0)).
		Set("sending.rest", strconv.FormatBool(i%3 != 2)).
		Set("sending.subaccounts", strconv.FormatBool(c.product == wholesale))
	if c.company == "" {
		change = change.Set("billing.enterprise", string(account.EnterprisePrivate))
	}
	if c.product != noProduct {
		change = change.Set("notes.product", s.products[c.product].ID.String())
	}
	return change
}

// domain returns where a client's invented addresses live.
func domain(c demoClient) string {
	return strings.NewReplacer(".", "-", "_", "-").Replace(c.login) + ".example.com"
}

// billingSince is how many days ago the last clients were first billed here.
const billingSince = 62

// chapter is an edit that happened to some of the clients.
type chapter struct {
	daysAgo   int
	every     int // to each so many-th client...
	offset    int // ...beginning with this one
	reason    string
	change    func(s *storyteller, c demoClient, i int) account.Change
	exception int // not to each so many-th; 0: no exception
}

func (c chapter) happensTo(i int) bool {
	return i%c.every == c.offset && (c.exception == 0 || i%c.exception != c.exception-1)
}

// changes returns a change from paths and texts in turn.
func changes(pathsAndTexts ...string) account.Change {
	var change account.Change
	for pair := range slices.Chunk(pathsAndTexts, 2) {
		change = change.Set(pair[0], pair[1])
	}
	return change
}

// set returns a change that is the same for every client.
func set(pathsAndTexts ...string) func(*storyteller, demoClient, int) account.Change {
	return func(*storyteller, demoClient, int) account.Change { return changes(pathsAndTexts...) }
}

// chapters are in the order of time; the last client was made 184 days ago.
var chapters = []chapter{
	{daysAgo: 168, every: 1, exception: 21, reason: "Contract signed, documents checked", change: sign},
	{daysAgo: 150, every: 2, reason: "Callback addresses from the client's engineer", change: giveURLs},
	{daysAgo: 131, every: 3, offset: 1, reason: "Credit agreed with finance", change: giveCredit},
	{daysAgo: 117, every: 4, offset: 2, reason: "Marketing only, nothing at night", change: set("dispatch", "Mon,Tue,Wed,Thu,Fri 09:00-19:00")},
	{daysAgo: 96, every: 5, reason: "Sender names registered with the operators", change: giveSenders},
	{daysAgo: 95, every: 5, offset: 3, reason: "Sends as its own customers", change: set("routing.dynamic_sender", "true")},
	{daysAgo: 80, every: 6, offset: 1, reason: "Wants a warning before traffic stops", change: set("notification_limit", "5000 messages")},
	{daysAgo: 71, every: 6, offset: 4, reason: "Price list for their routing", change: set("mail.price_format", "csv_mccmnc")},
	{daysAgo: billingSince, every: 1, reason: "Billed by this platform from now on", change: giveInvoices},
	{daysAgo: 60, every: 7, offset: 2, reason: "Invoices by mail from now on", change: billByMail},
	{daysAgo: 52, every: 8, offset: 5, reason: "Night shift answers alerts", change: set("dispatch", "Mon,Tue,Wed,Thu,Fri,Sat,Sun 20:00-06:00", "routing.priority", "2")},
	{daysAgo: 45, every: 9, offset: 1, reason: "Complaints about content, every message is read", change: set("moderation", "manual")},
	{daysAgo: 30, every: 7, offset: 3, reason: "More traffic than planned", change: giveOverdraw},
	{daysAgo: 24, every: 13, offset: 6, reason: "Invoice unpaid for 30 days", change: set("status", "suspended", "notes.comments", "Reminder sent twice; calls back after the 20th.")},
	{daysAgo: 15, every: 26, offset: 6, reason: "Paid in full", change: set("status", "active", "notes.comments", "Paid late once.")},
	{daysAgo: 14, every: 23, offset: 3, reason: "Trial is over", change: endTrial},
	{daysAgo: 12, every: 29, offset: 8, reason: "Phishing reported by two operators", change: set("status", "blocked", "notes.comments", "Abuse desk has the case. Do not lift without them.")},
	{daysAgo: 6, every: 31, offset: 14, reason: "Contract ended at the client's wish", change: set("status", "closed")},
}

func sign(_ *storyteller, _ demoClient, i int) account.Change {
	return changes("status", "active", "contact.contract", "C-"+strconv.Itoa(20_240+7*i))
}

func giveURLs(_ *storyteller, c demoClient, _ int) account.Change {
	base := "https://hooks." + domain(c)
	return changes("webhooks.api_state", base+"/dlr", "webhooks.api_incoming", base+"/mo?source=sms",
		"webhooks.rest_state", base+"/v2/states", "webhooks.rest_incoming", base+"/v2/incoming")
}

func giveCredit(_ *storyteller, _ demoClient, i int) account.Change {
	return changes("credit.limit", strconv.Itoa(500*(1+i%7)))
}

func giveSenders(_ *storyteller, c demoClient, i int) account.Change {
	name, _, _ := strings.Cut(c.login, ".")
	name, _, _ = strings.Cut(name, "-")
	name = strings.ToUpper(name[:1]) + name[1:]
	return changes("routing.senders", name[:min(len(name), 11)]+","+strconv.Itoa(4400+i))
}

func giveInvoices(_ *storyteller, _ demoClient, i int) account.Change {
	return changes("billing.invoice_days", []string{"1", "1,15", "31"}[i%3], "billing.send_stats", "true",
		"billing.send_invoices", strconv.FormatBool(i%5 != 0), "mail.daily_statistics", strconv.FormatBool(i%12 == 4))
}

func billByMail(_ *storyteller, c demoClient, _ int) account.Change {
	return changes("mail.billing", "accounts@"+domain(c), "billing.to_email", "true", "billing.send_invoices", "true")
}

// giveOverdraw ends within the 90 days that an overdraw may last, after today.
func giveOverdraw(s *storyteller, _ demoClient, i int) account.Change {
	return changes("credit.overdraw.limit", strconv.Itoa(250*(1+i%4)),
		"credit.overdraw.expires_at", s.now.AddDate(0, 0, 3+i%18).Format(time.RFC3339),
		"credit.overdraw.reason", "Season's traffic, settled with the next invoice")
}

func endTrial(s *storyteller, _ demoClient, _ int) account.Change {
	return changes("expires_at", s.now.AddDate(0, 0, -2).Format(time.RFC3339))
}
