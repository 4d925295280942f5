package storetest

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
)

var moneyValuePromises = []promise{
	{"every field of a new balance and its terms comes back", postedBalance},
	{"every field of a balance, entry, hold and event comes back from Append", appendedFields},
	{"every field of a balance, entry, hold and event comes back from Post", postedFields},
	{"changing what was posted or read changes nothing stored", moneyAliases},
}

// filled returns a posting in which every field has a value of its own.
func (k *book) filled(seed int) store.Posting {
	p := store.Posting{From: k.balance.Version, Entries: make([]account.Entry, 2), Holds: make([]account.Hold, 2), Events: make([]account.Event, 2)}
	fill(&p.Balance, seed)
	id := k.balance.Account
	p.Balance.Account, p.Balance.Version = id, k.balance.Version+2
	p.Balance.Entries, p.Balance.Events = k.balance.Entries+2, k.balance.Events+2
	for i := range 2 {
		seed += 100
		e, h, v := &p.Entries[i], &p.Holds[i], &p.Events[i]
		fill(e, seed)
		fill(h, seed)
		fill(v, seed)
		e.Account, e.Number, e.Kind = id, k.balance.Entries+int64(i)+1, account.KindCapture
		h.Account, h.Reference, h.Until = id, e.Reference, at(seed)
		v.Account, v.Number = id, k.balance.Events+int64(i)+1
	}
	return p
}

func postedBalance(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	a := client("posted")
	insert(t, s, a)
	var b account.Balance
	fill(&b, 1)
	b.Account, b.Version, b.Entries, b.Events = a.ID, 1, 0, 0
	k := &book{}
	k.post(t, s, store.Posting{Balance: b})
	requireBook(t, s, k)
	empty := store.Posting{From: 1, Balance: account.Balance{Account: a.ID, Version: 2}}
	empty.Balance.Terms.Currency = "EUR"
	k.post(t, s, empty)
	requireBook(t, s, k)
}

func appendedFields(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	k := opened(t, s, "appended", funds())
	k.append(t, s, k.filled(1))
	requireBook(t, s, k)
	k.append(t, s, k.filled(1000))
	requireBook(t, s, k)
	k.append(t, s, k.bare())
	requireBook(t, s, k)
}

func postedFields(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	k := opened(t, s, "posted", funds())
	k.post(t, s, k.filled(1))
	requireBook(t, s, k)
	k.post(t, s, k.bare())
	requireBook(t, s, k)
}

// bare returns a posting of as many zero values as there can be.
func (k *book) bare() store.Posting {
	id, b := k.balance.Account, k.balance
	p := store.Posting{From: b.Version, Balance: account.Balance{Account: id, Version: b.Version + 1, Entries: b.Entries + 1, Events: b.Events + 1}}
	p.Balance.Terms.Currency = "EUR"
	p.Entries = []account.Entry{{Account: id, Number: b.Entries + 1, Kind: account.KindRelease, Reference: "bare", At: at(0)}}
	p.Events = []account.Event{{Account: id, Number: b.Events + 1, Kind: account.EventExhausted, At: at(0)}}
	p.Holds = []account.Hold{{Account: id, Reference: "bare", At: at(0), Until: at(1)}}
	return p
}

func moneyAliases(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	k := opened(t, s, "alias", funds())
	p := k.filled(2000)
	kept := k.filled(2000)
	appending(t, s, p)
	k.take(kept)
	spoilPosting(&p)
	requireBook(t, s, k)

	q, kept := k.filled(3000), k.filled(3000)
	update(t, s, func(ctx context.Context, tx store.Tx) error {
		err := tx.Post(ctx, q)
		spoilPosting(&q)
		return err
	})
	k.take(kept)
	k.balance.Terms = kept.Balance.Terms
	requireBook(t, s, k)

	found := lookUp(t, s, store.Lookup{
		Account: k.balance.Account, References: []string{k.entries[0].Reference}, Holds: []string{k.holds[0].Reference}, Numbers: []int64{1}, Due: at(1e9),
	})
	for _, chain := range [][]account.ID{found.Used[0].Chain, found.Holds[0].Chain, found.Entries[0].Chain, found.Due[0].Chain} {
		require.NotEmpty(t, chain)
		chain[0] = account.ID{}
	}
	requireBook(t, s, k)
}

// spoilPosting changes all that was handed in.
func spoilPosting(p *store.Posting) {
	for i := range p.Entries {
		p.Entries[i].Chain[0], p.Holds[i].Chain[1] = account.ID{}, account.ID{}
		p.Entries[i].Reason, p.Holds[i].Reference, p.Events[i].Kind = "SPOILT", "SPOILT", "spoilt"
	}
}

var moneyExactPromises = []promise{
	{"money is exact to 15 digits and 6 places, below zero as well", moneyAmounts},
	{"what is available, and a limit, may have a digit more than an amount", moneyAvailable},
	{"instants of money are kept to the microsecond, in UTC", moneyInstants},
	{"an unset price or cap is not zero", moneyUnset},
	{"notification limits keep their unit", moneyLimits},
	{"references are kept and found byte for byte", moneyReferences},
	{"texts of an entry come back byte for byte", moneyTexts},
}

func moneyAmounts(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	k := opened(t, s, "amounts", funds())
	for i, text := range []string{
		"0", "0.000001", "0.1", "100", "999999999999999.999999", "123456789012345.678901", "900719925474099.3", "0.30", "1000000",
	} {
		amount := money(text)
		p := k.filled(1000 * (i + 1))
		setAmounts(&p.Entries[0], amount)
		setAmounts(&p.Entries[1], amount.Neg())
		setAmounts(&p.Events[0], amount)
		setAmounts(&p.Events[1], amount.Neg())
		setAmounts(&p.Holds[0], amount)
		setAmounts(&p.Balance, amount)
		p.Balance.Amount, p.Balance.Spent = amount.Neg(), amount.Neg()
		setAmounts(&p.Balance.Terms, amount)
		k.post(t, s, p)
		requireBook(t, s, k)
	}
}

// setAmounts sets each amount among the fields of what p points at.
func setAmounts(p any, amount decimal.Decimal) {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		switch field := v.Field(i).Addr().Interface().(type) {
		case *decimal.Decimal:
			*field = amount
		case *account.Optional[decimal.Decimal]:
			*field = account.Some(amount)
		case *account.NotificationLimit:
			field.Number = amount
		}
	}
}

// moneyAvailable has sums of a balance, a credit and an overdraw, all as large as can be.
func moneyAvailable(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	k := opened(t, s, "available", funds())
	p := k.filled(1)
	p.Events[0].Available, p.Events[1].Available = money("2999999999999999.999997"), money("-1999999999999999.999998")
	p.Entries[0].Limit = money("1999999999999999.999998")
	k.append(t, s, p)
	requireBook(t, s, k)
}

func moneyInstants(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	k := opened(t, s, "instants", funds())
	for i, at := range []time.Time{
		time.UnixMicro(0).UTC(), time.UnixMicro(1).UTC(), accounttest.Now(), time.Date(2024, 2, 29, 23, 59, 59, 999_999_000, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC), accounttest.Now().In(time.FixedZone("EEST", 3*60*60)),
		accounttest.Now().Add(999),
	} {
		p, kept := k.filled(1000*(i+1)), k.filled(1000*(i+1))
		setInstants(&p, at)
		setInstants(&kept, at.UTC().Truncate(time.Microsecond))
		update(t, s, posting(p))
		k.take(kept)
		k.balance.Terms = kept.Balance.Terms
		requireBook(t, s, k)
	}
}

func setInstants(p *store.Posting, at time.Time) {
	p.Balance.Expires, p.Balance.Terms.OverdrawEnds = at, at
	for i := range p.Entries {
		p.Entries[i].At, p.Entries[i].Until = at, at
		p.Holds[i].At, p.Holds[i].Until = at, at
		p.Events[i].At = at
	}
}

func moneyUnset(t *testing.T, s store.Store) {
	none, zero := funds(), funds()
	zero.Cap, zero.Price, zero.Limit = account.Some(decimal.Zero), account.Some(decimal.Zero), account.MessagesLimit(0)
	k := opened(t, s, "unset", none)
	requireBook(t, s, k)
	k.post(t, s, k.terms(zero))
	requireBook(t, s, k)
	k.post(t, s, k.terms(none))
	requireBook(t, s, k)
}

func moneyLimits(t *testing.T, s store.Store) {
	k := opened(t, s, "limits", funds())
	for _, limit := range []account.NotificationLimit{
		{},
		account.MessagesLimit(0), account.MessagesLimit(account.MaxNotificationMessages), account.MoneyLimit(decimal.Zero),
		account.MoneyLimit(money("-12.5")), account.MoneyLimit(money("999999999999999.999999")),
	} {
		terms := funds()
		terms.Limit = limit
		p := k.terms(terms)
		p.Balance.Events++
		p.Events = []account.Event{{
			Account: k.balance.Account, Number: p.Balance.Events, Kind: account.EventLimitReached, At: at(0), Limit: limit,
		}}
		k.post(t, s, p)
		requireBook(t, s, k)
	}
}

// moneyReferences has the longest references there are: those of callers, and those
// made of them for the other accounts that a movement concerns.
func moneyReferences(t *testing.T, s store.Store) {
	k := opened(t, s, "references", funds())
	long := strings.Repeat("ї", account.MaxReference/2) + "x"
	expiry := ledger.Expiry(account.Hold{Reference: long}).Reference
	references := []string{
		long, long[:len(long)-1] + "X", expiry, ledger.OtherReference(client("any").ID, long), ledger.OtherReference(client("any").ID, expiry),
		"a", "A", "a ", " a", "é", "e\u0301", "ß", "ss", "%", "_", "\\", "'", "?", "1", "01", "1.0", "NULL", "😀", "\ufeffa",
	}
	p := store.Posting{From: k.balance.Version, Balance: k.balance}
	p.Balance.Version++
	for i, reference := range references {
		number := int64(i) + 1
		p.Entries = append(p.Entries, account.Entry{
			Account: k.balance.Account, Number: number, Kind: account.KindHold, Reference: reference, Hold: reference, At: at(0), Until: at(i),
		})
		p.Holds = append(p.Holds, account.Hold{Account: k.balance.Account, Reference: reference, At: at(0), Until: at(i)})
		p.Balance.Entries = number
	}
	k.append(t, s, p)
	requireBook(t, s, k)
	for i, reference := range references {
		got := lookUp(t, s, store.Lookup{Account: k.balance.Account, References: []string{reference}, Holds: []string{reference}})
		requireFacts(t, p.Entries[i:i+1], got.Used, "the entry of a reference is found")
		requireFacts(t, p.Holds[i:i+1], got.Holds, "the hold of a reference is found")
	}
}

func moneyTexts(t *testing.T, s store.Store) {
	fillAccounts(t, s)
	k := opened(t, s, "texts", funds())
	for name, text := range awkward() {
		p := k.filled(1)
		p.Holds, p.Events, p.Balance.Events = nil, nil, k.balance.Events
		for i := range p.Entries {
			e := &p.Entries[i]
			e.Reference = strings.Repeat("x", i) + name
			e.Reason, e.Actor = head(text, account.MaxReason), account.Actor{ID: head(text, 200), Name: head(text, 201)}
			if e.Second = (account.Actor{}); i%2 > 0 {
				e.Second = account.Actor{ID: head(text, 199), Name: head(text, 200)}
			}
		}
		k.append(t, s, p)
	}
	requireBook(t, s, k)
}
