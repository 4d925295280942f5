package account_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
)

// travellers returns the values that hosts meet, and may put into a queue or a file.
func travellers() []any {
	return []any{
		account.Movement{},
		account.Request{},
		account.Product{},
		account.Manager{},
		account.Terms{},
		account.Balance{},
		account.Decision{},
		account.Entry{},
		account.Hold{},
		account.Event{},
		account.Summary{},
		account.Record{},
		account.Tracking{},
		account.Report{},
		account.Statement{},
		account.DailyReport{},
		account.Settings{},
		account.Window{},
		account.Date{},
		store.Posting{},
		account.EntryQuery{},
		account.HoldQuery{},
		account.EventQuery{},
		account.ChangeQuery{},
		account.Query{},
		account.Finding{},
		account.Fault{},
		account.Actor{},
		account.Billing{},
		account.Cause{},
		account.Client{},
		account.Contact{},
		account.Core{},
		account.Credit{},
		account.Cut{},
		account.TrackingStep{},
		account.Dispatch{},
		account.Effective[decimal.Decimal]{},
		account.FieldChange{},
		store.Lookup{},
		account.Mail{},
		account.Notes{},
		account.NotificationLimit{},
		store.Outcome{},
		store.Overdue{},
		account.Overdraw{},
		account.Position{},
		account.RefundPolicy{},
		account.Routing{},
		account.Sending{},
		account.StateUpdate{},
		account.Webhooks{},
		account.Account{},
	}
}

// notTravelling are the exported structs that are no values to be kept, and why.
var notTravelling = map[string]string{
	"Choice": "a row of a list for people",
	"Field":  "a row of the table", "Table": "of fields", "Code": "a row of a table", "Section": "a part of the table", "Traits": "a row of the table of kinds",
	"NewPassword": "a secret", "HookSecret": "a secret", "ExhaustedError": "an error", "Optional": "within others, whatever its type",
}

// exportedStructs returns the names of the package's struct types, as its source has them.
func exportedStructs(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	declared := regexp.MustCompile(`(?m)^type ([A-Z]\w*)(?:\[[^\]]*\])? struct`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, found := range declared.FindAllStringSubmatch(string(source), -1) {
			names = append(names, found[1])
		}
	}
	return names
}

// No struct is forgotten: each is tried, or is named with the reason why not.
func TestEveryExportedStructTravelsOrSaysWhyNot(t *testing.T) {
	tried := map[string]bool{}
	for _, v := range travellers() {
		name, _, _ := strings.Cut(reflect.TypeOf(v).Name(), "[")
		tried[name] = true
	}
	names := exportedStructs(t)
	require.Greater(t, len(names), 50)
	for _, name := range names {
		assert.True(t, tried[name] != (notTravelling[name] != ""), name)
	}
}

// JSON has the names that the admin's has: lower case, with underscores, and those of a
// section's fields are their paths.
func TestNamesInJSONAreLowerCase(t *testing.T) {
	name := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	for _, zero := range travellers() {
		v := reflect.New(reflect.TypeOf(zero))
		fill(t, v.Elem())
		text, err := json.Marshal(v.Interface())
		require.NoError(t, err)
		var object map[string]any
		if json.Unmarshal(text, &object) != nil {
			continue // a text
		}
		assert.NotEmpty(t, object, "%T", zero)
		for key := range object {
			assert.Regexp(t, name, key, "%T", zero)
		}
	}
	for prefix, section := range map[string]any{
		"contact.": account.Contact{}, "routing.": account.Routing{}, "sending.": account.Sending{}, "mail.": account.Mail{},
		"webhooks.": account.Webhooks{}, "billing.": account.Billing{}, "notes.": account.Notes{}, "": account.Core{},
	} {
		text, err := json.Marshal(section)
		require.NoError(t, err)
		var object map[string]any
		require.NoError(t, json.Unmarshal(text, &object))
		for key := range object {
			_, known := account.FieldAt(prefix + key)
			assert.True(t, known, prefix+key)
		}
	}
}

func must(zone *time.Location, err error) *time.Location {
	if err != nil {
		panic(err)
	}
	return zone
}

// fill gives every part of a value something that is not its zero.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch at := v.Addr().Interface().(type) {
	case *decimal.Decimal:
		*at = decimal.RequireFromString("-12.345678")
		return
	case *time.Time:
		*at = time.Date(2026, 11, 28, 16, 0, 0, 123456000, time.UTC)
		return
	case *account.ID:
		*at = accounttest.ID(7)
		return
	case *account.Optional[decimal.Decimal]:
		*at = account.Some(decimal.RequireFromString("0.0312"))
		return
	case *account.Optional[int]:
		*at = account.Some(0)
		return
	case *account.Optional[account.ID]:
		*at = account.Some(account.ID{})
		return
	case *account.Optional[[]account.ID]:
		*at = account.Some([]account.ID{accounttest.ID(3)})
		return
	case *account.Optional[account.Moderation]:
		*at = account.Some(account.ModerationManual)
		return
	case *account.NotificationLimit:
		*at = account.MoneyLimit(decimal.RequireFromString("-5.5"))
		return
	case *account.Account:
		*at = accounttest.Full()
		return
	case *account.Dispatch:
		*at = accounttest.Full().Core.Dispatch
		return
	case *account.FieldChange:
		*at = account.FieldChange{Path: "contact.skype", Old: "old", New: "new"}
		return
	case *account.Senders:
		*at = accounttest.Full().Routing.Senders
		return
	case *account.NewPassword:
		return // JSON has none
	case *func(mcc, mnc string, at time.Time) account.Optional[decimal.Decimal]:
		return // likewise
	case **time.Location:
		*at = must(accounttest.Full().Location())
		return
	case *account.MonthDays:
		*at = accounttest.Full().Billing.InvoiceDays
		return
	}
	fillKind(t, v)
}

func fillKind(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if _, itself := v.Addr().Interface().(json.Unmarshaler); itself && !v.Type().Field(i).IsExported() {
				continue
			}
			require.True(t, v.Type().Field(i).IsExported(), "%s has fields that do not travel, and no JSON of its own", v.Type())
			fill(t, v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0))
		fill(t, v.Index(1))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key)
		fill(t, value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Array:
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(3)
	case reflect.Uint8, reflect.Uint16:
		v.SetUint(3)
	default:
		t.Fatalf("fill does not know %s", v.Type())
	}
}

func TestEveryValueComesBackFromJSONAsItWas(t *testing.T) {
	for _, zero := range travellers() {
		kind := reflect.TypeOf(zero)
		t.Run(kind.Name(), func(t *testing.T) {
			for _, filled := range []bool{false, true} {
				v := reflect.New(kind)
				if filled {
					fill(t, v.Elem())
				}
				text, err := json.Marshal(v.Interface())
				require.NoError(t, err)
				back := reflect.New(kind)
				require.NoError(t, json.Unmarshal(text, back.Interface()), "%s", text)
				again, err := json.Marshal(back.Interface())
				require.NoError(t, err)
				assert.JSONEq(t, string(text), string(again))
				if !strings.HasSuffix(kind.Name(), "Query") && kind.Name() != "Outcome" { // where a pointer would be printed
					assert.Equal(t, fmt.Sprintf("%+v", v.Elem()), fmt.Sprintf("%+v", back.Elem()), "%s", text)
				}
			}
		})
	}
}

func TestAnAccountComesBackFromJSONAsItWas(t *testing.T) {
	for _, a := range []account.Account{{}, account.New(), accounttest.Full(), accounttest.Valid("acme")} {
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		text, err := json.Marshal(a)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "Herons")
		assert.NotContains(t, string(text), "password")
		var back account.Account
		require.NoError(t, json.Unmarshal(text, &back))
		a.Core.Password = account.NewPassword{}
		for _, f := range account.Fields() {
			assert.Equal(t, f.Text(a), f.Text(back), f.Path)
		}
		assert.Equal(t, a.ID, back.ID)
		assert.Equal(t, a.Parent, back.Parent)
		assert.True(t, a.UpdatedAt.Equal(back.UpdatedAt) && a.CreatedAt.Equal(back.CreatedAt))
		assert.Equal(t, a.Revision, back.Revision)
	}
	text, err := json.Marshal(accounttest.Full())
	require.NoError(t, err)
	var object map[string]any
	require.NoError(t, json.Unmarshal(text, &object))
	assert.Contains(t, object["sending"], "smpp", "as the JSON API names it")
	require.Error(t, json.Unmarshal([]byte(`{"credit":{"limit":"1,5"}}`), new(account.Account)))
}

type nestedChange struct{ Change account.Change }

// A password goes into no JSON, and is not lost on the way without a word.
func TestAChangeThatHoldsAPasswordDoesNotTravel(t *testing.T) {
	for _, path := range []string{"password", "password_retype", "passwort"} {
		change := account.Change{}.Set("contact.skype", "acme").Set(path, "c4nary-password")
		for _, v := range []any{change, change[1], nestedChange{change}, account.Record{Change: change}} {
			text, err := json.Marshal(v)
			require.ErrorIs(t, err, account.ErrSecret, "%T", v)
			assert.NotContains(t, err.Error()+string(text), "c4nary")
		}
	}
	whole := account.Change{}.Set("webhooks.api_state", "https://a.example/?t=token").Set("contact.skype", "acme")
	text, err := json.Marshal(whole)
	require.NoError(t, err)
	var back account.Change
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, whole, back, "as it does in an account")
	recorded := account.Change{{Path: "password", Secret: true}, {Path: account.PathGatewayPassword, Secret: true}}
	text, err = json.Marshal(recorded)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, recorded, back)
}

// However a value that holds tokens and passwords is printed or logged, they do not show.
func TestNothingThatIsPrintedShowsATokenOrAPassword(t *testing.T) {
	a := accounttest.Full()
	a.Webhooks = account.Webhooks{
		APIState: "https://a.example/1?token=c4nary", APIIncoming: "https://a.example/2?c4nary",
		RESTState: "https://a.example/3?key=c4nary", RESTIncoming: "https://a.example/4?k=c4nary&l=c4nary",
	}
	a.Core.Password = account.SetPassword("c4nary-password", "c4nary-password")
	change := account.Change{}.Set("password", "c4nary-password").Set("password_retype", "c4nary-password").
		Set("webhooks.api_state", "https://a.example/?t=c4nary").Set("passwort", "c4nary-password")
	type nested struct {
		Account account.Account
		inner   account.NewPassword
		Change  account.Change
	}
	for name, v := range map[string]any{
		"Account": a, "*Account": &a, "Webhooks": a.Webhooks, "Change": change, "FieldChange": change[0], "slice": []account.Account{a},
		"nested": nested{a, a.Core.Password, change}, "Client": account.NewClient(a, nil, []account.Account{a}, decimal.Zero),
		"map": map[string]account.Account{"a": a}, "secret": account.NewHookSecret("whsec_c4nary", time.Time{}),
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			text := fmt.Sprintf(verb, v)
			assert.NotContains(t, text, "c4nary", "%s by %s", name, verb)
			assert.NotContains(t, text, fmt.Sprintf("%x", "c4nary"), "%s by %s", name, verb)
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		assert.NotContains(t, log.String(), "c4nary", "%s in slog's text", name)
	}
	client := account.NewClient(a, nil, []account.Account{a}, decimal.Zero)
	for _, v := range []any{a, &a, a.Webhooks, change, change[0], client, &client, account.Record{Change: change}, nestedChange{change[:2]}} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		assert.NotContains(t, log.String(), "c4nary", "%T in slog's JSON", v)
		assert.True(t, strings.Contains(log.String(), "v"))
	}
}
