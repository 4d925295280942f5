package prices

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var valuePromises = []promise{
	{Name: "amounts of a list come back exactly", Test: amounts},
	{Name: "rows of every state come back", Test: states},
	{Name: "any list comes back, by network, then instant", Test: anyList},
	{Name: "every field of a draft comes back, also where it is zero", Test: draftFields},
	{Name: "every field of an announcement comes back, also where it is zero", Test: announcementFields},
	{Name: "texts come back byte for byte", Test: texts},
	{Name: "instants are kept to the microsecond, in UTC", Test: instants},
	{Name: "changing what was kept or read changes nothing stored", Test: aliases},
}

func amounts(t *testing.T, r rig) {
	var rows []price.Row
	for i, amount := range []string{"0", "0.000001", "0.1", "0.30", "12", "100", "123456789012.345678", "999999999999.999999"} {
		rows = append(rows, r.row("255", "01", amount, i))
	}
	r.add(t, r.product, rows...)
	requireRows(t, r, r.product, rows...)
}

func states(t *testing.T, r rig) {
	priced, closed, withdrawn := r.row("255", "01", "0.03", 0), r.row("255", "01", "0", 1), r.row("255", "01", "0", 2)
	closed.State, withdrawn.State = price.StateClosed, price.StateWithdrawn
	r.add(t, r.client, priced, closed, withdrawn)
	requireRows(t, r, r.client, priced, closed, withdrawn)
}

// anyRows draws rows, no two of one network and instant.
func (r rig) anyRows(t *rapid.T) (rows []price.Row) {
	row := rapid.Custom(func(t *rapid.T) price.Row {
		return price.Row{
			Network: price.Network{
				MCC: rapid.SampledFrom([]string{"001", "100", "255", "999"}).Draw(t, "mcc"),
				MNC: rapid.SampledFrom([]string{"", "01", "001", "1", "10", "99"}).Draw(t, "mnc"),
			},
			From:  r.now.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "from")) * time.Microsecond),
			Price: decimal.RequireFromString(fmt.Sprintf("%d.%06d", rapid.Int64Range(0, 1e12-1).Draw(t, "units"), rapid.IntRange(0, 999_999).Draw(t, "millionths"))),
			State: rapid.SampledFrom([]price.State{price.StatePriced, price.StateClosed, price.StateWithdrawn}).Draw(t, "state"),
		}
	})
	return rapid.SliceOfNDistinct(row, 0, 12, price.Row.Start).Draw(t, "rows")
}

// sorted returns rows as a list has them.
func sorted(rows []price.Row) []price.Row {
	return slices.SortedFunc(slices.Values(rows), func(a, b price.Row) int {
		if c := a.Network.Compare(b.Network); c != 0 {
			return c
		}
		return a.From.Compare(b.From)
	})
}

// anyList makes one list of another, whatever the two are.
func anyList(t *testing.T, r rig) {
	var before []price.Row
	rapid.Check(t, func(t *rapid.T) {
		rows := r.anyRows(t)
		r.must(t, changing(r.product, starts(before...), rows...))
		before = rows
		requireRows(t, r, r.product, sorted(rows)...)
	})
}

// requireFilled fails for a value that has a field without a value: it would not be tested.
func requireFilled(t *testing.T, of any) {
	t.Helper()
	v := reflect.ValueOf(of)
	for i := range v.NumField() {
		require.False(t, v.Field(i).IsZero(), "the test gives %s no value", v.Type().Field(i).Name)
	}
}

func (r rig) wholeDraft(of store.PriceOwner) store.PriceDraft {
	closed := r.row("310", "", "0", 2)
	closed.State = price.StateClosed
	return store.PriceDraft{
		Owner: of, Revision: 1, Actor: account.Actor{ID: "olena/1", Name: "Olena Ґудзь"}, At: r.now.Add(123456 * time.Microsecond),
		Draft: price.Draft{Undo: starts(r.row("255", "01", "0", 1), r.row("255", "", "0", 3)), Rows: []price.Row{closed, r.row("255", "001", "0.030001", 1)}},
	}
}

func draftFields(t *testing.T, r rig) {
	for _, of := range r.owners() {
		whole := r.wholeDraft(of)
		requireFilled(t, whole)
		r.must(t, drafting(whole, 0))
		requireDraft(t, r, whole)
	}
	for _, of := range r.owners() {
		bare := store.PriceDraft{Owner: of, Revision: 2, At: r.now}
		r.must(t, drafting(bare, 1))
		requireDraft(t, r, bare)
		again := r.wholeDraft(of)
		again.Revision = 3
		r.must(t, drafting(again, 2))
		requireDraft(t, r, again)
	}
}

func announcementFields(t *testing.T, r rig) {
	for i, of := range r.owners() {
		d := r.wholeDraft(of)
		whole := store.Announcement{
			ID: accounttest.ID(900 + 2*i), Owner: of, At: d.At, Actor: d.Actor, Reason: "späť '\"\\ ?", Added: d.Draft.Rows,
			Undone: []price.Row{r.row("255", "01", "0.01", 1)}, Told: r.client.Account, Done: true,
		}
		requireFilled(t, whole)
		bare := store.Announcement{ID: accounttest.ID(901 + 2*i), Owner: of, At: r.now}
		r.must(t, announcing(whole, bare))
		requireAnnounced(t, r, whole, bare)
		page, err := r.Announcements(t.Context(), of, account.ID{}, 10)
		require.NoError(t, err)
		support.RequireFacts(t, []store.Announcement{bare, whole}, page, "a page of announcements")
	}
}

func texts(t *testing.T, r rig) {
	n := 0
	for name, text := range support.Awkward() {
		n++
		d := r.draft(r.client, int64(n), r.row("255", "01", "0.1", 0))
		d.Actor = account.Actor{ID: text, Name: "the " + text}
		a := r.announcement(r.client, n)
		a.Reason, a.Actor = text, d.Actor
		r.must(t, drafting(d, int64(n-1)))
		r.must(t, announcing(a))
		t.Run(name, func(t *testing.T) {
			requireDraft(t, r, d)
			requireAnnounced(t, r, a)
		})
	}
}

// instants gives those of another zone, and with nanoseconds.
func instants(t *testing.T, r rig) {
	elsewhere := time.FixedZone("elsewhere", 5*3600+1800)
	given := r.now.Add(999).In(elsewhere)
	row := r.row("255", "01", "0.1", 0)
	row.From = given
	r.add(t, r.product, row)
	d, a := r.draft(r.product, 1, row), r.announcement(r.product, 1)
	d.Draft.Undo, d.At, a.At, a.Added, a.Undone = starts(row), given, given, []price.Row{row}, []price.Row{row}
	r.must(t, drafting(d, 0))
	r.must(t, announcing(a))

	kept := row
	kept.From = r.now
	requireRows(t, r, r.product, kept)
	d.Draft.Undo, d.Draft.Rows, d.At, a.At, a.Added, a.Undone = starts(kept), []price.Row{kept}, r.now, r.now, []price.Row{kept}, []price.Row{kept}
	requireDraft(t, r, d)
	requireAnnounced(t, r, a)

	r.refused(t, account.ErrConflict, changing(r.product, nil, kept), "two instants of one microsecond are one")
	r.must(t, changing(r.product, starts(row)))
	requireRows(t, r, r.product)
}

func aliases(t *testing.T, r rig) {
	want := []price.Row{r.row("255", "01", "0.1", 0), r.row("255", "02", "0.1", 0)}
	given := slices.Clone(want)
	d, a := r.draft(r.client, 1, given...), r.announcement(r.client, 1)
	d.Draft.Undo, a.Added, a.Undone = starts(given...), given, given
	r.add(t, r.client, given...)
	r.must(t, drafting(d, 0))
	r.must(t, announcing(a))
	require.True(t, r.now.Equal(d.At))
	spoil(given, d.Draft.Undo)
	for range 2 { // what was read the first time is spoiled, too
		rows, err := r.PriceRows(t.Context(), r.client)
		require.NoError(t, err)
		support.RequireFacts(t, want, rows, "the list")
		gotDraft, err := r.PriceDraft(t.Context(), r.client)
		require.NoError(t, err)
		support.RequireFacts(t, want, gotDraft.Draft.Rows, "the draft's rows")
		support.RequireFacts(t, starts(want...), gotDraft.Draft.Undo, "what the draft takes back")
		spoil(rows, gotDraft.Draft.Undo)
		spoil(gotDraft.Draft.Rows, nil)
		r.spoilAnnounced(t, a.ID, want)
	}
}

func spoil(rows []price.Row, undo []price.Start) {
	for i := range rows {
		rows[i] = price.Row{}
	}
	for i := range undo {
		undo[i] = price.Start{}
	}
}

// spoilAnnounced reads an announcement in every way, and spoils what was read.
func (r rig) spoilAnnounced(t *testing.T, id account.ID, want []price.Row) {
	t.Helper()
	one, err := r.Announcement(t.Context(), id)
	require.NoError(t, err)
	page, err := r.Announcements(t.Context(), r.client, account.ID{}, 1)
	require.NoError(t, err)
	untold, err := r.UntoldPrices(t.Context(), account.ID{}, 1)
	require.NoError(t, err)
	for _, got := range slices.Concat([]store.Announcement{one}, page, untold) {
		support.RequireFacts(t, want, got.Added, "what was added")
		support.RequireFacts(t, want, got.Undone, "what was undone")
		spoil(got.Added, nil)
		spoil(got.Undone, nil)
	}
	require.Len(t, page, 1)
	require.Len(t, untold, 1)
}
