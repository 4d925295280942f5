package dbtest

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/rounds"
)

// The gateway of the examples checks each message of a load by itself; naively it goes through
// transactions of the host's.
func TestEveryMessageOfTheGatewayAgrees(t *testing.T) {
	program := filepath.Join(t.TempDir(), "gateway")
	build := exec.Command("go", "build", "-o", program, "./gateway")
	build.Dir = "../../examples"
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	out, err = exec.CommandContext(t.Context(), program,
		"-load", strconv.Itoa(rounds.Of(t, 500)), "-clients", "100", "-callers", "64", "-naive", "-rounds", "2", "-postgres", storeDSN(t)).CombinedOutput()
	require.NoError(t, err, "%s", out)
	assert.Contains(t, string(out), " 0 disagreements in ")
	t.Logf("%s", out)
}
