package price_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/sheet"
)

func read(file string, o price.ReadOptions) ([]price.Row, error) {
	return price.ReadCSV(strings.NewReader(file), o)
}

// shown are rows as texts.
func shown(rows []price.Row) (texts []string) {
	for _, r := range rows {
		what := r.Price.String()
		if r.State != price.StatePriced {
			what = string(r.State)
		}
		texts = append(texts, r.Code()+" "+what+" "+r.From.Format(time.RFC3339Nano))
	}
	return texts
}

func TestFilesOfOtherMachinesAreRead(t *testing.T) {
	kyiv := zone(t, "Europe/Kyiv")
	want := []string{"255 0.05 2026-11-30T22:00:00Z", "25501 closed 2026-12-01T07:00:00Z"}
	for name, c := range map[string]struct {
		file string
		o    price.ReadOptions
	}{
		"commas":                {"MCC,MNC,price,from\n255,,0.05,2026-12-01\n255,01,closed,2026-12-01 09:00\n", price.ReadOptions{}},
		"no last line feed":     {"MCC,MNC,price,from\n255,,0.05,2026-12-01\n255,01,closed,2026-12-01 09:00", price.ReadOptions{}},
		"CRLF, semicolons":      {"MCC;MNC;price;from\r\n255;;0.05;2026-12-01\r\n255;01;closed;2026-12-01 09:00\r\n", price.ReadOptions{}},
		"tabs, another order":   {"from\tMNC\tprice\tMCC\n2026-12-01\t\t0.05\t255\n2026-12-01 09:00\t01\tClosed\t255\n", price.ReadOptions{}},
		"quotes, cases, blanks": {`" Mcc ","MNC",PRICE,From` + "\n" + `"255","", 0.05 ,"2026-12-01"` + "\n255,01,CLOSED,01.12.2026 09:00\n", price.ReadOptions{}},
		"MCCMNC":                {"mcc/mnc;price;from\n255;0.05;2026-12-01\n25501;closed;2026-12-01T09:00\n", price.ReadOptions{}},
		"decimal commas":        {"MCC;MNC;price;from\n255;;0,05;01.12.2026\n255;01;closed;2026-12-01T09:00:00\n", price.ReadOptions{DecimalComma: true}},
		"both are commas":       {"MCC,MNC,price,from\n255,,\"0,05\",01.12.2026\n255,01,closed,2026-12-01T09:00:00+02:00\n", price.ReadOptions{DecimalComma: true}},
		"a byte order mark":     {"\ufeffMCC,MNC,price,from\n255,,0.05,2026-12-01\n255,01,closed,2026-12-01T07:00:00Z\n", price.ReadOptions{}},
		"empty lines":           {"\n,,\nMCC,MNC,price,from\n\n255,,0.05,2026-12-01\n,,,\n255,01,closed,2026-12-01 09:00\n , ,,\n", price.ReadOptions{Separator: ','}},
		"extra columns":         {"note;MCC;MNC;price;from\n\"a\n;\"\"b\"\"\";255;;0.05;2026-12-01\n;255;01;closed;2026-12-01 09:00\n", price.ReadOptions{Extra: true}},
		"two separators":        {"note, two;MCC;MNC;price;from\n;255;;0.05;2026-12-01\n;255;01;closed;2026-12-01 09:00\n", price.ReadOptions{Extra: true}},
		"from by the caller":    {"MCC,MNC,price,from\n255,,0.05,\n255,01,closed,2026-12-01 09:00\n", price.ReadOptions{From: time.Date(2026, 12, 1, 0, 0, 0, 0, kyiv)}},
		"the currency":          {"MCC,MNC,price,from,currency\n255,,0.05,2026-12-01,EUR\n255,01,closed,2026-12-01 09:00,eur\n", price.ReadOptions{Currency: "EUR"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.o.Zone = kyiv
			rows, err := read(c.file, c.o)
			require.NoError(t, err)
			assert.Equal(t, want, shown(rows))
		})
	}
	rows, err := read("MCC\tprice\n255\t1\n", price.ReadOptions{From: day0})
	require.NoError(t, err)
	assert.Equal(t, []string{"255 1 2026-01-01T00:00:00Z"}, shown(rows), "without MNC and from")
}

func zone(t require.TestingT, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

func TestEncodings(t *testing.T) {
	const file = "MCC;Примітка;price;from\n255;Київстар;1;2026-12-01\n"
	o := price.ReadOptions{Extra: true}
	for name, c := range map[string]struct {
		encoding encoding.Encoding
		charset  price.Charset
	}{
		"utf-8":                  {unicode.UTF8, ""},
		"utf-8, said":            {unicode.UTF8, price.CharsetUTF8},
		"utf-8 with mark":        {unicode.UTF8BOM, ""},
		"utf-16le with mark":     {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), ""},
		"utf-16be with mark":     {unicode.UTF16(unicode.BigEndian, unicode.UseBOM), ""},
		"a mark goes before":     {unicode.UTF16(unicode.BigEndian, unicode.UseBOM), price.CharsetWindows1251},
		"utf-16le without, said": {unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), price.CharsetUTF16LE},
		"utf-16be without, said": {unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), price.CharsetUTF16BE},
		"windows-1251, said":     {charmap.Windows1251, price.CharsetWindows1251},
	} {
		t.Run(name, func(t *testing.T) {
			encoded, err := c.encoding.NewEncoder().String(file)
			require.NoError(t, err)
			o.Charset = c.charset
			rows, err := read(encoded, o)
			require.NoError(t, err)
			assert.Equal(t, []string{"255 1 2026-12-01T00:00:00Z"}, shown(rows))
		})
	}
	for name, c := range map[string]struct {
		file    string
		charset price.Charset
		want    []string
	}{
		"windows-1251, not said": {"MCC;price\n255;\xc0\n255;1\n\xc0;1\n", "", []string{"2:0 file.encoding", "4:0 file.encoding"}},
		"utf-16, not said":       {"M\x00C\x00C\x00;\x00", "", []string{"1:0 file.encoding"}},
		"half of a character":    {"\xff\xfeM\x00C", "", []string{"1:0 file.encoding"}},
		"half of a surrogate":    {"\xff\xfe\x00\xd8\n\x00", "", []string{"1:0 file.encoding"}},
		"no letter of 1251":      {"MCC;price\n255;\x98\n", price.CharsetWindows1251, []string{"2:0 file.encoding"}},
		"lost by another":        {"MCC;price\n255;\ufffd\n", "", []string{"2:0 file.encoding"}},
		"unknown":                {"MCC;price\n", "koi8-r", []string{"file.charset"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(c.file, price.ReadOptions{Charset: c.charset})
			assert.Equal(t, c.want, codes(err))
		})
	}
}

func TestFilesAreRefusedWithEveryFaultByLineAndCell(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for name, c := range map[string]struct {
		file string
		o    price.ReadOptions
		want []string
	}{
		"nothing":              {"", price.ReadOptions{}, []string{"file.empty"}},
		"only empty lines":     {"\n\r\n  \n", price.ReadOptions{}, []string{"file.empty"}},
		"only separators":      {";;;\n;;\n", price.ReadOptions{}, []string{"file.empty"}},
		"one column":           {"\nMCCMNC\n255\n", price.ReadOptions{}, []string{"2:0 file.separator"}},
		"another separator":    {"MCC,price\n", price.ReadOptions{Separator: '|'}, []string{"file.separator"}},
		"which separator":      {"a,b;c\n", price.ReadOptions{}, []string{"1:0 file.separator"}},
		"an unknown column":    {"MCC;prise;note\n", price.ReadOptions{}, []string{"1:2 header.unknown", "1:3 header.unknown", "1:0 header.missing", "1:0 header.missing"}},
		"a column twice":       {"MCC;price;mcc;from\n", price.ReadOptions{}, []string{"1:3 header.repeated"}},
		"both kinds of codes":  {"MCC;MCCMNC;price;from\n", price.ReadOptions{}, []string{"1:0 header.both"}},
		"a column without end": {long + ";MCC;price;from\n", price.ReadOptions{}, []string{"1:1 header.unknown"}},
		"currency, not asked":  {"MCC;price;from;currency\n", price.ReadOptions{}, []string{"1:4 header.unknown"}},
		"cells": {
			"MCC;MNC;price;from\n25;1;-1;2026\n255;;;\n255;01;1\n255;01;1;2026-12-01;\n2550;0001;1e5;31.02.2026\n255;01;1,5;12/31/2026\n\n255;01;0.0000001;2026-12-01\n",
			price.ReadOptions{},
			[]string{
				"2:1 mcc.format", "2:2 mnc.format", "2:3 price.negative", "2:4 from.format",
				"3:3 price.required", "3:4 from.required", "4:0 row.cells", "5:0 row.cells",
				"6:1 mcc.format", "6:2 mnc.format", "6:3 price.range", "6:4 from.format", "7:3 price.comma", "7:4 from.format",
				"9:3 price.scale",
			},
		},
		"codes as one": {
			"MCCMNC;price;from\n25;1;2026-12-01\n2551;1;2026-12-01\n2550101;1;2026-12-01\n25x01;1;2026-12-01\n",
			price.ReadOptions{},
			[]string{"2:1 mccmnc.format", "3:1 mccmnc.format", "4:1 mccmnc.format", "5:1 mccmnc.format"},
		},
		"decimal commas": {
			"MCC;price;from\n255;0.5;2026-12-01\n255;1,000,5;2026-12-01\n255;1.000,5;2026-12-01\n255;,5;2026-12-01\n255;٥;2026-12-01\n",
			price.ReadOptions{DecimalComma: true},
			[]string{"2:2 price.point", "3:2 price.format", "4:2 price.point", "5:2 price.format", "6:2 price.format"},
		},
		"a row twice": {
			"MCC;price;from\n255;1;2026-12-01\n256;1;2026-12-01\n255;2;2026-12-01T00:00:00Z\n",
			price.ReadOptions{},
			[]string{"4:0 row.repeated"},
		},
		"the past": {
			"MCC;price;from\n255;1;2025-12-31\n255;1;2026-01-01\n255;1;1969-12-31\n255;1;9999-01-01\n255;1;2026-02-01T00:00:00.0000001Z\n",
			price.ReadOptions{NotBefore: day0},
			[]string{"2:3 from.past", "4:3 from.range", "5:3 from.range", "6:3 from.precision"},
		},
		"another currency": {
			"MCC;price;from;currency\n255;1;2026-12-01;USD\n255;1;2026-12-02;\n",
			price.ReadOptions{Currency: "EUR"},
			[]string{"2:4 currency.other", "3:4 currency.other"},
		},
		"quotes":                    {"MCC;price;from\n2\"55;1;2026-12-01\n\"255\"x;1;2026-12-01\n255;-1;2026-12-01\n\"255;1\n\n", price.ReadOptions{}, []string{"2:0 file.quotes", "3:0 file.quotes", "4:2 price.negative", "5:0 file.quotes"}},
		"quotes in the header":      {"MCC;pri\"ce;from\n255;1;2026-12-01\n", price.ReadOptions{Separator: ';'}, []string{"1:0 file.quotes"}},
		"the caller's from":         {"MCC;price\n255;1\n256;1\n", price.ReadOptions{From: day0.Add(1)}, []string{"1:0 from.precision"}},
		"the caller's from is past": {"MCC;price\n255;1\n", price.ReadOptions{From: day0, NotBefore: day0.Add(1)}, []string{"1:0 from.past"}},
		"too large":                 {"MCC;price;from\n", price.ReadOptions{MaxBytes: 14}, []string{"file.size"}},
		"too many rows":             {"MCC;price;from\n255;1;2026-12-01\nx\ny\n", price.ReadOptions{MaxRows: 1}, []string{"3:0 file.rows"}},
		"too many cells": {
			"MCC;price;from\n" + strings.Repeat(";", 1000) + "\n255;1;2026-12-01\n" + strings.Repeat(",", 256),
			price.ReadOptions{},
			[]string{"2:0 file.cells", "4:0 file.cells"},
		},
		"too many cells over lines": {
			"MCC;price;from\n255;1;\"2026-12-01\"\n\"" + strings.Repeat("\";;\"\"\"\";;\"\n", 100) + "\"\n",
			price.ReadOptions{},
			[]string{"3:0 file.cells"},
		},
		"a mark that is missing, and many lines": {
			"MCC;price;from\n255;-1;2026-12-01\n\"255;1\n" + strings.Repeat("255;1;2026-12-01\n", 300),
			price.ReadOptions{},
			[]string{"2:2 price.negative", "3:0 file.quotes"},
		},
		"a mark too many, and many lines": {
			"MCC;price;from\n2\"55;1;2026-12-01\n" + strings.Repeat("255;-1;2026-12-01\n", 3) + strings.Repeat("\n\"2\"5;1;2026-12-01\n", 2),
			price.ReadOptions{},
			[]string{"2:0 file.quotes", "3:2 price.negative", "4:2 price.negative", "5:2 price.negative", "7:0 file.quotes", "9:0 file.quotes"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			rows, err := read(c.file, c.o)
			assert.Nil(t, rows)
			assert.Equal(t, c.want, codes(err))
			assert.Less(t, len(fmt.Sprint(err)), 2000)
		})
	}
	_, err := price.ReadCSV(iotest.ErrReader(errors.New("unplugged")), price.ReadOptions{})
	require.ErrorContains(t, err, "unplugged")
	_, err = read("MCC;price;from\n255;1;2026-12-01\n255;2;2026-12-01", price.ReadOptions{})
	require.ErrorContains(t, err, "line 3, row: This network and this instant are also in line 2.")
	_, err = read("MCC;price;from\n255;1;x", price.ReadOptions{})
	require.ErrorContains(t, err, "line 2, column 3, from: An instant is written")
}

// A file of nothing but faults tells at most as many as it may have rows.
func TestFaultsAreBounded(t *testing.T) {
	for _, lines := range []string{"\x00\n", "\"x\"y\n", "x\n", strings.Repeat(";", 300) + "\n", "a;b\n"} {
		_, err := read("MCC;price\n"+strings.Repeat(lines, 5000), price.ReadOptions{MaxRows: 100, From: day0})
		faults, ok := price.AsFaults(err)
		require.True(t, ok)
		assert.LessOrEqual(t, len(faults), 201, "%q", lines)
	}
}

func TestLinesOfOtherFormatsAreRead(t *testing.T) {
	lines := [][]string{{"Country", "MCC", "Price", "From"}, {"Ukraine", "255", "1", "2026-12-01"}}

	rows, err := price.ReadCells(slices.All(lines), price.ReadOptions{Extra: true})

	require.NoError(t, err)
	assert.Equal(t, []string{"255 1 2026-12-01T00:00:00Z"}, shown(rows))
	assert.Equal(t, "Country", lines[0][0], "what is read is not changed")
	_, err = price.ReadCells(slices.All([][]string{}), price.ReadOptions{})
	assert.Equal(t, []string{"file.empty"}, codes(err))
}

func TestInstantsOfAClock(t *testing.T) {
	for _, c := range []struct{ zone, text, want string }{
		{"Europe/Kyiv", "2026-03-29 02:59", "2026-03-29T00:59:00Z"},
		{"Europe/Kyiv", "2026-03-29 03:30", "from.clock"}, // put forward
		{"Europe/Kyiv", "2026-10-25 03:30", "from.clock"}, // shown twice
		{"Europe/Kyiv", "2026-10-25T03:30+02:00", "2026-10-25T01:30:00Z"},
		{"Europe/Kyiv", "2026-10-25 04:00", "2026-10-25T02:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // a day that began at 1:00
		{"Pacific/Apia", "2011-12-30 12:00", "from.clock"},          // a day that was not
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
		{"Asia/Kathmandu", "31.12.2026", "2026-12-30T18:15:00Z"},
		{"UTC", "1970-01-01", "1970-01-01T00:00:00Z"},
		{"Asia/Tokyo", "1970-01-01", "from.range"},
		{"UTC", "2026-12-31 15:04:05.000001", "2026-12-31T15:04:05.000001Z"},
		{"UTC", "2026-12-31 24:00", "from.format"},
	} {
		rows, err := read("MCC;price;from\n255;1;"+c.text+"\n", price.ReadOptions{Zone: zone(t, c.zone)})
		got := fmt.Sprint(codes(err))
		if err == nil {
			got = rows[0].From.Format(time.RFC3339Nano)
		}
		assert.Contains(t, got, c.want, "%s in %s", c.text, c.zone)
	}
}

// A time of the clock is the one instant at which the clock shows it.
func TestInstantsOfAnyClock(t *testing.T) {
	zones := []string{"Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran", "Antarctica/Troll"}
	rapid.Check(t, func(t *rapid.T) {
		loc := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		near := time.Unix(rapid.Int64Range(1e8, 2e9).Draw(t, "at"), 0)
		if _, change := near.In(loc).ZoneBounds(); !change.IsZero() && rapid.Bool().Draw(t, "near a change") {
			near = change
		}
		text := near.In(loc).Add(time.Duration(rapid.IntRange(-200, 200).Draw(t, "minutes")) * time.Minute).Format("2006-01-02 15:04")
		var shown []time.Time
		wall, err := time.Parse("2006-01-02 15:04", text)
		require.NoError(t, err)
		for at := wall.Add(-25 * time.Hour); at.Before(wall.Add(25 * time.Hour)); at = at.Add(15 * time.Minute) { // no offset of these zones is finer
			if at.In(loc).Format("2006-01-02 15:04") == text {
				shown = append(shown, at)
			}
		}

		rows, err := read("MCC;price;from\n255;1;"+text+"\n", price.ReadOptions{Zone: loc})

		if len(shown) == 1 {
			require.NoError(t, err)
			require.Equal(t, shown[0], rows[0].From)
		} else {
			require.Equal(t, []string{"2:3 from.clock"}, codes(err), "%s is shown %d times", text, len(shown))
		}
	})
}

// What is written is read again as it was, however it is written.
func TestRowsGoOutAndIn(t *testing.T) {
	zones := []*time.Location{nil, zone(t, "Europe/Kyiv"), zone(t, "Australia/Lord_Howe")}
	rapid.Check(t, func(t *rapid.T) {
		rows := someRows.Draw(t, "rows")
		w := sheet.Options{
			Separator:     rapid.SampledFrom([]rune{0, ',', ';', '\t'}).Draw(t, "separator"),
			DecimalComma:  rapid.Bool().Draw(t, "comma"),
			ByteOrderMark: rapid.Bool().Draw(t, "mark"),
		}
		var file bytes.Buffer
		require.NoError(t, price.RowSheet(rows, rapid.SampledFrom(zones).Draw(t, "zone")).WriteCSV(&file, w))

		back, err := price.ReadCSV(&file, price.ReadOptions{DecimalComma: w.DecimalComma})

		require.NoError(t, err)
		require.Equal(t, shown(rows), shown(back))
	})
}

// Liberia's clocks were 44 minutes and 30 seconds behind until 1972, which RFC 3339 cannot say.
func TestInstantsOfOddOffsetsGoOutAndIn(t *testing.T) {
	rows := []price.Row{{Network: networks[0], From: time.Date(1971, 5, 1, 10, 0, 0, 1000, time.UTC)}}
	var file bytes.Buffer
	require.NoError(t, price.RowSheet(rows, zone(t, "Africa/Monrovia")).WriteCSV(&file, sheet.Options{}))

	back, err := price.ReadCSV(&file, price.ReadOptions{})

	require.NoError(t, err)
	assert.Equal(t, shown(rows), shown(back))
}

// What a client is told can be read as a list, and is then what they pay.
func TestUpdatesGoOutAndIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prices := price.Prices{Own: mustList(t, someRows.Draw(t, "own")), Product: mustList(t, someRows.Draw(t, "product"))}
		since := instants.Draw(t, "since")
		format := rapid.SampledFrom([]account.PriceFormat{account.PriceCSV, account.PriceCSVMCCMNC}).Draw(t, "format")
		table, err := price.Update{Currency: "EUR"}.Sheet(format, prices.Schedule(since))
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, table.WriteCSV(&file, sheet.Options{}))

		rows, err := price.ReadCSV(&file, price.ReadOptions{Extra: true, Currency: "EUR"})

		require.NoError(t, err)
		told := price.Prices{Own: mustList(t, rows)}
		for _, n := range prices.Networks() {
			for at := since; at.Before(day0.Add(14 * time.Hour)); at = at.Add(30 * time.Minute) {
				require.Equal(t, prices.Price(n, at).String(), told.Price(n, at).String())
			}
		}
	})
}
