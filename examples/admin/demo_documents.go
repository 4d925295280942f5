package main

import (
	"context"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
)

// demoNetworks are what the networks of the demo's price lists are called, by MCC and MNC.
var demoNetworks = map[string]string{
	"20205": "Aegeantel", "21901": "Adriacell", "23203": "Alpnet", "23410": "Northlink", "24201": "Northlink Norge", "60201": "Nilemobile",
	"26201": "Rheintel", "26202": "Havelcom", "20801": "Loirefone", "24601": "Balttel",
}

// demoPrices are those of the wholesale list: now, and as the next announcement has it.
var demoPrices = []struct{ mcc, mnc, now, next string }{
	{"202", "", "0.0310", "0.0310"},
	{"202", "05", "0.0325", "0.0340"},
	{"208", "01", "0.0410", "0.0395"},
	{"219", "", "0.0490", "0.0490"},
	{"232", "03", "0.0520", "0.0520"},
	{"234", "10", "0.0285", "0.0279"},
	{"242", "01", "0.0470", "0.0470"},
	{"246", "01", "0.0190", ""},
	{"262", "", "0.0660", "0.0660"},
	{"262", "01", "0.0615", "0.0635"},
	{"262", "02", "0.0640", "0.0640"},
	{"602", "01", "", "0.0880"},
}

// paperDays are for how many days back each day's documents are made on that day; before, it is
// only looked at cuts.
const paperDays = 17

// mailboxDays are those whose mails come into the mailbox of a new demo.
const mailboxDays = 31

// paperwork has the Service make documents as time passes, and the mails that bring them. It goes
// on where the story ends, outside of its transaction: so does Tick.
type paperwork struct {
	svc  *clientaccount.Service
	st   mailStore
	tale *storyteller
	at   time.Time // the Service's clock
	left int       // mails of so many days are left to the dispatcher
}

// makePapers makes the documents of the last two months.
func makePapers(ctx context.Context, st mailStore, s *storyteller, leave bool) error {
	p := &paperwork{st: st, tale: s}
	if leave {
		p.left = mailboxDays
	}
	p.svc = clientaccount.New(st, &clientaccount.Options{Clock: func() time.Time { return p.at }, Documents: documentOptions()})
	for day := billingSince; day > 0; day-- {
		p.at = s.now.AddDate(0, 0, -day)
		if err := p.day(ctx, day); err != nil {
			return fmt.Errorf("documents, %d days ago: %w", day, err)
		}
	}
	p.at = s.now.Add(-10 * time.Minute)
	return p.svc.Tick(ctx)
}

// day is what happens on a day, so many days ago.
func (p *paperwork) day(ctx context.Context, ago int) error {
	switch ago {
	case 26:
		if err := p.announce(ctx, "now"); err != nil {
			return err
		}
	case 5:
		if err := p.announce(ctx, "next"); err != nil {
			return err
		}
	case 3:
		if err := p.credit(ctx); err != nil {
			return err
		}
	case 2:
		if err := p.draft(ctx); err != nil {
			return err
		}
	}
	if ago > paperDays && p.at.Day() > 2 && p.at.Day() != 16 {
		return nil
	}
	if err := p.svc.Tick(ctx); err != nil {
		return err
	}
	return settleMails(ctx, p.st, p.at, ago > p.left)
}

// rows are those of a column of demoPrices that begin at an instant.
func (p *paperwork) rows(column string, from time.Time) (rows []price.Row) {
	for _, d := range demoPrices {
		text := d.now
		if column == "next" {
			if text = d.next; text == d.now {
				continue
			}
		}
		row := price.Row{Network: price.Network{MCC: d.mcc, MNC: d.mnc}, From: from}
		switch {
		case text != "":
			row.Price = decimal.RequireFromString(text)
		case column == "now":
			continue
		default:
			row.State = price.StateClosed
		}
		rows = append(rows, row)
	}
	return rows
}

// announce announces a column of the wholesale prices, to hold a week later.
func (p *paperwork) announce(ctx context.Context, column string) error {
	of := store.PriceOwner{Product: p.tale.products[wholesale].ID}
	d, err := p.svc.SavePriceDraft(ctx, store.PriceDraft{
		Owner: of, Draft: price.Draft{Rows: p.rows(column, p.at.AddDate(0, 0, 7).Truncate(24*time.Hour))}, Actor: p.tale.actor(1),
	})
	if err != nil {
		return fmt.Errorf("price list: %w", err)
	}
	_, err = p.svc.AnnouncePrices(ctx, of, d.Revision, p.tale.actor(1), "Operators' prices of the new season")
	return err
}

// draft leaves prices of a product, and a client's own, to be announced yet.
func (p *paperwork) draft(ctx context.Context) error {
	begins := p.tale.now.AddDate(0, 1, 0).Truncate(24 * time.Hour)
	for _, of := range []store.PriceOwner{{Product: p.tale.products[global].ID}, {Account: p.tale.made["balticwave"].ID}} {
		_, err := p.svc.SavePriceDraft(ctx, store.PriceDraft{
			Owner: of, Actor: p.tale.actor(2), Draft: price.Draft{Rows: []price.Row{
				{Network: price.Network{MCC: "262"}, From: begins, Price: account.Amount("0.0590")},
				{Network: price.Network{MCC: "246", MNC: "01"}, From: begins, Price: account.Amount("0.0185")},
			}},
		})
		if err != nil {
			return fmt.Errorf("draft of prices: %w", err)
		}
	}
	return nil
}

// credit takes a part of an invoice back.
func (p *paperwork) credit(ctx context.Context) error {
	page, err := p.svc.Documents(ctx, store.DocumentQuery{Kinds: []document.Kind{document.KindInvoice}, Limit: 1})
	if err != nil || len(page) == 0 {
		return err
	}
	_, err = p.svc.Credit(ctx, clientaccount.CreditNote{
		Account: page[0].Account, Invoice: page[0].ID, Takes: []document.Take{{Line: 1, Messages: 12}},
		Reason: "Charged twice during the maintenance of the 14th", Reference: "ticket-7790", Actor: p.tale.actor(1),
	})
	return err
}
