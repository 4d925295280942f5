package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/internal/rounds"
)

// On SQLite each step of the naive way waits for the disk, and for every caller before it: so its load
// is smaller, and of fewer callers.
func TestEveryMessageOfALoadAgrees(t *testing.T) {
	file := filepath.Join(t.TempDir(), "gateway.db")
	naively := strconv.Itoa(rounds.Of(t, 200))
	for name, args := range map[string][]string{
		"memory":              {"-load", "2000", "-clients", "60", "-callers", "32"},
		"memory, no socket":   {"-load", "500", "-clients", "60", "-callers", "32", "-socket=false", "-seed", "2"},
		"SQLite, and naively": {"-load", naively, "-clients", "60", "-callers", "8", "-sqlite", file, "-naive", "-rounds", "2"},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			require.NoError(t, run(t.Context(), args, &out, &errs), "%s%s", &out, &errs)
			assert.Contains(t, out.String(), " 0 disagreements in ")
			t.Log(out.String())
		})
	}
}

func TestALoadEndsWhenItIsAskedTo(t *testing.T) {
	ctx, end := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer end()
	var out, errs bytes.Buffer
	require.ErrorIs(t, run(ctx, []string{"-load", "1000000", "-clients", "10"}, &out, &errs), context.DeadlineExceeded)
}

// heard is what a program says, until it has said a text.
type heard struct {
	bytes.Buffer
	text string
	then func()
}

func (h *heard) Write(p []byte) (int, error) {
	n, err := h.Buffer.Write(p)
	if strings.Contains(h.String(), h.text) {
		h.then()
	}
	return n, err
}

func TestItServesUntilItIsAskedToEnd(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	defer end()
	out := heard{text: "curl -u s1-00000:", then: end}
	var errs bytes.Buffer
	require.NoError(t, run(ctx, []string{"-addr", "127.0.0.1:0"}, &out, &errs))
	assert.Contains(t, out.String(), "curl -u s1-00000:")
	assert.Empty(t, errs.String())
}

func TestWhatTheCommandLineCannotMeanIsRefused(t *testing.T) {
	for _, args := range [][]string{
		{"x"},
		{"-sqlite", "a", "-postgres", "b"},
		{"-load", "1", "-naive"},
		{"-load", "-1"},
		{"-load", "1", "-clients", "0"},
		{"-load", "1", "-callers", "0"},
		{"-naive", "-sqlite", "a", "-rounds", "0"},
		{"-postgres", "mysql://root:secret@h/d"},
		{"-x"},
	} {
		var out, errs bytes.Buffer
		err := run(t.Context(), args, &out, &errs)
		require.Error(t, err, args)
		assert.NotContains(t, err.Error(), "secret")
	}
	require.NoError(t, run(t.Context(), []string{"-h"}, &bytes.Buffer{}, &bytes.Buffer{}))
}
