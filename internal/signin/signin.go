// Package signin recognises passwords that were right lately, so that the next sign-in with
// them costs no hash.
package signin

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/cache"
)

// maxDoubts bounds the memory that doubts take: some 100 bytes each.
const maxDoubts = 50_000

// Memory remembers the password of each login that was right last. It keeps a MAC of it,
// under a key that it draws itself and shows to nobody: without the key there is nothing to
// try guesses on. Nothing is written anywhere. Safe for concurrent use.
type Memory struct {
	key     []byte
	keepFor time.Duration
	right   *cache.Cache[holder, remembered]

	mu       sync.Mutex
	doubts   *cache.Cache[Place, struct{}] // where something was tried since a password was right
	checking map[question]chan struct{}    // closed when the check is done
}

// New returns a Memory of so many passwords, each for a time after it was checked; of none
// or less, it recognises nothing.
func New(size int, keepFor time.Duration) *Memory {
	key := make([]byte, sha256.Size)
	_, _ = rand.Read(key) // never fails
	if size <= 0 {
		size, keepFor = 0, 0
	}
	return &Memory{
		key: key, keepFor: keepFor, right: cache.New[holder, remembered](size),
		doubts: cache.New[Place, struct{}](maxDoubts), checking: map[question]chan struct{}{},
	}
}

// Guess is a password that somebody has for a login, without the password.
type Guess struct {
	question
	place Place
}

// Place is a login, tried from somewhere.
type Place [sha256.Size]byte

type question struct {
	holder
	mac [sha256.Size]byte
}

// holder is who has one password: a login, and what the password is for.
type holder struct{ login, kind string }

// Guess returns the guess that a login has a password of a kind, made at a place.
func (m *Memory) Guess(login, kind, plain string, place Place) Guess {
	g := Guess{question: question{holder: holder{login, kind}}, place: place}
	text := make([]byte, 0, 24+len(login)+len(kind)+len(plain))
	for _, part := range []string{login, kind, plain} { // each with its length, so that no two triples are one text
		text = append(binary.LittleEndian.AppendUint64(text, uint64(len(part))), part...)
	}
	mac := hmac.New(sha256.New, m.key)
	_, _ = mac.Write(text)
	mac.Sum(g.mac[:0])
	return g
}

// Right is what a right password proved: that it is the account's at a revision. It stays
// true, since no password is changed without a new revision.
type Right struct {
	Account  account.ID
	Revision int64
}

type remembered struct {
	mac   [sha256.Size]byte
	right Right
	at    time.Time
}

// Ask returns what is remembered of a guess, if it was right lately. If not, and the same
// guess is being checked already, busy is closed when that is done. Else it is the caller's
// to check, and to end with [Memory.Done].
//
// Once a guess is the caller's to check, no other one from its place is recognised until
// one was checked and right. So all that can be tried here in place of a hash is the first
// guess of a place, and it is answered only if it is right.
func (m *Memory) Ask(g Guess, now time.Time) (right Right, known bool, busy <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept, _ := m.right.Get(g.holder)
	same := hmac.Equal(kept.mac[:], g.mac[:])
	age := now.Sub(kept.at)
	if _, doubted := m.doubts.Get(g.place); same && !doubted && age >= 0 && age < m.keepFor {
		return kept.right, true, nil
	}
	if done := m.checking[g.question]; done != nil {
		return Right{}, false, done
	}
	m.checking[g.question] = make(chan struct{})
	m.doubts.Update(g.place, func(*struct{}) {})
	return Right{}, false, nil
}

// Done ends the check that Ask left to the caller, whatever came of it.
func (m *Memory) Done(g Guess) {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.checking[g.question])
	delete(m.checking, g.question)
}

// Remember notes that a guess was right when it was checked, which began at an instant.
func (m *Memory) Remember(g Guess, right Right, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.doubts.Drop(g.place)
	if m.keepFor > 0 {
		m.right.Update(g.holder, func(kept *remembered) { *kept = remembered{g.mac, right, at} })
	}
}

// Forget drops what is remembered of the guess's login.
func (m *Memory) Forget(g Guess) { m.right.Drop(g.holder) }
