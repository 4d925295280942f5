package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program is the example, built once.
var program string

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	dir, err := os.MkdirTemp("", "clientaccount-admin-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "admin")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// process is the example, running.
type process struct {
	*testing.T
	cmd  *exec.Cmd
	base string // URL, up to the port
	out  string // what it printed before it served
	errs *bytes.Buffer
	rest chan struct{} // closed when its output ended
}

// start runs the example and waits until it serves.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{T: t, errs: &bytes.Buffer{}, rest: make(chan struct{})}
	p.cmd = exec.Command(program, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	p.cmd.Dir, p.cmd.Stderr = t.TempDir(), p.errs
	out, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		p.out += lines.Text() + "\n"
		if found := regexp.MustCompile(`(http://[^/]+)/clients`).FindStringSubmatch(lines.Text()); found != nil {
			p.base = found[1]
		}
		if strings.HasPrefix(lines.Text(), "Stop") {
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out); close(p.rest) }()
	require.NotEmpty(t, p.base, "it never served: %s%s", p.out, p.errs)
	return p
}

// end sends a signal and returns the exit status.
func (p *process) end(signal os.Signal) int {
	p.Helper()
	require.NoError(p, p.cmd.Process.Signal(signal))
	<-p.rest
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// get returns a page or a JSON answer.
func (p *process) get(path string) []byte {
	p.Helper()
	answer, err := http.Get(p.base + path)
	require.NoError(p, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(p, err)
	require.Equal(p, http.StatusOK, answer.StatusCode, "%s: %s", path, body)
	return body
}

// clientState is what the test reads of a client.
type clientState struct {
	ID       string `json:"id"`
	Revision int64  `json:"revision"`
	Notes    struct {
		Comments string `json:"comments"`
	} `json:"notes"`
}

func (p *process) client(id string) clientState {
	p.Helper()
	var state clientState
	require.NoError(p, json.Unmarshal(p.get("/api/clients/"+id), &state))
	return state
}

// firstID returns the id of some client.
func (p *process) firstID() string {
	p.Helper()
	found := regexp.MustCompile(`"id":\s*"([0-9a-f-]{36})"`).FindSubmatch(p.get("/api/clients?limit=1"))
	require.NotNil(p, found)
	return string(found[1])
}

// comment edits the comments; acknowledged reports whether the answer came.
func (p *process) comment(id string, revision int64, text string) (acknowledged bool) {
	body := fmt.Sprintf(`{"notes":{"comments":%q}}`, text)
	request, err := http.NewRequest(http.MethodPatch, p.base+"/api/clients/"+id, strings.NewReader(body))
	if !assert.NoError(p, err) {
		return false
	}
	request.Header.Set("Content-Type", "application/merge-patch+json")
	request.Header.Set("If-Match", fmt.Sprintf(`"%d"`, revision))
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false // killed meanwhile
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	assert.Equal(p, http.StatusOK, answer.StatusCode, "%s", said)
	return err == nil && answer.StatusCode == http.StatusOK
}

func TestAdminServesADemoAndKeepsIt(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clients.db")
	began := time.Now()
	p := start(t, "-db", file)
	page := string(p.get("/clients"))
	t.Logf("first page %s after a cold start", time.Since(began).Round(time.Millisecond))
	assert.Contains(t, p.out, "invented clients")
	assert.Contains(t, p.out, file)
	assert.Contains(t, page, "Aldermere Messaging Ltd")
	id := p.firstID()
	require.True(t, p.comment(id, p.client(id).Revision, "kept"))
	assert.Zero(t, p.end(os.Interrupt), "Ctrl-C ends cleanly: %s", p.errs)

	again := start(t, "-db", file)
	assert.NotContains(t, again.out, "invented clients", "what is there stays")
	assert.Equal(t, "kept", again.client(id).Notes.Comments)
	assert.Zero(t, again.end(syscall.SIGTERM), "%s", again.errs)
}

func TestAdminWithoutDemoIsEmpty(t *testing.T) {
	p := start(t, "-db", filepath.Join(t.TempDir(), "my clients?.db"), "-demo=false")
	assert.NotContains(t, string(p.get("/clients")), "Aldermere")
	assert.Zero(t, p.end(syscall.SIGTERM))
}

// A person edits without pause and the process is killed in the middle, again and
// again: nothing that was acknowledged is lost, and nothing is there twice.
func TestAdminKilledLosesNothingAcknowledged(t *testing.T) {
	const rounds = 20
	file := filepath.Join(t.TempDir(), "clients.db")
	first := start(t, "-db", file)
	id := first.firstID()
	last := first.client(id) // what is known to be stored
	first.end(syscall.SIGKILL)
	var sent string
	for round := range rounds {
		p := start(t, "-db", file)
		now := p.client(id)
		inFlight := now.Revision == last.Revision+1 && now.Notes.Comments == sent
		require.True(t, now == last || inFlight, "round %d: acknowledged %+v, there is %+v", round, last, now)
		last = now
		go func(after time.Duration) {
			time.Sleep(after)
			_ = p.cmd.Process.Kill()
		}(time.Duration(rand.IntN(60)) * time.Millisecond)
		for n := 0; ; n++ {
			sent = fmt.Sprintf("round %d, edit %d", round, n)
			if !p.comment(id, last.Revision, sent) {
				break
			}
			last.Revision++
			last.Notes.Comments = sent
		}
		<-p.rest
		_ = p.cmd.Wait()
	}
	p := start(t, "-db", file)
	assert.GreaterOrEqual(t, p.client(id).Revision, last.Revision)
	assert.Zero(t, p.end(syscall.SIGTERM))
	t.Logf("%d edits over %d kills", last.Revision, rounds)
}

func TestAdminThatCannotStartSaysWhy(t *testing.T) {
	busy := start(t, "-db", filepath.Join(t.TempDir(), "busy.db"), "-demo=false")
	address := strings.TrimPrefix(busy.base, "http://")
	unused := filepath.Join(t.TempDir(), "unused.db")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"busy port":          {[]string{"-addr", address, "-db", unused}, "cannot listen on " + address},
		"no such folder":     {[]string{"-addr", "127.0.0.1:0", "-db", "/no/such/folder/x.db"}, "/no/such/folder/x.db"},
		"a folder":           {[]string{"-addr", "127.0.0.1:0", "-db", t.TempDir()}, "cannot use the file"},
		"not a database":     {[]string{"-addr", "127.0.0.1:0", "-db", program}, "cannot use the file"},
		"unknown flag":       {[]string{"-port", "80"}, "-port"},
		"stray argument":     {[]string{"serve"}, `"serve"`},
		"dsn of another":     {[]string{"-addr", "127.0.0.1:0", "-dsn", "mysql://root:secret@h/d"}, "postgres://"},
		"dsn out of reach":   {[]string{"-addr", "127.0.0.1:0", "-dsn", "postgres://u:secret@127.0.0.1:1/d"}, "cannot use PostgreSQL at 127.0.0.1:1/d"},
		"dsn not a url":      {[]string{"-addr", "127.0.0.1:0", "-dsn", "host=h password=secret"}, "-dsn must be a URL"},
		"impossible address": {[]string{"-addr", "nowhere", "-db", unused}, "cannot listen on nowhere"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := exec.CommandContext(t.Context(), program, c.args...).CombinedOutput()
			require.Error(t, err)
			exit, ok := errors.AsType[*exec.ExitError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, 1, exit.ExitCode())
			assert.Contains(t, string(out), c.want)
			assert.NotContains(t, string(out), "secret")
			assert.NotContains(t, string(out), "goroutine")
		})
	}
	assert.NoFileExists(t, unused, "nothing is made before the port is ours")
	assert.Zero(t, busy.end(syscall.SIGTERM))
}
