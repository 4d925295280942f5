package clientaccount_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

func TestPasswordIsHashedOnceAndKeptAsArgon2id(t *testing.T) {
	b := newBench(t)
	b.store.LoseRaces(3)
	a := b.create("acme")
	assert.Equal(t, 1, b.svc.HashesBegun(), "once, though three races were lost")
	hash, err := b.store.Credential(t.Context(), a.ID, store.WebPassword)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(hash, "$argon2id$v=19$m=64,t=1,p=1$"), "the PHC string of the cost asked for")
}

func TestPasswordDefaultCostIsOWASPs(t *testing.T) {
	assert.Equal(t, clientaccount.HashCost{MemoryKiB: 19456, Iterations: 2, Parallelism: 1}, clientaccount.OWASPHash)
}

func TestPasswordChangeIsRecordedWithoutThePassword(t *testing.T) {
	b := newBench(t)
	a := b.create("acme", rest)
	done, err := b.svc.SetPassword(t.Context(), a.ID, 1, marek, "an-other-Heron-31")
	require.NoError(t, err)
	assert.Equal(t, account.Change{{Path: "password", Secret: true}}, done.Change)
	assert.Equal(t, done.Change, b.history(a.ID)[0].Change)
	assert.Equal(t, int64(2), b.get(a.ID).Revision)
	require.NoError(t, b.signIn("acme", "an-other-Heron-31"))
	require.ErrorIs(t, b.signIn("acme", password), clientaccount.ErrCredentials)
}

func TestPasswordRules(t *testing.T) {
	b := newBench(t)
	a := b.create("acme")
	for name, c := range map[string]struct{ plain, retype, want string }{
		"too short":        {"short1", "short1", "password.length"},
		"too long":         {strings.Repeat("aB3-", 33), strings.Repeat("aB3-", 33), "password.length"},
		"common":           {"qwertyuiop", "qwertyuiop", "password.common"},
		"contains login":   {"my-acme-secret", "my-acme-secret", "password.context"},
		"retype differs":   {"an-other-Heron-31", "an-other-Heron-32", "password.mismatch"},
		"retype forgotten": {"an-other-Heron-31", "", "password.retype_required"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.svc.Update(t.Context(), a.ID, 1, set("password", c.plain, "password_retype", c.retype))
			found, _ := account.AsFaults(err)
			assert.True(t, found.Has(c.want), "%v", faults(err))
			assert.NotContains(t, err.Error(), c.plain)
		})
	}
	_, err := b.svc.SetPassword(t.Context(), a.ID, 1, olena, "")
	assert.Equal(t, []string{"password password.required"}, faults(err))
	assert.Len(t, b.history(a.ID), 1)
}

func TestPasswordIsNowhereInClear(t *testing.T) {
	b := newBench(t)
	b.store.LoseRaces(2) // so that the log has something to say
	made, err := b.svc.Create(t.Context(), client("acme", rest))
	require.NoError(t, err)
	gateway, issued, err := b.svc.NewGatewayPassword(t.Context(), made.Account.ID, 1, olena)
	require.NoError(t, err)
	wrong := b.signIn("acme", "a-Wrong-password-9")
	_, bad := b.svc.Update(t.Context(), made.Account.ID, 2, set("password", "a-Wrong-password-9", "password_retype", "b"))
	for name, shown := range map[string]any{
		"result": made, "gateway result": issued, "account": b.get(made.Account.ID), "history": b.history(made.Account.ID),
		"log": b.log.String(), "errors": []error{wrong, bad}, "attempt to print an edit's password": account.SetPassword(password, password),
	} {
		printed := fmt.Sprintf("%v %+v %#v", shown, shown, shown)
		for _, secret := range []string{password, gateway, "a-Wrong-password-9", "argon2id$"} {
			assert.NotContains(t, printed, secret, name)
		}
	}
	assert.NotEmpty(t, b.log.String())
}

func TestGatewayPasswordIsEightOctetsShownOnce(t *testing.T) {
	b := newBench(t)
	a := b.create("acme", func(a *account.Account) { a.Sending.SMPP, a.Status = true, account.StatusActive })
	seen := map[string]bool{}
	for revision := int64(1); revision <= 20; revision++ {
		plain, result, err := b.svc.NewGatewayPassword(t.Context(), a.ID, revision, marek)
		require.NoError(t, err)
		assert.Regexp(t, `^[abcdefghjkmnpqrstuvwxyz23456789A]{8}$`, plain)
		assert.False(t, seen[plain], "never the same again")
		seen[plain] = true
		assert.Equal(t, account.Change{{Path: account.PathGatewayPassword, Secret: true}}, result.Change)
		assert.Equal(t, revision+1, result.Account.Revision)
		assert.Equal(t, marek, b.history(a.ID)[0].Actor)
		_, err = b.svc.Authenticate(t.Context(), clientaccount.Attempt{Channel: account.ChannelSMPP, Login: "acme", Password: plain})
		require.NoError(t, err)
	}
	_, _, err := b.svc.NewGatewayPassword(t.Context(), a.ID, 3, marek)
	require.ErrorIs(t, err, account.ErrStale)
	_, _, err = b.svc.NewGatewayPassword(t.Context(), account.ID{4}, 1, marek)
	require.ErrorIs(t, err, account.ErrNotFound)
}
