package listbench

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

// What is wanted of a request, the slowest twentieth aside.
const (
	pageBar       = 15 * time.Millisecond
	fewFoundBar   = 30 * time.Millisecond  // a search that finds fewer than a thousand
	manyFoundBar  = 120 * time.Millisecond // one that finds a hundred thousand
	rounds        = 3
	searchRounds  = 10
	slowestShare  = 0.95
	baselineTimes = 40
)

// filter is one condition of the list, as its URL has it.
type filter struct{ name, value string }

// filters are one of each kind at least; those of a kind are never together.
var filters = []filter{
	{},
	{"status", "active"},
	{"status", "expired"},
	{"status", "suspended"},
	{"status", "closed"},
	{"manager", id("manager3")},
	{"manager", id("manager60")},
	{"product", id("product7")},
	{"country", "UA"},
	{"country", "GR"},
	{"parent", "none"},
	{"parent", id("c77")},
	{"attention", string(account.AttentionExhausted)},
	{"attention", string(account.AttentionNearLimit)},
	{"attention", string(account.AttentionOverdrawEnding)},
	{"attention", string(account.AttentionExpiring)},
	{"attention", string(account.AttentionWebhookFailing)},
	{"attention", string(account.AttentionMailFailing)},
	{"attention", string(account.AttentionSilent)},
	{"attention", string(account.AttentionUnconfirmed)},
}

// searches are what is looked for, and by when it is to be found.
var searches = []struct {
	text string
	bar  time.Duration
}{
	{"client-777777", fewFoundBar},
	{"acme 1f", fewFoundBar},
	{"+380 50 1777777", fewFoundBar},
	{"050 1777777", fewFoundBar},
	{"c-77777", fewFoundBar},
	{"nowhere", fewFoundBar},
	{"zq", fewFoundBar},
	{"c-", manyFoundBar},
	{"a", manyFoundBar},
	{"acme", manyFoundBar},
	{"client-1", manyFoundBar},
	{"llc", manyFoundBar},
}

var sorts = []account.Sort{
	account.SortLogin, account.SortCompany, account.SortActivity, account.SortCreated,
	account.SortMoved, account.SortBalance, account.SortAvailable,
}

// spread is how long requests took.
type spread []time.Duration

func (s spread) at(share float64) time.Duration {
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))].Round(10 * time.Microsecond)
}

// BenchmarkList prints one table: of each filter, alone and two together, in every order, both ways,
// first and in the middle, how long the page takes and how long its JSON does; then of searches. What
// takes longer than it should is told as a ratio of the plain list's first page. Run it alone.
func BenchmarkList(b *testing.B) {
	r := newRig(b)
	for b.Loop() {
		t := r.newTable()
		for i, one := range filters {
			for _, other := range filters[i+1:] {
				if one.name != other.name {
					r.filtered(t, one, other)
				}
			}
		}
		for _, s := range searches {
			r.search(t, s.text, s.bar)
		}
		t.end()
	}
}

// kinds of requests: where they go.
var kinds = []string{"api/clients", "clients"}

// filtered measures pages of two filters, the first of which may be none.
func (r rig) filtered(t *table, one, other filter) {
	for _, kind := range kinds {
		var all spread
		slowest := map[string]spread{}
		for _, by := range sorts {
			for _, order := range []string{string(by), "-" + string(by)} {
				query := url.Values{"sort": {order}, other.name: {other.value}}
				if one.name != "" {
					query.Set(one.name, one.value)
				}
				for _, at := range []string{"", r.cursor(order)} {
					query.Set("cursor", at)
					took := r.times(rounds, kind, query)
					all = append(all, took...)
					slowest[order] = append(slowest[order], took...)
				}
			}
		}
		t.row(kind, describe(one, other), pageBar, all, slowest)
	}
}

// search measures the first pages of a search.
func (r rig) search(t *table, text string, bar time.Duration) {
	for _, kind := range kinds {
		var all spread
		slowest := map[string]spread{}
		for _, by := range sorts {
			for _, order := range []string{string(by), "-" + string(by)} {
				took := r.times(searchRounds, kind, url.Values{"sort": {order}, "q": {text}})
				all = append(all, took...)
				slowest[order] = took
			}
		}
		t.row(kind, "search "+text, bar, all, slowest)
	}
}

// describe names filters shortly.
func describe(filters ...filter) (text string) {
	for _, f := range filters {
		if f.name != "" {
			text += fmt.Sprintf("%s %.9s  ", f.name, cmp.Or(names[f.value], f.value))
		}
	}
	return text
}
