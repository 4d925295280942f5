package prices

import (
	"net/http"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// historyView is what was announced of a list, the newest first; or one announcement with all
// its rows.
type historyView struct {
	frame
	Rows   []announcedRow
	One    *announcedRow
	Lines  []announcedLine // of the one
	Pager  pager
	Newest string // URLs; empty where there is nothing
	Older  string
	All    string
}

// announcedRow is an announcement.
type announcedRow struct {
	URL   string
	When  words.Moment
	Who   string
	Why   string
	Words words.Text // what it changed
	Told  words.Text // whether clients were told
	Back  *backForm
}

// backForm has the draft take back what of an announcement has not begun; nil where there is
// nothing, or who asks may not.
type backForm struct {
	Action, ID string
	Revision   int64      // of the draft
	Words, Of  words.Text // how much it is, of which
}

// announcedLine is a row that an announcement added or took back.
type announcedLine struct {
	networkView
	Price  words.Text
	When   words.Moment
	Undone bool
}

// historyPage is how many announcements a page shows.
const historyPage = 20

func showHistory(w http.ResponseWriter, r *ask.Request) error {
	d, err := newDesk(r)
	if err != nil {
		return err
	}
	v := historyView{frame: d.newFrame("announcements", "Announced prices"), All: d.URL("announcements")}
	if r.URL.Query().Get("done") == "announced" {
		v.Done = "Announced: each price changes at its instant. The draft is gone."
	}
	if of := r.URL.Query().Get("id"); of != "" {
		err = d.addOne(&v, of)
	} else {
		err = d.addHistory(&v)
	}
	if err != nil {
		return err
	}
	return pages.Show(w, r, http.StatusOK, "announcements", v.title(), v)
}

// addHistory adds a page of announcements.
func (d *desk) addHistory(v *historyView) error {
	before, err := account.ParseID(d.r.URL.Query().Get("before"))
	if err != nil {
		before = account.ID{}
	}
	found, older, err := d.r.Announcements(before, historyPage)
	if err != nil {
		return err
	}
	if older {
		v.Older = d.URL("announcements", "before", found[len(found)-1].ID.String())
	}
	if !before.IsZero() {
		v.Newest = d.URL("announcements")
	}
	for _, a := range found {
		v.Rows = append(v.Rows, d.announcedRow(a))
	}
	return nil
}

// addOne adds the announcement of an id, and its rows, a page of them.
func (d *desk) addOne(v *historyView, of string) error {
	id, err := account.ParseID(of)
	if err != nil || id.IsZero() {
		return account.ErrNotFound
	}
	a, err := d.r.AnnouncementOf(id)
	if err != nil {
		return err
	}
	one := d.announcedRow(a)
	v.One, v.Title = &one, words.Textf("Announced %s", one.When.Exact())
	var lines []announcedLine
	places := make([]int, len(a.Undone)+len(a.Added))
	for i := range places {
		places[i] = i
	}
	shown, pager := pageOf(d, places, words.Plural(len(places), "row"), "announcements", "id", of)
	at := func(i int) (price.Row, bool) {
		if i < len(a.Undone) {
			return a.Undone[i], true
		}
		return a.Added[i-len(a.Undone)], false
	}
	for _, i := range shown {
		row, _ := at(i)
		d.fit(account.Some(row.Price))
	}
	for _, i := range shown {
		row, undone := at(i)
		lines = append(lines, announcedLine{d.network(row.Network), d.rowWords(row), d.moment(row.From), undone})
	}
	v.Lines, v.Pager = lines, pager
	return nil
}

func (d *desk) announcedRow(a ask.Announcement) announcedRow {
	row := announcedRow{
		URL: d.URL("announcements", "id", a.ID.String()), When: d.moment(a.At), Who: a.Actor.Name, Why: a.Reason,
		Words: announcedWords(a), Told: "Clients are being told.",
	}
	if a.Done {
		row.Told = "Clients were told."
	}
	if back := ask.Inverse(price.Draft{}, a, d.list.List(), d.now); len(back.Undo)+len(back.Rows) > 0 && d.r.Judge.Meets(d.needs.Draft) {
		row.Back = &backForm{d.URL("draft"), a.ID.String(), d.draft.Revision, words.Textf("%s not begun yet", words.Plural(len(back.Undo)+len(back.Rows), "row")), row.When.Exact()}
	}
	return row
}

// announcedWords say what an announcement changed: "12 prices, 1 closed".
func announcedWords(a ask.Announcement) words.Text {
	counts := map[price.State]int{}
	for _, row := range a.Added {
		counts[row.State]++
	}
	var said []words.Text
	if n := counts[price.StatePriced]; n > 0 {
		said = append(said, words.Plural(n, "price"))
	}
	for _, part := range []struct {
		n    int
		name words.Text
	}{{counts[price.StateClosed], "closed"}, {counts[price.StateWithdrawn], "withdrawn"}, {len(a.Undone), "taken back"}} {
		if part.n > 0 {
			said = append(said, words.Textf("%s %s", words.Count(part.n), part.name))
		}
	}
	return words.Join(said, ", ")
}
