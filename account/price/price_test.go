package price_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
)

func amount(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// codes returns those of an error's faults, with row or line and cell.
func codes(err error) (places []string) {
	faults, _ := price.AsFaults(err)
	for _, f := range faults {
		switch {
		case f.Line > 0:
			places = append(places, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
		case f.Row > 0:
			places = append(places, fmt.Sprintf("%d %s", f.Row, f.Code))
		default:
			places = append(places, f.Code)
		}
	}
	return places
}

func TestListRefusesEveryFaultAtOnce(t *testing.T) {
	good := price.Row{Network: networks[1], From: day0, Price: amount("0.05")}
	with := func(change func(r *price.Row)) price.Row {
		r := good
		change(&r)
		return r
	}
	rows := []price.Row{
		good,
		with(func(r *price.Row) { r.MCC, r.MNC = "25", "1" }),
		with(func(r *price.Row) { r.MCC, r.MNC = "٢٥٥", "0001" }),
		with(func(r *price.Row) { r.Price = amount("-0.01") }),
		with(func(r *price.Row) { r.Price = amount("0.0000001") }),
		with(func(r *price.Row) { r.Price = amount("1e15") }),
		with(func(r *price.Row) { r.Price = decimal.New(1, -1_000_000_000) }),
		with(func(r *price.Row) { r.State = price.StateClosed }),
		with(func(r *price.Row) { r.State = "gone" }),
		with(func(r *price.Row) { r.From = time.Time{} }),
		with(func(r *price.Row) { r.From = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }),
		with(func(r *price.Row) { r.From = day0.Add(time.Nanosecond) }),
		with(func(r *price.Row) { r.From = day0.In(time.FixedZone("", 3600)) }),
		{},
	}

	_, err := price.NewList(rows)

	assert.Equal(t, []string{
		"2 mcc.format", "2 mnc.format", "3 mcc.format", "3 mnc.format", "4 price.negative", "5 price.scale", "6 price.range",
		"7 price.scale", "8 price.closed", "9 state.unknown", "10 from.required", "11 from.range", "12 from.precision",
		"13 row.repeated", "14 mcc.format", "14 from.required",
	}, codes(err))
	assert.ErrorContains(t, err, "row 2, mcc: An MCC has three digits")
	assert.ErrorContains(t, err, "and 6 more")
}

func TestListKeepsWhatItWasGiven(t *testing.T) {
	rows := []price.Row{
		{Network: networks[3], From: day0.In(time.FixedZone("", 3600)), Price: decimal.New(50_000_000_000, -12)},
		{Network: networks[1], From: day0, Price: decimal.New(0, -1_000_000_000)},
	}
	list := mustList(t, rows)
	rows[0].Price = amount("9")

	kept := list.Rows()
	assert.Equal(t, networks[1], kept[0].Network, "in order")
	assert.Equal(t, "0", kept[0].Price.String())
	assert.Equal(t, "0.05", kept[1].Price.String())
	assert.Equal(t, day0, kept[1].From)
	kept[0].MCC = "999"
	assert.Equal(t, networks[1], list.Rows()[0].Network, "the list's own rows")

	var none *price.List
	assert.Empty(t, none.Rows())
	assert.Zero(t, none.Len())
	assert.False(t, none.Has(price.Start{Network: networks[1], From: day0}))
	_, ok := price.Prices{}.Find(networks[1], day0)
	assert.False(t, ok)
}

func TestFindGoesByPrecedence(t *testing.T) {
	country, network := networks[0], networks[1]
	row := func(n price.Network, p string) price.Row { return price.Row{Network: n, From: day0, Price: amount(p)} }
	product := mustList(t, []price.Row{row(country, "4"), row(network, "3")})
	own := mustList(t, []price.Row{row(country, "2")})
	closed := mustList(t, []price.Row{{Network: country, From: day0, State: price.StateClosed}})
	withdrawn := mustList(t, []price.Row{row(country, "2"), {Network: country, From: day0.AddDate(0, 0, 1), State: price.StateWithdrawn}})

	for name, c := range map[string]struct {
		prices price.Prices
		n      price.Network
		days   int
		want   string
	}{
		"network before country":            {price.Prices{Product: product}, network, 0, "3"},
		"own country before their network":  {price.Prices{Own: own, Product: product}, network, 0, "2"},
		"another network of the country":    {price.Prices{Product: product}, networks[3], 0, "4"},
		"an MNC of three digits is another": {price.Prices{Product: product}, networks[2], 0, "4"},
		"without an MNC, the country":       {price.Prices{Product: product}, country, 0, "4"},
		"not begun":                         {price.Prices{Product: product}, network, -1, "unset"},
		"closed is not sold":                {price.Prices{Own: closed, Product: product}, network, 0, "unset"},
		"withdrawn gives way":               {price.Prices{Own: withdrawn, Product: product}, network, 1, "3"},
		"not yet withdrawn":                 {price.Prices{Own: withdrawn, Product: product}, network, 0, "2"},
		"no network":                        {price.Prices{Product: product}, price.Network{MCC: "255", MNC: "1"}, 0, "unset"},
		"no country":                        {price.Prices{Product: product}, price.Network{}, 0, "unset"},
		"digits of another script":          {price.Prices{Product: product}, price.Network{MCC: "255", MNC: "٠١"}, 0, "unset"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, c.prices.Price(c.n, day0.AddDate(0, 0, c.days)).String())
		})
	}
	found, sold := price.Prices{Own: closed, Product: product}.Find(network, day0)
	assert.False(t, sold)
	assert.Equal(t, price.StateClosed, found.State, "why it is not sold")
	assert.Equal(t, account.OriginOwn, found.Origin)
}

func TestDraftRefusesEveryFaultAtOnce(t *testing.T) {
	now := day0.AddDate(0, 0, 10)
	row := func(days int) price.Row {
		return price.Row{Network: networks[1], From: day0.AddDate(0, 0, days), Price: amount("1")}
	}
	list := mustList(t, []price.Row{row(0), row(10), row(20), row(30)})
	draft := price.Draft{
		Undo: []price.Start{row(30).Start(), row(0).Start(), row(10).Start(), row(40).Start(), {}},
		Rows: []price.Row{row(30), row(20), row(9), row(10), row(50), row(50), {}},
	}

	unchanged, err := draft.Apply(list, now)

	assert.Nil(t, unchanged)
	assert.Equal(t, []string{
		"2 undo.begun", "3 undo.begun", "4 undo.unknown", "5 undo.unknown",
		"2 row.exists", "3 from.past", "4 row.exists", "6 row.repeated", "7 mcc.format", "7 from.required",
	}, codes(err))
	assert.Equal(t, 4, list.Len())

	next, err := price.Draft{Undo: []price.Start{row(30).Start()}, Rows: []price.Row{row(30), row(11)}}.Apply(list, now)
	require.NoError(t, err)
	assert.Equal(t, 5, next.Len(), "what is taken back makes room")
	next, err = price.Draft{Rows: []price.Row{{Network: networks[3], From: now, Price: amount("1")}}}.Apply(nil, now)
	require.NoError(t, err, "now is not past, and nil is a list")
	assert.Equal(t, 1, next.Len())
}

func TestChangeSaysByHowMuch(t *testing.T) {
	optional := func(s string) account.Optional[decimal.Decimal] {
		if s == "" {
			return account.Optional[decimal.Decimal]{}
		}
		return account.Some(amount(s))
	}
	for _, c := range []struct {
		before, after string
		kind          price.ChangeKind
		by, percent   string
	}{
		{"", "", price.ChangeNone, "", ""},
		{"0.05", "0.050", price.ChangeNone, "0", "0"},
		{"", "0", price.ChangeNew, "", ""},
		{"0.03", "0.04", price.ChangeUp, "0.01", "33.33"},
		{"0.04", "0.0399", price.ChangeDown, "-0.0001", "-0.25"},
		{"0.8", "0.80004", price.ChangeUp, "0.00004", "0.01"}, // 0.005, half away from zero
		{"0.8", "0.79996", price.ChangeDown, "-0.00004", "-0.01"},
		{"0", "0.01", price.ChangeUp, "0.01", ""},
		{"0.01", "0", price.ChangeDown, "-0.01", "-100"},
		{"0.01", "", price.ChangeClosed, "", ""},
		{"0.000001", "999999999999999", price.ChangeUp, "999999999999998.999999", "99999999999999899999900"},
	} {
		change := price.Change{Before: optional(c.before), After: optional(c.after)}
		assert.Equal(t, c.kind, change.Kind(), "%+v", c)
		by, hasBy := change.By()
		assert.Equal(t, c.by != "", hasBy, "%+v", c)
		percent, hasPercent := change.Percent()
		assert.Equal(t, c.percent != "", hasPercent, "%+v", c)
		assert.True(t, !hasBy || by.Equal(amount(c.by)), "%+v: %s", c, by)
		assert.True(t, !hasPercent || percent.Equal(amount(c.percent)), "%+v: %s", c, percent)
	}
}

// A list that is loaded whole again changes nothing, and says so of each row.
func TestDraftOfWhatIsSaysThatNothingChanges(t *testing.T) {
	list := mustList(t, []price.Row{{Network: networks[1], From: day0, Price: amount("1")}})
	draft := price.Draft{Rows: []price.Row{{Network: networks[1], From: day0.AddDate(0, 1, 0), Price: amount("1.0")}}}
	next, err := draft.Apply(list, day0)
	require.NoError(t, err)

	changes := draft.Changes(price.Prices{Own: list}, price.Prices{Own: next})

	require.Len(t, changes, 1)
	assert.Equal(t, price.ChangeNone, changes[0].Kind())
}

func TestValuesTravelAsJSON(t *testing.T) {
	row := price.Row{Network: networks[1], From: day0, Price: amount("0.05"), State: price.StatePriced}
	text, err := json.Marshal(row)
	require.NoError(t, err)
	assert.JSONEq(t, `{"mcc":"255","mnc":"01","from":"2026-01-01T00:00:00Z","price":"0.05"}`, string(text))
	var back price.Row
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, row, back)

	change := price.Change{Network: networks[1], From: day0, After: account.Some(amount("0.05"))}
	text, err = json.Marshal(change)
	require.NoError(t, err)
	assert.JSONEq(t, `{"mcc":"255","mnc":"01","from":"2026-01-01T00:00:00Z","before":null,"after":"0.05"}`, string(text))
	var changeBack price.Change
	require.NoError(t, json.Unmarshal(text, &changeBack))
	assert.Equal(t, change, changeBack)

	_, err = price.NewList([]price.Row{{}})
	text, err = json.Marshal(err)
	require.NoError(t, err)
	assert.Contains(t, string(text), `{"field":"mcc","code":"mcc.format","message":"An MCC has three digits, zeros in front included.","row":1}`)
}

func TestCountryOf(t *testing.T) {
	for mcc, want := range map[string]account.Country{
		"255": "UA", "250": "RU", "310": "US", "316": "US", "234": "GB", "235": "GB", "404": "IN", "750": "FK",
		"221": "", "901": "", "001": "", "": "", "UA": "",
	} {
		got, ok := price.CountryOf(mcc)
		assert.Equal(t, want, got, mcc)
		assert.Equal(t, want != "", ok, mcc)
	}
	all := price.MCCs()
	assert.Len(t, all, 238)
	for mcc, country := range all {
		_, known := account.ParseCountry(string(country))
		assert.True(t, known, "%s: %s", mcc, country)
	}
}

func TestFaultsAreNotLost(t *testing.T) {
	faults, ok := price.AsFaults(errors.New("other"))
	assert.False(t, ok)
	assert.NoError(t, faults.Err())
	_, err := price.NewList([]price.Row{{}})
	faults, ok = price.AsFaults(fmt.Errorf("reading: %w", err))
	assert.True(t, ok)
	assert.True(t, faults.Has("from.required"))
	assert.False(t, faults.Has("from.past"))
	for _, code := range price.FaultCodes() {
		assert.True(t, strings.HasSuffix(code.Text, "."), code.Code)
	}
}
