package prices

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/storetest/internal/support"
)

var announcementPromises = []promise{
	{Name: "an announcement that is not there is ErrNotFound", Test: noAnnouncement},
	{Name: "a page has an owner's announcements, the newest first", Test: pages},
	{Name: "of an announcement that is there only Told and Done change", Test: toldAlone},
	{Name: "announcements whose clients were not all told come by id, of all owners", Test: untold},
	{Name: "an announcement of an owner that is not there is ErrConflict", Test: announcementsOfStrangers},
}

func noAnnouncement(t *testing.T, r rig) {
	r.must(t, announcing(r.announcement(r.product, 1)))
	for _, id := range []account.ID{{}, accounttest.ID(99)} {
		_, err := r.Announcement(t.Context(), id)
		require.ErrorIs(t, err, account.ErrNotFound)
	}
}

func (r rig) requirePage(t *testing.T, of store.PriceOwner, before account.ID, limit int, want ...store.Announcement) {
	t.Helper()
	got, err := r.Announcements(t.Context(), of, before, limit)
	require.NoError(t, err)
	support.RequireFacts(t, want, got, "a page")
}

// pages has ids in another order than instants, and than they were put in.
func pages(t *testing.T, r rig) {
	one, two, three, others, same := r.announcement(r.product, 1), r.announcement(r.product, 3), r.announcement(r.product, 5), r.announcement(r.other, 2), r.announcement(r.clientOfSameName, 4)
	one.At = three.At.Add(time.Hour)
	one.Done = true
	for _, a := range []store.Announcement{two, same, one, three, others} {
		r.must(t, announcing(a))
	}
	r.requirePage(t, r.product, account.ID{}, 10, three, two, one)
	r.requirePage(t, r.product, account.ID{}, 2, three, two)
	r.requirePage(t, r.product, three.ID, 10, two, one)
	r.requirePage(t, r.product, same.ID, 1, two)
	r.requirePage(t, r.product, two.ID, 2, one)
	r.requirePage(t, r.product, one.ID, 2)
	r.requirePage(t, r.other, account.ID{}, 10, others)
	r.requirePage(t, r.clientOfSameName, account.ID{}, 10, same)
	r.requirePage(t, r.client, account.ID{}, 10)
	r.requirePage(t, store.PriceOwner{}, account.ID{}, 10)
}

func toldAlone(t *testing.T, r rig) {
	a := r.announcement(r.product, 1)
	r.must(t, announcing(a))
	changed := store.Announcement{
		ID: a.ID, Owner: r.other, At: r.now.Add(time.Hour), Actor: account.Actor{ID: "x"}, Reason: "cheaper",
		Added: []price.Row{r.row("310", "", "1", 0)}, Undone: []price.Row{r.row("310", "", "2", 0)}, Told: r.client.Account,
	}
	r.must(t, announcing(changed))
	a.Told = r.client.Account
	requireAnnounced(t, r, a)
	r.requirePage(t, r.product, account.ID{}, 10, a)
	r.requirePage(t, r.other, account.ID{}, 10)
	r.requireUntold(t, 10, a)
	a.Told, a.Done = r.clientOfSameName.Account, true
	r.must(t, announcing(a))
	requireAnnounced(t, r, a)
	r.requireUntold(t, 10)
	a.Done = false
	r.must(t, announcing(a))
	r.requireUntold(t, 10, a)
}

func (r rig) requireUntold(t *testing.T, limit int, want ...store.Announcement) {
	t.Helper()
	r.requireUntoldAfter(t, account.ID{}, limit, want...)
}

func (r rig) requireUntoldAfter(t *testing.T, after account.ID, limit int, want ...store.Announcement) {
	t.Helper()
	got, err := r.UntoldPrices(t.Context(), after, limit)
	require.NoError(t, err)
	support.RequireFacts(t, want, got, "untold announcements")
}

func untold(t *testing.T, r rig) {
	r.requireUntold(t, 10)
	var all []store.Announcement
	for n, of := range append(r.owners(), r.product) {
		all = append(all, r.announcement(of, n))
	}
	all[0].At = r.now.Add(time.Hour)
	all[2].Done = true
	all[3].Told = r.client.Account
	for _, n := range []int{3, 1, 4, 0, 2} {
		r.must(t, announcing(all[n]))
	}
	r.requireUntold(t, 10, all[0], all[1], all[3], all[4])
	r.requireUntold(t, 3, all[0], all[1], all[3])
	r.requireUntoldAfter(t, all[0].ID, 2, all[1], all[3])
	r.requireUntoldAfter(t, all[2].ID, 10, all[3], all[4])
	r.requireUntoldAfter(t, all[4].ID, 10)
	all[0].Done = true
	r.must(t, announcing(all[0]))
	r.requireUntold(t, 1, all[1])
}

func announcementsOfStrangers(t *testing.T, r rig) {
	for name, of := range r.strangers() {
		a := r.announcement(of, 1)
		r.refused(t, account.ErrConflict, announcing(a), name)
		_, err := r.Announcement(t.Context(), a.ID)
		require.ErrorIs(t, err, account.ErrNotFound, name)
	}
}
