package account_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
)

// FuzzDispatch: what is read as a time of dispatch is written as text that means the same,
// and opens within a week, in every zone; what is refused is refused by a rule.
func FuzzDispatch(f *testing.F) {
	for _, text := range []string{
		"", "Mon,Tue 09:00-18:00", "mon 22:00 – 06:00", "00:00-24:00", "24:00-00:00", "sun 23:59-00:00", "Mon,,Tue 09:00-18:00",
		"9:00-18:00", "09:00-09:00", "\u0663\u0663:00-04:00", "Mon 09:00-", "Mon 09:00-18:00 x", "MONDAY,mOn 02:30-03:00",
	} {
		f.Add(text, int64(1_790_000_000))
	}
	zones := []*time.Location{time.UTC}
	for _, name := range []string{"Europe/Kyiv", "Australia/Lord_Howe", "Pacific/Apia", "America/Santiago"} {
		zone, err := time.LoadLocation(name)
		require.NoError(f, err)
		zones = append(zones, zone)
	}
	f.Fuzz(func(t *testing.T, text string, seconds int64) {
		var d account.Dispatch
		if err := d.UnmarshalText([]byte(text)); err != nil {
			require.ErrorAs(t, err, new(account.Rule))
			require.Zero(t, d, "refused, so untouched")
			return
		}
		var again account.Dispatch
		require.NoError(t, again.UnmarshalText([]byte(d.String())))
		require.Equal(t, d, again)
		now := time.Unix(seconds%4_000_000_000, 0)
		for _, zone := range zones {
			open, ok := d.NextOpen(now, zone)
			require.True(t, ok)
			require.False(t, open.Before(now))
			require.True(t, d.Open(open, zone), "%s in %s at %s", d, zone, open)
			require.Less(t, open.Sub(now), 16*24*time.Hour)
			require.Equal(t, d.Open(now, zone), open.Equal(now))
		}
	})
}

// FuzzMessageState: a state's name is read as it is written, and nothing else is.
func FuzzMessageState(f *testing.F) {
	for _, name := range []string{"DELIVRD", "delivrd", " DELIVRD", "ACCEPTD", "UNKNOWN", "", "9", "SKIPPED\x00"} {
		f.Add(name, uint8(len(name)))
	}
	f.Fuzz(func(t *testing.T, name string, code uint8) {
		state, err := account.ParseMessageState(name)
		if err == nil {
			require.Equal(t, name, state.String())
		} else {
			require.ErrorAs(t, err, new(account.Rule))
		}
		any := account.MessageState(code)
		back, err := account.ParseMessageState(any.String())
		require.NoError(t, err, "whatever the code, its name is a state's")
		require.Equal(t, any.IsKnown(), back == any)
	})
}

// FuzzHookSecret: a text that is taken for a secret has a key of its bounds, and no form of
// it, nor of a refusal, shows it.
func FuzzHookSecret(f *testing.F) {
	for _, text := range []string{
		"", "whsec_", "whsec_" + strings.Repeat("QUJD", 8), "whsec_" + strings.Repeat("QUJD", 22), "whsec_" + strings.Repeat("QUJD\n", 8),
		"WHSEC_" + strings.Repeat("QUJD", 8), "whsec_" + strings.Repeat("QUJD", 10) + "QUJE=", "whsec_" + strings.Repeat("-_", 20),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := account.ParseHookSecret(text, time.Time{})
		if err != nil {
			require.ErrorIs(t, err, account.ErrHookSecret)
			require.Zero(t, s)
			return
		}
		key, err := s.Key()
		require.NoError(t, err)
		require.True(t, len(key) >= 24 && len(key) <= 64)
		require.Equal(t, text, s.Reveal())
		encoded, err := json.Marshal(s)
		require.NoError(t, err)
		for _, shown := range []string{fmt.Sprintf("%v %+v %#v %s %q %x", s, s, s, s, s, s), string(encoded)} {
			require.NotContains(t, shown, text[len(account.HookSecretPrefix):])
		}
	})
}

// FuzzID: an id that is read is written so that it is read again, also in JSON.
func FuzzID(f *testing.F) {
	for _, text := range []string{"", "0192a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "0192A1B2-C3D4-7E5F-8A9B-0C1D2E3F4A5B", "{0192a1b2c3d47e5f8a9b0c1d2e3f4a5b}", "00000000-0000-0000-0000-000000000000"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := account.ParseID(text)
		if err != nil {
			require.Zero(t, id)
			return
		}
		again, err := account.ParseID(id.String())
		require.NoError(t, err)
		require.Equal(t, id, again)
		var decoded account.ID
		encoded, err := json.Marshal(id)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(encoded, &decoded))
		require.Equal(t, id, decoded)
	})
}
