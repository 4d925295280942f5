package document_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// What Encode takes is what Decode reads, however long a text is.
func TestTextsThatAreKeptAreRead(t *testing.T) {
	taxed := func(name string) (document.Invoice, error) {
		return document.NewInvoice(head(), november, aMonth(t), document.Percent(name, amount("19")))
	}
	longest := strings.Repeat("<", document.MaxText)
	i, err := taxed(longest)
	require.NoError(t, err)
	i.Issuer.Notes = []string{longest}
	again(t, i)
	n, err := i.Credit(head(), longest, nil)
	require.NoError(t, err)
	again(t, n)

	_, err = taxed(longest + "<")
	require.ErrorIs(t, err, document.ErrTaxes)
	_, err = i.Credit(head(), longest+"<", nil)
	require.ErrorIs(t, err, document.ErrUnshowable)
	i.Issuer.Notes[0] += "<"
	_, err = document.Encode(i)
	require.ErrorIs(t, err, document.ErrUnshowable)
}

// A document at the end of a pointer is the same document.
func TestPointersToDocuments(t *testing.T) {
	i := invoice(t, nil)
	assert.Equal(t, page(t, i, document.English()), page(t, &i, document.English()))
	assert.Equal(t, written(t, i), written(t, &i))
	i.Lines[0].Amount = decimal.New(1, 1<<30)
	_, err := document.Encode(&i)
	require.ErrorIs(t, err, document.ErrSums)
}

// What is counted until a limit of money is reached are the messages after which it is.
func TestFundsAboveALimitBySomeOfAMessage(t *testing.T) {
	b := account.Balance{Amount: amount("2.5"), Terms: account.Terms{Limit: account.MoneyLimit(amount("1")), Price: account.Some(amount("2"))}}
	for money, until := range map[string]string{"1": "0", "1.000001": "1", "2.5": "1", "3": "1", "3.1": "2", "-7": "0"} {
		b.Amount = amount(money)
		assert.Equal(t, until, document.NewFunds(b, b.Amount).UntilLimit.String(), money)
	}
}

func TestAbsurdUsageEnds(t *testing.T) {
	row := `{"day":"2026-11-01","kind":"charge","price":"","refund":"","shared":false,"entries":1,"messages":0,"moved":"AMOUNT","held":"0"}`
	row = strings.ReplaceAll(row, "AMOUNT", "1e9999") + "," + strings.ReplaceAll(row, "AMOUNT", "1")
	var u document.Usage
	require.ErrorIs(t, json.Unmarshal([]byte(`{"rows":[`+row+`]}`), &u), document.ErrFormat)
}

// A page leaves no row out that is in the sums.
func TestAStatementOfNoKindIsNone(t *testing.T) {
	for _, spoiled := range []document.UsageKey{
		{Kind: "gift"}, {Kind: account.KindHold}, {Kind: account.KindCharge, Refund: "gift"},
	} {
		rows := []document.UsageRow{{UsageKey: spoiled, UsageSums: document.UsageSums{Entries: 1, Moved: amount("-5")}}}
		u := document.Restore(clientID, document.Mark{}, document.Mark{Entry: 1, Balance: amount("-5")}, rows)
		_, err := document.NewStatement(head(), november, u)
		assert.ErrorIs(t, err, document.ErrSums, "%v", spoiled)
	}
}

// Taxes of several rates, and currencies of all minor digits, come back to the last unit.
func TestPartsOfAnInvoiceAreTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := head()
		h.Currency = rapid.SampledFrom([]account.Currency{"JPY", "EUR", "KWD"}).Draw(t, "currency")
		taxes := func(i document.Invoice) (taxes []document.Tax, err error) {
			left := i.Net
			for n, rate := range []string{"19", "7", "0", "1.375"} {
				base := i.Net.Mul(decimal.New(rapid.Int64Range(0, 25).Draw(t, "base"), -2)).Round(int32(i.Digits))
				if n == 3 {
					base = left
				}
				left = left.Sub(base)
				taxes = append(taxes, document.Tax{
					Name: "VAT", Rate: amount(rate), Base: base, Amount: base.Mul(amount(rate)).Shift(-2).Round(int32(i.Digits)),
				})
			}
			return taxes, nil
		}
		u := usageOf(t, charge("0.077", 1), charge("0.1", 3), charge("0", 5), charge("12.000001", 0), refund(rapid.SampledFrom([]string{"0.5", "1", "12.1", "300"}).Draw(t, "refund"), 11))
		i, err := document.NewInvoice(h, november, u, taxes)
		require.NoError(t, err)
		again(t, i)
		var notes []document.CreditNote
		credit := func(takes ...document.Take) error {
			n, err := i.Credit(h, "", notes, takes...)
			if err == nil {
				again(t, n)
				notes = append(notes, n)
			}
			return err
		}
		for range rapid.IntRange(0, 5).Draw(t, "parts") {
			line := rapid.IntRange(0, len(i.Lines)-1).Draw(t, "line")
			part := i.Lines[line].Amount.Mul(decimal.New(rapid.Int64Range(1, 60).Draw(t, "part"), -2)).Round(6)
			_ = credit(document.Take{Line: line + 1, Amount: part})
		}
		require.NoError(t, credit())
		total, rounding := decimal.Zero, decimal.Zero
		for _, n := range notes {
			total, rounding = total.Add(n.Total), rounding.Add(n.Rounding)
			require.Len(t, n.Taxes, len(i.Taxes))
			for k := range n.Taxes {
				i.Taxes[k].Base, i.Taxes[k].Amount = i.Taxes[k].Base.Sub(n.Taxes[k].Base), i.Taxes[k].Amount.Sub(n.Taxes[k].Amount)
			}
		}
		require.Equal(t, i.Total.String()+" "+i.Rounding.String(), total.String()+" "+rounding.String())
		for _, tax := range i.Taxes {
			require.True(t, tax.Base.IsZero() && tax.Amount.IsZero())
		}
	})
}
