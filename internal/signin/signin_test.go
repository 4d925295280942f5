package signin_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/signin"
)

var (
	now   = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	acme  = signin.Right{Account: account.ID{15: 1}, Revision: 7}
	here  = signin.Place{1}
	there = signin.Place{2}
)

// learn has a guess checked, and found right.
func learn(m *signin.Memory, g signin.Guess, right signin.Right) {
	ask(m, g, now)
	m.Remember(g, right, now)
}

// ask is an attempt that is wrong if it is not known.
func ask(m *signin.Memory, g signin.Guess, at time.Time) (signin.Right, bool) {
	right, known, busy := m.Ask(g, at)
	if !known && busy == nil {
		m.Done(g)
	}
	return right, known
}

func TestMemoryKnowsWhatWasRight(t *testing.T) {
	m := signin.New(10, time.Minute)
	learn(m, m.Guess("acme", "web", "heron", here), acme)
	right, known := ask(m, m.Guess("acme", "web", "heron", there), now)
	assert.True(t, known)
	assert.Equal(t, acme, right)
	for n, other := range [][3]string{
		{"acme", "web", "Heron"},
		{"acme", "web", ""},
		{"acme", "gateway", "heron"},
		{"acm", "web", "heron"},
		{"acmew", "eb", "heron"},
		{"acme", "webh", "eron"},
		{"", "acmeweb", "heron"},
	} {
		_, known := ask(m, m.Guess(other[0], other[1], other[2], signin.Place{9, byte(n)}), now)
		assert.False(t, known, other)
	}
	m.Forget(m.Guess("acme", "web", "anything", here))
	_, known = ask(m, m.Guess("acme", "web", "heron", there), now)
	assert.False(t, known)
}

func TestMemoryKnowsForATime(t *testing.T) {
	m := signin.New(10, time.Minute)
	g := m.Guess("acme", "web", "heron", here)
	for at, want := range map[time.Duration]bool{
		0: true, time.Minute - 1: true, time.Minute: false, time.Hour: false, -1: false, // set back, a clock says nothing
	} {
		learn(m, g, acme)
		_, known := ask(m, g, now.Add(at))
		assert.Equal(t, want, known, at)
	}
}

// A password that is right takes the place of the one before.
func TestMemoryKnowsOnePasswordOfALogin(t *testing.T) {
	m := signin.New(10, time.Minute)
	learn(m, m.Guess("acme", "web", "heron", here), acme)
	learn(m, m.Guess("acme", "web", "egret", here), signin.Right{Account: acme.Account, Revision: 8})
	_, known := ask(m, m.Guess("acme", "web", "heron", there), now)
	assert.False(t, known)
}

// One Memory's guesses mean nothing to another.
func TestMemoriesHaveKeysOfTheirOwn(t *testing.T) {
	one, two := signin.New(10, time.Minute), signin.New(10, time.Minute)
	assert.NotEqual(t, one.Guess("acme", "web", "heron", here), two.Guess("acme", "web", "heron", here))
	assert.Equal(t, one.Guess("acme", "web", "heron", here), one.Guess("acme", "web", "heron", here))
}

func TestMemoryIsBound(t *testing.T) {
	for _, size := range []int{-1, 0, 4, 100} {
		m := signin.New(size, time.Minute)
		known := 0
		for n := range 1000 {
			learn(m, m.Guess(fmt.Sprint(n), "web", "heron", here), acme)
		}
		for n := range 1000 {
			if _, ok := ask(m, m.Guess(fmt.Sprint(n), "web", "heron", signin.Place{byte(n), byte(n >> 8), 1}), now); ok {
				known++
			}
		}
		assert.LessOrEqual(t, known, max(size, 0))
		assert.GreaterOrEqual(t, known, size/2)
	}
}

// Of guesses made at once from one place, the first alone is compared with what was right.
func TestMemoryAnswersOneGuessOfAPlace(t *testing.T) {
	m := signin.New(10, time.Minute)
	right := m.Guess("acme", "web", "heron", here)
	learn(m, right, acme)
	wrong := m.Guess("acme", "web", "egret", here)
	_, known, busy := m.Ask(wrong, now)
	require.False(t, known)
	require.Nil(t, busy)
	_, known, busy = m.Ask(right, now)
	assert.False(t, known, "while it is checked")
	assert.Nil(t, busy)
	m.Done(right) // left, as by somebody who does not wait
	m.Done(wrong)
	_, known = ask(m, right, now)
	assert.False(t, known, "after it was wrong")
	_, known = ask(m, m.Guess("acme", "web", "heron", there), now)
	assert.True(t, known, "elsewhere nobody guessed")
	learn(m, right, acme)
	_, known = ask(m, right, now)
	assert.True(t, known, "after one was right")
}

// The same guess is checked by one at a time, wherever it is from.
func TestMemoryHasOneCheckOfAGuess(t *testing.T) {
	m := signin.New(10, time.Minute)
	first, second := m.Guess("acme", "web", "heron", here), m.Guess("acme", "web", "heron", there)
	_, _, busy := m.Ask(first, now)
	require.Nil(t, busy)
	_, known, busy := m.Ask(second, now)
	require.False(t, known)
	require.NotNil(t, busy)
	m.Remember(first, acme, now)
	m.Done(first)
	<-busy
	_, known, _ = m.Ask(second, now)
	assert.True(t, known, "and who waited has not guessed")
}
