package clientaccount_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// reporting is a store that says of itself what a test lets it say.
type reporting struct {
	*memstore.Store
	report store.Report
}

func (r reporting) Check(context.Context) store.Report { return r.report }

// mute is a store that cannot say how it finds itself, and answers with an error.
type mute struct {
	store.Store
	err error
}

func (m mute) Account(ctx context.Context, id account.ID) (account.Account, error) {
	if m.err != nil {
		return account.Account{}, m.err
	}
	return m.Store.Account(ctx, id)
}

func TestCheckFindsNothingWhereAllIsWell(t *testing.T) {
	svc := clientaccount.New(memstore.New(), nil)
	assert.Nil(t, svc.Check(t.Context()))
	require.NoError(t, svc.Check(t.Context()).Err())
	assert.Nil(t, clientaccount.New(mute{Store: memstore.New()}, nil).Check(t.Context()), "a store that cannot be checked")
}

func TestCheckEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, st := range []store.Store{memstore.New(), mute{Store: memstore.New()}} {
		problems := clientaccount.New(st, nil).Check(ctx)
		assert.True(t, problems.Has("store.unreachable"), problems)
	}
}

func TestCheckTellsNoSecretOfTheStore(t *testing.T) {
	broken := errors.New("failed to connect to postgres://app:hunter2@db.internal/clients")
	problems := clientaccount.New(mute{memstore.New(), broken}, nil).Check(t.Context())
	assert.True(t, problems.Has("store.unreachable"))
	assert.NotContains(t, problems.Error(), "hunter2")
	assert.NotContains(t, problems.Error(), "db.internal")
}

func TestCheckSaysHowFarTheClocksAreApart(t *testing.T) {
	now := accounttest.Now()
	check := func(stored time.Time) store.Problems {
		st := reporting{memstore.New(), store.Report{Clock: stored}}
		return clientaccount.New(st, &clientaccount.Options{Clock: func() time.Time { return now }}).Check(t.Context())
	}
	for _, sane := range []time.Duration{0, 5 * time.Second, -5 * time.Second, time.Millisecond} {
		assert.Nil(t, check(now.Add(sane)), sane)
	}
	assert.Nil(t, check(time.Time{}), "a store without a clock")
	ahead, behind := check(now.Add(time.Minute)), check(now.Add(-time.Minute))
	for _, found := range []store.Problems{ahead, behind, check(now.Add(5*time.Second + 1))} {
		assert.True(t, found.Has("clock.off"))
		require.Error(t, found.Err())
	}
	assert.Contains(t, ahead.Error(), "1m0s ahead of")
	assert.Contains(t, behind.Error(), "1m0s behind")
}

func TestCheckFindsEverythingAtOnceAndTellsWarningsApart(t *testing.T) {
	now := accounttest.Now()
	st := reporting{memstore.New(), store.Report{Clock: now.Add(time.Hour), Problems: store.Problems{
		{Code: "migrations.unknown", Text: "Newer.", Warning: true}, {Code: "store.standby", Text: "A standby."},
	}}}
	problems := clientaccount.New(st, &clientaccount.Options{Clock: func() time.Time { return now }}).Check(t.Context())
	var codes []string
	for _, p := range problems {
		codes = append(codes, p.Code)
	}
	assert.Equal(t, []string{"migrations.unknown", "store.standby", "clock.off"}, codes)
	err := problems.Err()
	assert.NotContains(t, err.Error(), "migrations.unknown")
	assert.Contains(t, err.Error(), "store.standby: A standby.; clock.off: ")
	require.NoError(t, problems[:1].Err(), "a warning is no error")
	body, err := json.Marshal(problems[:2])
	require.NoError(t, err)
	assert.JSONEq(t, `[{"code":"migrations.unknown","message":"Newer.","warning":true},{"code":"store.standby","message":"A standby."}]`, string(body))
}
