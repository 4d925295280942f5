package account_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

// line returns an account and those above it, of the given statuses.
func line(statuses ...account.Status) (account.Account, []account.Account) {
	chain := make([]account.Account, len(statuses))
	for i, s := range statuses {
		chain[i] = account.Account{ID: accounttest.ID(i), Status: s}
	}
	return chain[0], chain[1:]
}

func TestEffectiveStatusIsTheWorst(t *testing.T) {
	const (
		active, pending    = account.StatusActive, account.StatusPending
		suspended, blocked = account.StatusSuspended, account.StatusBlocked
	)
	for name, tt := range map[string]struct {
		chain []account.Status
		want  account.Status
		whose int
	}{
		"alone":                     {[]account.Status{active}, active, 0},
		"all active":                {[]account.Status{active, active, active}, active, 0},
		"a parent's":                {[]account.Status{active, suspended}, suspended, 1},
		"a grandparent's":           {[]account.Status{active, active, blocked}, blocked, 2},
		"its own is worse":          {[]account.Status{blocked, suspended}, blocked, 0},
		"of two equal, the nearest": {[]account.Status{active, pending, pending}, pending, 1},
		"an unknown one stops":      {[]account.Status{active, "mystery", blocked}, "mystery", 1},
	} {
		t.Run(name, func(t *testing.T) {
			a, above := line(tt.chain...)
			got, whose := account.EffectiveStatus(a, above, accounttest.Now())
			assert.Equal(t, tt.want, got)
			assert.Equal(t, accounttest.ID(tt.whose), whose)
		})
	}
}

func TestCausesAreKeptApart(t *testing.T) {
	now := accounttest.Now()
	a, above := line(account.StatusSuspended, account.StatusActive, account.StatusBlocked)
	a.Expires, above[0].Expires = now, now.Add(1)
	assert.Equal(t, []account.Cause{
		{Account: a.ID, Status: account.StatusSuspended},
		{Account: a.ID, Status: account.StatusExpired},
		{Account: above[1].ID, Status: account.StatusBlocked},
	}, account.StatusCauses(a, above, now))

	var lifted []account.Status
	for _, s := range append(account.Statuses(), account.StatusExpired, "") {
		if s.LiftedByPayment() {
			lifted = append(lifted, s)
		}
	}
	assert.Equal(t, []account.Status{account.StatusSuspended}, lifted)

	closed, _ := line(account.StatusClosed)
	closed.Expires = now
	assert.Len(t, account.StatusCauses(closed, nil, now), 1, "closed is the last word")
}

// The effective status is active if and only if there is no cause, and is the worst of
// the causes otherwise.
func TestCausesAreTheEffectiveStatus(t *testing.T) {
	now := accounttest.Now()
	rapid.Check(t, func(t *rapid.T) {
		statuses := append(account.Statuses(), account.StatusActive, account.StatusActive, "mystery")
		a, above := line(rapid.SliceOfN(rapid.SampledFrom(statuses), 1, account.MaxDepth).Draw(t, "chain")...)
		a.Expires = now.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "end")))
		effective, whose := account.EffectiveStatus(a, above, now)
		worst := account.StatusActive
		found := effective == account.StatusActive
		for _, cause := range account.StatusCauses(a, above, now) {
			worst = worst.Worse(cause.Status)
			found = found || cause == account.Cause{Account: whose, Status: effective}
		}
		require.Equal(t, worst, effective)
		require.True(t, found, "%s of %s is among the causes", effective, whose)
	})
}
