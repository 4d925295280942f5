package clientaccount_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// What a sign-in costs with a password that was right lately.
func BenchmarkSignInRecognised(b *testing.B) {
	svc := clientaccount.New(memstore.New(), nil)
	_, err := svc.Create(b.Context(), client("acme", rest))
	require.NoError(b, err)
	try := clientaccount.Attempt{Channel: account.ChannelREST, Login: "acme", Password: password, From: "192.0.2.1"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := svc.Authenticate(b.Context(), try); err != nil {
			b.Fatal(err)
		}
	}
}
