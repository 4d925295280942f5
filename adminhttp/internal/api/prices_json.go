package api

import (
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// PriceState is what a row says of its network.
type PriceState string

// statePriced is the state of a row with a price; others are as package price calls them.
const statePriced PriceState = "priced"

func priceStates() []PriceState {
	return []PriceState{statePriced, PriceState(price.StateClosed), PriceState(price.StateWithdrawn)}
}

// PriceRow is a row of a price list.
type PriceRow struct {
	MCC    string          `json:"mcc"`
	MNC    *string         `json:"mnc" about:"null: all of the country."`
	From   time.Time       `json:"from" about:"From when it holds, until the next row of the network."`
	State  PriceState      `json:"state" about:"Closed: nothing is sent there. Withdrawn: the list says nothing of it any more."`
	Price  *Amount         `json:"price" about:"Of one part; null unless priced."`
	Origin *account.Origin `json:"origin,omitempty" about:"Of what a client pays: whose row it is, own or product."`
}

func priceRowOf(r price.Row) PriceRow {
	told := PriceRow{MCC: r.MCC, MNC: orNull(r.MNC), From: r.From.UTC(), State: PriceState(r.State)}
	if r.State == price.StatePriced {
		told.State, told.Price = statePriced, amount(r.Price)
	}
	return told
}

func priceRowsOf(rows []price.Row) []PriceRow {
	told := make([]PriceRow, len(rows))
	for i, r := range rows {
		told[i] = priceRowOf(r)
	}
	return told
}

// PriceList is a page of the rows of a price list.
type PriceList struct {
	Currency *account.Currency `json:"currency"`
	Prices   []PriceRow        `json:"prices"`
	Next     *string           `json:"next" about:"The cursor of the next page."`
}

// Price is what a message to a network costs.
type Price struct {
	MCC      string            `json:"mcc"`
	MNC      *string           `json:"mnc"`
	At       time.Time         `json:"at"`
	Currency *account.Currency `json:"currency"`
	Price    *Amount           `json:"price" about:"Of one part; null where there is none."`
	By       *PriceRow         `json:"by" about:"The row that holds, also where it is closed; null without one."`
}

// PriceDraft is a draft of a price list.
type PriceDraft struct {
	Revision int64          `json:"revision" limits:"minimum=0" about:"0: there is no draft."`
	Undo     []PriceStart   `json:"undo" about:"Rows of the list, not begun, that it takes back."`
	Rows     []PriceRow     `json:"rows" about:"Rows that it adds."`
	Actor    *account.Actor `json:"actor" about:"Who put it last."`
	At       *time.Time     `json:"at"`
}

// PriceStart names a row of a list.
type PriceStart struct {
	MCC  string    `json:"mcc"`
	MNC  *string   `json:"mnc"`
	From time.Time `json:"from"`
}

func draftOf(d ask.PriceDraft) PriceDraft {
	told := PriceDraft{Revision: d.Revision, Undo: make([]PriceStart, len(d.Draft.Undo)), Rows: priceRowsOf(d.Draft.Rows), At: instant(d.At)}
	for i, s := range d.Draft.Undo {
		told.Undo[i] = PriceStart{s.MCC, orNull(s.MNC), s.From.UTC()}
	}
	if d.Revision > 0 {
		told.Actor = &d.Actor
	}
	return told
}

// PriceDraftWrite is what a draft is to be.
type PriceDraftWrite struct {
	Undo sentStarts `json:"undo" about:"Rows of the list, not begun, to be taken back."`
	Rows sentRows   `json:"rows" about:"Rows to be added."`
}

// PriceRowWrite is a row to be added.
type PriceRowWrite struct {
	MCC   *string `json:"mcc" about:"Three digits."`
	MNC   *string `json:"mnc" about:"Two or three digits; null: all of the country."`
	From  Instant `json:"from" about:"From when it holds, not before now."`
	State *string `json:"state" about:"priced unless given; closed or withdrawn go without a price."`
	Price *string `json:"price" about:"Of one part, at most 6 decimals."`
}

func (PriceRowWrite) bounds() map[string]object {
	return map[string]object{"state": enum(priceStates()...)}
}

// PriceStartWrite names a row to be taken back.
type PriceStartWrite struct {
	MCC  *string `json:"mcc"`
	MNC  *string `json:"mnc"`
	From Instant `json:"from"`
}

// draftBody is the schema of what a draft is to be.
func draftBody() schema {
	whole := sentAs[PriceDraftWrite]()
	return schema{whole.name, func(all schemas) object {
		list := func(of schema, about string) object {
			return object{"type": []string{"array", "null"}, "items": all.ref(of), "description": about}
		}
		t := reflect.TypeFor[PriceDraftWrite]()
		return object{"type": "object", "additionalProperties": false, "properties": object{
			"undo": list(sentAs[PriceStartWrite](), t.Field(0).Tag.Get("about")), "rows": list(sentAs[PriceRowWrite](), t.Field(1).Tag.Get("about")),
		}}
	}}
}

// sentRows are rows, and what is wrong with them.
type sentRows struct {
	rows   []price.Row
	faults account.Faults
}

// Read reads the rows, and notes all faults of theirs.
func (s *sentRows) Read(path string, v sent.Value) *account.Fault {
	return readItems(path, v, func(at string, item sent.Document) {
		var w PriceRowWrite
		faults := sent.Decode(item, &w)
		row := price.Row{Network: price.Network{MCC: given(w.MCC), MNC: given(w.MNC)}, From: time.Time(w.From)}
		if len(faults) == 0 {
			row, faults = w.fill(row)
		}
		s.rows, s.faults = append(s.rows, row), sent.AddFault(s.faults, beneath(at, faults)...)
	})
}

// fill reads the state and the price. What else a row must be is for the draft to check.
func (w PriceRowWrite) fill(row price.Row) (price.Row, account.Faults) {
	var faults account.Faults
	refuse := func(code string) { faults = append(faults, price.FaultOf(code).Fault) }
	if row.From.IsZero() {
		refuse("from.required")
	}
	switch state := PriceState(given(w.State)); state {
	case "", statePriced:
		of, err := account.ParseAmount(given(w.Price))
		switch row.Price = of; {
		case w.Price == nil:
			refuse("price.required")
		case err != nil:
			refuse("price.format")
		}
	case PriceState(price.StateClosed), PriceState(price.StateWithdrawn):
		if row.State = price.State(state); w.Price != nil {
			refuse("price.closed")
		}
	default:
		refuse("state.unknown")
	}
	return row, faults
}

// sentStarts are rows that are named, and what is wrong with that.
type sentStarts struct {
	starts []price.Start
	faults account.Faults
}

// Read reads the names, and notes all faults of theirs.
func (s *sentStarts) Read(path string, v sent.Value) *account.Fault {
	return readItems(path, v, func(at string, item sent.Document) {
		var w PriceStartWrite
		faults := sent.Decode(item, &w)
		s.starts = append(s.starts, price.Start{Network: price.Network{MCC: given(w.MCC), MNC: given(w.MNC)}, From: time.Time(w.From)})
		s.faults = sent.AddFault(s.faults, beneath(at, faults)...)
	})
}

// readItems reads objects of a list one by one.
func readItems(path string, v sent.Value, read func(at string, item sent.Document)) *account.Fault {
	if v.Kind != sent.KindArray {
		return sent.Fault(path, "field.type")
	}
	for i, item := range v.Items {
		if item.Kind != sent.KindObject {
			return sent.Fault(path, "field.type")
		}
		read(path+"."+strconv.Itoa(i), sent.Document{Value: item})
	}
	return nil
}

// beneath puts the place of an item before the paths of its faults.
func beneath(at string, faults account.Faults) account.Faults {
	for i := range faults {
		faults[i].Path = at + "." + faults[i].Path
	}
	return faults
}

// NewAnnouncement says why a draft is announced.
type NewAnnouncement struct {
	Reason *string `json:"reason" about:"For whoever looks at what was announced."`
}

func (NewAnnouncement) bounds() map[string]object {
	return map[string]object{"reason": {"maxLength": ask.MaxReason}}
}

// PricePreview is what a draft comes to.
type PricePreview struct {
	Revision int64           `json:"revision" limits:"minimum=0" about:"Of the draft."`
	Up       int             `json:"up" limits:"minimum=0" about:"How many prices rise."`
	Down     int             `json:"down" limits:"minimum=0"`
	New      int             `json:"new" limits:"minimum=0"`
	Closed   int             `json:"closed" limits:"minimum=0"`
	Same     int             `json:"same" limits:"minimum=0" about:"Rows that change nothing."`
	Changes  []PriceChange   `json:"changes" about:"The first 1,000; what is counted is all of them."`
	Clients  int             `json:"clients" limits:"minimum=0" about:"That pay by the list."`
	Told     *int            `json:"told" about:"Of the affected ones, those that get a price update."`
	Affected []PriceAffected `json:"affected" about:"Clients within one's scope for whom prices change, the first of them."`
}

// PriceChange is what a network costs from an instant on, and before.
type PriceChange struct {
	MCC     string           `json:"mcc"`
	MNC     *string          `json:"mnc"`
	From    time.Time        `json:"from"`
	Before  *Amount          `json:"before" about:"null: not sold."`
	After   *Amount          `json:"after" about:"null: not sold."`
	Change  price.ChangeKind `json:"change" about:"up, down, new, closed; empty: as before."`
	By      *Amount          `json:"by" about:"How much more, below zero for less."`
	Percent *Amount          `json:"percent" about:"The same of the price before, to two places."`
}

// PriceAffected is what a draft comes to for a client.
type PriceAffected struct {
	Account account.ID `json:"account"`
	Login   *string    `json:"login"`
	Company *string    `json:"company"`
	Up      int        `json:"up" limits:"minimum=0"`
	Down    int        `json:"down" limits:"minimum=0"`
	New     int        `json:"new" limits:"minimum=0"`
	Closed  int        `json:"closed" limits:"minimum=0"`
	Told    *bool      `json:"told" about:"They have an address and a format for price updates."`
}

func previewOf(judge access.Judge, p clientaccount.PricePreview) PricePreview {
	told := PricePreview{Revision: p.Draft.Revision, Clients: p.Clients, Changes: []PriceChange{}, Affected: make([]PriceAffected, len(p.Affected))}
	counts := map[price.ChangeKind]*int{
		price.ChangeUp: &told.Up, price.ChangeDown: &told.Down, price.ChangeNew: &told.New, price.ChangeClosed: &told.Closed, price.ChangeNone: &told.Same,
	}
	for i, c := range p.Changes {
		if *counts[c.Kind()]++; i < maxPrices {
			told.Changes = append(told.Changes, priceChangeOf(c))
		}
	}
	seesTold := judge.SeesTold()
	if seesTold {
		told.Told = &p.Told
	}
	for i, e := range p.Affected {
		told.Affected[i] = PriceAffected{Account: e.Account, Login: orNull(e.Login), Company: orNull(e.Company), Up: e.Up, Down: e.Down, New: e.New, Closed: e.Closed}
		if seesTold {
			told.Affected[i].Told = &e.Told
		}
	}
	return told
}

func priceChangeOf(c price.Change) PriceChange {
	told := PriceChange{MCC: c.MCC, MNC: orNull(c.MNC), From: c.From.UTC(), Before: amountOrNull(c.Before), After: amountOrNull(c.After), Change: c.Kind()}
	if by, known := c.By(); known {
		told.By = amount(by)
	}
	if percent, known := c.Percent(); known {
		told.Percent = amount(percent)
	}
	return told
}

// Announcement is a change of a price list that was announced.
type Announcement struct {
	ID        account.ID    `json:"id"`
	At        time.Time     `json:"at"`
	Actor     account.Actor `json:"actor"`
	Reason    *string       `json:"reason"`
	Priced    int           `json:"priced" limits:"minimum=0" about:"How many prices it set."`
	Closed    int           `json:"closed" limits:"minimum=0"`
	Withdrawn int           `json:"withdrawn" limits:"minimum=0"`
	TakenBack int           `json:"taken_back" limits:"minimum=0" about:"Rows that had not begun."`
	Told      bool          `json:"told" about:"All clients that are to be told were."`
}

func announcementOf(a ask.Announcement) Announcement {
	told := Announcement{ID: a.ID, At: a.At.UTC(), Actor: a.Actor, Reason: orNull(a.Reason), TakenBack: len(a.Undone), Told: a.Done}
	for _, row := range a.Added {
		switch row.State {
		case price.StatePriced:
			told.Priced++
		case price.StateClosed:
			told.Closed++
		case price.StateWithdrawn:
			told.Withdrawn++
		}
	}
	return told
}

// AnnouncementList is a page of what was announced.
type AnnouncementList struct {
	Announcements []Announcement `json:"announcements"`
	Next          *string        `json:"next" about:"The cursor of the next page."`
}

// AnnouncementRows is an announcement with its rows.
type AnnouncementRows struct {
	Announcement
	Added  []PriceRow `json:"added"`
	Undone []PriceRow `json:"undone" about:"Those that were taken back."`
}

// FileProblem is the problem of a file that was not taken.
type FileProblem struct {
	_ struct{} `about:"As Problem, with the place of each fault in the file."`

	Problem
	Errors []FileFault `json:"errors"`
}

// FileFault is what is wrong at a place of a file.
type FileFault struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Text   string `json:"message"`
	Line   *int   `json:"line" about:"From 1; null: of no line."`
	Column *int   `json:"column" about:"Which cell of the line, from 1; null: the whole line."`
}

// fileProblem tells what is wrong with a file: the first of it, line by line.
func fileProblem(judge access.Judge, faults price.Faults) *failure {
	p := newProblem(http.StatusUnprocessableEntity, "", "", "Nothing was taken. See errors.")
	p.Type, p.Title = ProblemFaults, "What was sent is not acceptable"
	told := &FileProblem{Problem: *p.Problem}
	for _, f := range faults[:min(len(faults), sent.MaxFaults)] {
		said := judge.Fault(f.Fault)
		told.Errors = append(told.Errors, FileFault{said.Path, said.Code, said.Text, orNull(f.Line), orNull(f.Column)})
	}
	p.body = told
	return p
}
