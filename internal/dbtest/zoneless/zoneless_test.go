// Package zoneless tests the library on a machine without a table of time zones, as a
// bare container is. Nothing here imports time/tzdata.
package zoneless

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/internal/dbtest/need"
	"github.com/clientaccount/clientaccount/internal/ledger"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/memstore"
)

// hidden says that this process is the one in which the tables are hidden.
const hidden = "CLIENTACCOUNT_TEST_ZONES_HIDDEN"

// tables are the directories in which Go looks for zones, see time/zoneinfo_unix.go.
var tables = []string{"/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ", "/etc/zoneinfo"}

// TestOnAMachineWithoutTimeZones runs the tests below in a process that has its own view
// of the file system, in which the tables are covered.
func TestOnAMachineWithoutTimeZones(t *testing.T) {
	if os.Getenv(hidden) != "" {
		hideTables(t)
		for name, test := range map[string]func(*testing.T){
			"Check says so": checkSaysSo, "nothing is sent": nothingIsSent, "no shared money is spent": noSharedMoney,
			"pages say so": pagesSaySo, "such a client is not made": notMade,
		} {
			t.Run(name, test)
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), hidden+"=1", "GOROOT=/nowhere", "ZONEINFO=")
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if len(out) == 0 && err != nil {
		need.Missingf(t, "no file system of its own for a process: %v", err)
	}
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), "--- PASS: "+t.Name()+"/nothing_is_sent", "it has run")
}

// hideTables covers each with an empty directory, for this process alone.
func hideTables(t *testing.T) {
	t.Helper()
	runtime.LockOSThread()
	for _, dir := range tables {
		if _, err := os.Stat(dir); err == nil {
			require.NoError(t, syscall.Mount("none", dir, "tmpfs", 0, ""))
		}
	}
	_, err := time.LoadLocation("Europe/Kyiv")
	require.Error(t, err, "there is a table left")
}

// client is stored by a process that knew its zone.
func client(t *testing.T, zone string, change func(*account.Account)) (*clientaccount.Service, account.Account) {
	t.Helper()
	st := memstore.New()
	parent, a := accounttest.Valid("parent"), accounttest.Valid("acme")
	for _, b := range []*account.Account{&parent, &a} {
		b.Status, b.Sending.API, b.Routing.DynamicSender = account.StatusActive, true, true
		b.Core.TimeZone = "UTC"
	}
	a.Core.TimeZone = zone
	if change != nil {
		a.Parent = parent.ID
		change(&a)
	}
	require.NoError(t, st.Update(t.Context(), func(ctx context.Context, tx store.Tx) error {
		for _, b := range []account.Account{parent, a} {
			if err := tx.PutAccount(ctx, b, 0); err != nil {
				return err
			}
			terms := ledger.TermsOf(b, account.EffectiveSettings(b, nil), account.Optional[decimal.Decimal]{})
			if err := tx.Post(ctx, store.Posting{Balance: ledger.Opened(b.ID, terms, accounttest.Now())}); err != nil {
				return err
			}
		}
		return nil
	}))
	return clientaccount.New(st, &clientaccount.Options{Clock: accounttest.Now}), a
}

func checkSaysSo(t *testing.T) {
	problems := clientaccount.New(memstore.New(), nil).Check(t.Context())
	assert.True(t, problems.Has("zones.missing"))
	require.Error(t, problems.Err())
	assert.Contains(t, problems.Error(), "time/tzdata")
	assert.Contains(t, problems.Error(), "Europe/Kyiv")
	assert.NotContains(t, problems.Error(), "UTC")
}

func nothingIsSent(t *testing.T) {
	message := account.Request{
		Channel: account.ChannelAPI, Sender: "ACME", Destination: "380501112233", Parts: 1, Price: account.Some(decimal.Zero),
	}
	for zone, want := range map[string]account.Verdict{"UTC": account.VerdictAccept, "Europe/Kyiv": account.VerdictRefuse} {
		svc, a := client(t, zone, nil)
		d, err := svc.Decide(t.Context(), a.ID, message)
		require.NoError(t, err)
		assert.Equal(t, want, d.Verdict, "%s: %v", zone, d.Findings)
		assert.Equal(t, zone != "UTC", d.Has("time.zone_unknown"))
		admitted, err := svc.Admit(t.Context(), a.ID, message, clientaccount.MessageHold{Reference: "m1"})
		require.NoError(t, err)
		assert.Equal(t, want, admitted.Verdict)
	}
}

func noSharedMoney(t *testing.T) {
	for zone, want := range map[string]error{"UTC": account.ErrExhausted, "Europe/Kyiv": account.ErrZone} {
		svc, a := client(t, zone, func(a *account.Account) {
			a.Credit.Shared, a.Credit.Cap = true, account.Some(decimal.NewFromInt(10))
		})
		_, err := svc.Charge(t.Context(), clientaccount.Charge{Account: a.ID, Amount: decimal.NewFromInt(1), Reference: "m1"})
		require.ErrorIs(t, err, want, zone)
		many := svc.ChargeMany(t.Context(), []clientaccount.Charge{{Account: a.ID, Amount: decimal.NewFromInt(1), Reference: "m2"}})
		require.ErrorIs(t, many[0].Err, want, zone)
		_, err = svc.Hold(t.Context(), clientaccount.Hold{Account: a.ID, Amount: decimal.NewFromInt(1), Reference: "m3"})
		require.ErrorIs(t, err, want, zone)
	}
}

func pagesSaySo(t *testing.T) {
	svc, a := client(t, "Europe/Kyiv", nil)
	admin, err := adminhttp.New(svc, adminhttp.Config{
		Actor: func(*http.Request) (account.Actor, error) { return account.Actor{ID: "u1", Name: "Olena"}, nil },
		Policy: func(*http.Request, account.Actor) (adminhttp.Policy, error) {
			return adminhttp.FullAccess(), nil
		},
	})
	require.NoError(t, err)
	for _, page := range []string{"/edit", "/money", "/history"} {
		w := httptest.NewRecorder()
		admin.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/clients/"+a.ID.String()+page, nil))
		assert.Equal(t, http.StatusOK, w.Code, page)
		assert.NotContains(t, w.Body.String(), "Sending is open", page)
		if page == "/edit" {
			assert.Contains(t, w.Body.String(), "the time zone Europe/Kyiv is not known on this server")
		}
	}
}

func notMade(t *testing.T) {
	svc := clientaccount.New(memstore.New(), nil)
	change := account.Change{}.Set("login", "acme").Set("contact.company", "Acme").Set("time_zone", "Europe/Kyiv").
		Set("password", "seven-Herons-at-dusk").Set("password_retype", "seven-Herons-at-dusk")
	_, err := svc.Create(t.Context(), clientaccount.Edit{Actor: account.Actor{ID: "u1"}, Reason: "New", Apply: change.Apply})
	faults, broken := account.AsFaults(err)
	require.True(t, broken, err)
	assert.True(t, faults.Has("time_zone.unknown"))
}
