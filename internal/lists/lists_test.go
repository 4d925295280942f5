package main

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func entry(code, name, digits string) string {
	return "<CcyNtry>" + name + "<Ccy>" + code + "</Ccy><CcyMnrUnts>" + digits + "</CcyMnrUnts></CcyNtry>"
}

func list(entries string) []byte {
	return []byte(`<ISO_4217 Pblshd="2024-06-25"><CcyTbl>` + entries + `</CcyTbl></ISO_4217>`)
}

// correctable holds the codes that the corrections take away.
var correctable = entry("ANG", "<CcyNm>A</CcyNm>", "2") + entry("CUC", "<CcyNm>C</CcyNm>", "2") +
	entry("BGN", "<CcyNm>B</CcyNm>", "2") + entry("UYW", "<CcyNm>U</CcyNm>", "4")

func TestCurrencySourceKeepsOnlyMoney(t *testing.T) {
	source, err := currencySource(list(correctable +
		entry("EUR", "<CcyNm>Euro</CcyNm>", "2") + entry("EUR", "<CcyNm>Euro</CcyNm>", "2") +
		entry("JPY", "<CcyNm>Yen</CcyNm>", "0") +
		entry("CHW", `<CcyNm IsFund="true">WIR Franc</CcyNm>`, "2") +
		entry("XAU", "<CcyNm>Gold</CcyNm>", "N.A.") +
		"<CcyNtry><CtryNm>ANTARCTICA</CtryNm></CcyNtry>"))

	require.NoError(t, err)
	assert.Contains(t, string(source), "var currencyTable = map[Currency]currencyFacts{\n"+
		"\t\"EUR\": {name: \"Euro\", digits: 2},\n"+
		"\t\"JPY\": {name: \"Yen\", digits: 0},\n"+
		"\t\"XCG\": {name: \"Caribbean Guilder\", digits: 2},\n}")
}

func TestCurrencySourceRefuses(t *testing.T) {
	for name, c := range map[string]struct{ list, want string }{
		"digits that are no number": {correctable + entry("EUR", "<CcyNm>Euro</CcyNm>", "two"), "EUR: minor digits"},
		"one code with two facts": {
			correctable + entry("EUR", "<CcyNm>Euro</CcyNm>", "2") + entry("EUR", "<CcyNm>Euro</CcyNm>", "3"), "EUR: listed both",
		},
		"an addition the list has by now":  {correctable + entry("XCG", "<CcyNm>G</CcyNm>", "2"), "correction XCG"},
		"a withdrawal the list has by now": {entry("EUR", "<CcyNm>Euro</CcyNm>", "2"), "changes nothing any more"},
		"something that is not list one":   {"<", "XML syntax"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := currencySource(list(c.list))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestCountrySourcePrefersCommonNames(t *testing.T) {
	source, err := countrySource([]byte(`{"3166-1":[
		{"alpha_2":"BO","name":"Bolivia, Plurinational State of","common_name":"Bolivia"},
		{"alpha_2":"AF","name":"Afghanistan"},{"alpha_2":"AX","name":"Åland Islands"}]}`))

	require.NoError(t, err)
	assert.Contains(t, string(source), "\t\"AF\": \"Afghanistan\",\n\t\"AX\": \"Åland Islands\",\n\t\"BO\": \"Bolivia\",\n}")
	assert.Contains(t, string(source), "\t\"AF\", \"AX\", \"BO\",\n}")
}

func TestCountrySourceRefuses(t *testing.T) {
	for name, c := range map[string]struct{ list, want string }{
		"another list":           {`{"4217":[]}`, "no countries"},
		"a country without name": {`{"3166-1":[{"alpha_2":"AF"}]}`, "incomplete country"},
		"a code of three":        {`{"3166-1":[{"alpha_2":"AFG","name":"Afghanistan"}]}`, "incomplete country"},
		"something else":         {`<`, "invalid character"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := countrySource([]byte(c.list))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestMCCSource(t *testing.T) {
	whole := map[string][]string{"234": {"GB", "IM"}, "250": {"RU", "UG"}, "255": {"UA"}}

	countries, err := completeMCCs(whole)

	require.NoError(t, err)
	assert.Equal(t, "GB", countries["234"], "the choice")
	assert.Equal(t, "UA", countries["255"], "the list")
	assert.Equal(t, "US", countries["316"], "the addition")

	_, err = completeMCCs(map[string][]string{"255": {"RU", "UA"}})
	require.ErrorContains(t, err, "255", "shared, and not chosen")
	_, err = completeMCCs(map[string][]string{"250": {"RU"}})
	require.ErrorContains(t, err, "250", "a choice that is none any more")
	_, err = completeMCCs(map[string][]string{"316": {"US"}})
	require.ErrorContains(t, err, "316", "an addition that is listed now")
	_, err = mccSource([]byte("<serviceproviders/>"))
	require.ErrorContains(t, err, "no countries")
}

func TestRunWritesNothingWhenAListIsMissing(t *testing.T) {
	out := t.TempDir()

	err := run("no-such-list.xml", "no-such-list.json", "no-such-list.xml", out)

	require.ErrorIs(t, err, fs.ErrNotExist)
	written, err := os.ReadDir(out)
	require.NoError(t, err)
	assert.Empty(t, written)
}

// The tables in the repository are what the lists say, not what a hand wrote.
func TestTablesAreAsGenerated(t *testing.T) {
	for table, from := range map[string]struct {
		list   string
		source func([]byte) ([]byte, error)
	}{
		"currency_list.go":  {"node_modules/currency-codes/iso-4217-list-one.xml", currencySource},
		"country_list.go":   {"/usr/share/iso-codes/json/iso_3166-1.json", countrySource},
		"price/mcc_list.go": {"/usr/share/mobile-broadband-provider-info/serviceproviders.xml", mccSource},
	} {
		t.Run(table, func(t *testing.T) {
			want, err := generate(from.list, from.source)
			if errors.Is(err, fs.ErrNotExist) {
				t.Skipf("the list is not on this machine, main.go says how to fetch it: %v", err)
			}
			require.NoError(t, err)
			got, err := os.ReadFile("../../account/" + table)
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got), "go generate ./account")
		})
	}
}
