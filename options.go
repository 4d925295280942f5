package clientaccount

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/billing"
)

// Options adjust a Service. The zero value of each field is its default.
type Options struct {
	// Clock is the present instant; default time.Now. Safe for concurrent use.
	Clock func() time.Time
	// Random feeds ids and generated passwords; default crypto/rand. Safe for
	// concurrent use.
	Random io.Reader
	// Logger hears of what goes wrong beside the answers; default nothing. No
	// password, hash or URL is ever logged.
	Logger *slog.Logger
	// Hash is the cost of one password hash; what it leaves out is OWASPHash's.
	Hash HashCost
	// Hashes is how many hashes run at once, each taking Hash.MemoryKiB; default 4.
	Hashes int
	// OverdrawHorizon is how far ahead an overdraw may end; default 90 days.
	OverdrawHorizon time.Duration
	// Balances is how many accounts' balances are cached between movements, and
	// how many accounts' settings between decisions, at some 1 kB and 3 kB each; default
	// 100,000. Nothing goes wrong with less, or more processes.
	Balances int
	// SignIns is how many passwords, of logins that got in last, Authenticate recognises
	// without a hash, at some 500 bytes each; default 10,000, and below 0 none.
	SignIns int
	// SignInsFor is for how long a password is recognised after its hash was computed;
	// default 5 minutes. When the account changes it ends with that: see SettingsFor.
	SignInsFor time.Duration
	// SettingsFor is for how long decisions, and sign-ins without a hash, go by settings as
	// they were seen, where other processes may change them; default 1 second. A host that
	// listens for changes, and calls Forget, may let it be minutes. Balances are cached for
	// a second at most. Money needs no such promise: no charge goes by old terms.
	SettingsFor time.Duration
	// MessagesFor is for how long a message that ended is kept; default message.KeepFor, 30
	// days. Its figures stay. All processes should say the same.
	MessagesFor time.Duration
	// TasksFor is for how long a task, or a batch, that ended is kept; default 90 days.
	TasksFor time.Duration
	// EventsEvery is how often Subscribe looks for events while there are none; default 1
	// second.
	EventsEvery time.Duration
	// CursorKey seals the cursors of lists, so that one process goes on with the pages of
	// another: some 32 random bytes, the same in all, and secret. Without one each Service
	// makes its own, and refuses other cursors as cursor.invalid.
	CursorKey []byte
	// Price answers what one message part costs an account whose product does not say:
	// the reference price by which a notification limit counts messages. It is asked
	// within transactions whenever terms are made, so it must be quick and may not call
	// the Service. Unset, or nil: unknown. Safe for concurrent use.
	Price func(ctx context.Context, a account.Account) (account.Optional[decimal.Decimal], error)
	// Documents say what documents hold beside what the accounts do.
	Documents DocumentOptions
}

const redacted = "[redacted]"

type plainOptions Options

// Format prints the options without the key of cursors, by every verb of fmt.
func (o Options) Format(f fmt.State, verb rune) {
	if o.CursorKey != nil {
		o.CursorKey = []byte(redacted)
	}
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), plainOptions(o))
}

// LogValue says only that they are options: most of them are no values.
func (Options) LogValue() slog.Value { return slog.StringValue("clientaccount.Options") }

func (o *Options) withDefaults() Options {
	var out Options
	if o != nil {
		out = *o
	}
	if out.Clock == nil {
		out.Clock = time.Now
	}
	if out.Random == nil {
		out.Random = rand.Reader
	}
	if out.Logger == nil {
		out.Logger = slog.New(slog.DiscardHandler)
	}
	out.Hash = out.Hash.withDefaults()
	if out.Balances <= 0 {
		out.Balances = 100_000
	}
	if out.SettingsFor <= 0 {
		out.SettingsFor = time.Second
	}
	if out.SignIns == 0 {
		out.SignIns = 10_000
	}
	if out.SignInsFor <= 0 {
		out.SignInsFor = 5 * time.Minute
	}
	if out.MessagesFor <= 0 {
		out.MessagesFor = message.KeepFor
	}
	if out.TasksFor <= 0 {
		out.TasksFor = 90 * 24 * time.Hour
	}
	if out.EventsEvery <= 0 {
		out.EventsEvery = time.Second
	}
	if out.Price == nil {
		out.Price = func(context.Context, account.Account) (none account.Optional[decimal.Decimal], _ error) {
			return none, nil
		}
	}
	if out.Hashes <= 0 {
		out.Hashes = 4
	}
	out.Documents = DocumentOptions(billing.Host(out.Documents).WithDefaults())
	return out
}

// HashCost is the cost of one argon2id hash (RFC 9106).
type HashCost struct {
	MemoryKiB   uint32 `json:"memory_kib"`
	Iterations  uint32 `json:"iterations"`
	Parallelism uint8  `json:"parallelism"`
}

// OWASPHash is the least that the OWASP Password Storage Cheat Sheet asks of
// argon2id: 19 MiB, 2 passes, 1 lane.
var OWASPHash = HashCost{MemoryKiB: 19 * 1024, Iterations: 2, Parallelism: 1}

// withDefaults is the cost with what it leaves out.
func (c HashCost) withDefaults() HashCost {
	return HashCost{
		MemoryKiB:   cmp.Or(c.MemoryKiB, OWASPHash.MemoryKiB),
		Iterations:  cmp.Or(c.Iterations, OWASPHash.Iterations),
		Parallelism: cmp.Or(c.Parallelism, OWASPHash.Parallelism),
	}
}
