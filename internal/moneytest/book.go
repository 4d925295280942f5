package moneytest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	messages "github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/account/message/messagetest"
	"github.com/clientaccount/clientaccount/store"
)

// book is what there is to know of the messages of a few accounts, written slowly and plainly:
// each message is its twin, and money is what they come to. Orders of calls are tried on
// copies of it.
type book struct {
	now     time.Time
	clients []client
	letters []letter // in the order of their admission
	owners  map[store.NetworkKey]int
	early   []messages.Early // in the order in which they came
}

// client is an account that sends.
type client struct {
	account.Account
	payer   int             // whose money it is, maybe its own
	money   decimal.Decimal // that it was given
	pricing account.Pricing // its product's
	refunds account.RefundPolicy
	wait    time.Duration
	told    bool // has a URL
	closed  bool
}

// letter is a message, and what its twin does not say.
type letter struct {
	messages.Envelope
	messages.Terms
	client         int
	twin           messagetest.Twin
	at, sent, over time.Time
	ids            []store.NetworkKey
	released       bool                 // by an entry, before its hold ended by itself
	byHand         account.MovementKind // what the host did with its money
	gone           bool                 // was removed
}

// reply is what the caller of a message is told. Early and told are not compared of calls that
// were made at once.
type reply struct {
	Answer string // a contradiction, a refusal, a verdict; empty: it went well
	Told   []account.StateUpdate
	Early  bool
}

func (b *book) clone() *book {
	c := *b
	c.clients, c.letters, c.early = slices.Clone(b.clients), slices.Clone(b.letters), slices.Clone(b.early)
	c.owners = maps.Clone(b.owners)
	return &c
}

// find returns the letter of an id, -1 for none.
func (b *book) find(client int, id string) int {
	return slices.IndexFunc(b.letters, func(l letter) bool { return l.client == client && l.ID == id })
}

// kept is find of what was not removed.
func (b *book) kept(client int, id string) int {
	i := b.find(client, id)
	if i >= 0 && b.letters[i].gone {
		return -1
	}
	return i
}

// holdUntil is when a letter's hold ends by itself.
func (l *letter) holdUntil() time.Time {
	until := l.at.Add(cmp.Or(l.SendWithin, account.DefaultHoldTimeout) + time.Minute)
	if l.Pricing == messages.PricingDelivered {
		until = until.Add(l.Wait)
	}
	return until
}

// stands reports whether a letter's money is held.
func (b *book) stands(l *letter) bool {
	return l.twin.Money() == messages.MoneyHeld && l.byHand == "" && b.now.Before(l.holdUntil())
}

// sums are what is on an account and what is held of it.
func (b *book) sums(payer int) (balance, held decimal.Decimal) {
	balance = b.clients[payer].money
	for i := range b.letters {
		l := &b.letters[i]
		switch {
		case b.clients[l.client].payer != payer:
		case l.twin.Money() == messages.MoneyTaken && l.byHand == "":
			balance = balance.Sub(l.Cost())
		case b.stands(l):
			held = held.Add(l.Cost())
		}
	}
	return balance, held
}

// take makes a call of a letter's twin, unless it is refused for a reason besides.
func (b *book) take(i int, refused string, call func(*messagetest.Twin) messagetest.Answer) reply {
	l := b.letters[i]
	stood := b.stands(&l)
	answer := call(&l.twin)
	if answer.Move == account.KindRefund && (l.byHand != "" || b.clients[l.client].closed) {
		l = b.letters[i]
		l.twin.GivesNothingBack()
		l.Refunds = account.RefundPolicy{}
		answer = call(&l.twin)
	}
	switch {
	case answer.Code != "":
		return reply{Answer: string(answer.Code)}
	case answer.Err != nil:
		return reply{Answer: "not found"}
	case refused != "":
		return reply{Answer: refused}
	case answer.Move == account.KindCapture && !stood:
		return reply{Answer: "hold"}
	case answer.Move == account.KindRelease && stood:
		l.released = true
	}
	for _, u := range answer.Told {
		switch {
		case !u.Final() || !l.over.IsZero():
		case u.Synthetic:
			l.over = u.DoneAt
		default:
			l.over = b.now
		}
	}
	b.letters[i] = l
	return reply{Told: answer.Told}
}

func (b *book) admit(e messages.Envelope, t messages.Terms, by int) reply {
	i := b.find(by, e.ID)
	payer := b.clients[by].payer
	balance, held := b.sums(payer)
	switch {
	case i >= 0 && b.letters[i].gone:
		return reply{Answer: "reused"}
	case i >= 0:
		r := b.take(i, "", func(w *messagetest.Twin) messagetest.Answer { return w.Admitted(e, t, b.now) })
		switch {
		case r.Answer != "":
			return r
		case !b.letters[i].sent.IsZero():
			return reply{Answer: string(account.VerdictSent)}
		}
		return reply{Answer: string(account.VerdictAccept)}
	case b.clients[by].closed || balance.Sub(held).LessThan(e.Cost()):
		return reply{Answer: "refused"}
	}
	l := letter{Envelope: e, Terms: t, client: by, at: b.now}
	l.twin.Admitted(e, t, b.now)
	b.letters = append(b.letters, l)
	return reply{Answer: string(account.VerdictAccept)}
}

// sent is Sent; deaf, it does not hear at once of what came early, but a moment later.
func (b *book) sent(by int, id string, h messages.Handover, deaf bool) reply {
	i := b.kept(by, id)
	if i < 0 {
		return reply{Answer: "not found"}
	}
	var keys []store.NetworkKey
	for _, n := range h.IDs {
		keys = append(keys, store.NetworkKey{Network: h.Network, ID: n})
	}
	early := b.earlyOf(keys)
	r := b.take(i, b.taken(i, keys), func(w *messagetest.Twin) messagetest.Answer {
		for _, e := range early {
			if !deaf {
				w.Reported(e.NetworkReport, e.At)
			}
		}
		return w.Sent(h, b.now)
	})
	if r.Answer != "" {
		return r
	}
	l := &b.letters[i]
	if l.sent.IsZero() {
		l.sent = b.now
	}
	for _, key := range keys {
		if !slices.Contains(l.ids, key) {
			l.ids, b.owners[key] = append(slices.Clip(l.ids), key), i
		}
	}
	for _, e := range early {
		if deaf {
			r.Told = append(r.Told, b.reported(e.NetworkReport).Told...)
		}
	}
	b.early = slices.DeleteFunc(b.early, func(e messages.Early) bool { return slices.Contains(keys, keyOfEarly(e)) })
	return r
}

// taken says that another message on its way has one of the ids.
func (b *book) taken(i int, keys []store.NetworkKey) string {
	for _, key := range keys {
		owner, owned := b.owners[key]
		if owned && owner != i && b.letters[owner].over.IsZero() && !slices.Contains(b.letters[i].ids, key) {
			return string(messages.CodeSentTaken)
		}
	}
	return ""
}

func keyOfEarly(e messages.Early) store.NetworkKey {
	return store.NetworkKey{Network: e.Network, ID: e.ID}
}

// earlyOf returns the early reports of ids that still count.
func (b *book) earlyOf(keys []store.NetworkKey) (early []messages.Early) {
	for _, e := range b.early {
		if slices.Contains(keys, keyOfEarly(e)) && b.now.Sub(e.At) < messages.EarlyFor {
			early = append(early, e)
		}
	}
	return early
}

func (b *book) unsent(by int, id string, f messages.Failure) reply {
	i := b.kept(by, id)
	if i < 0 {
		return reply{Answer: "not found"}
	}
	return b.take(i, "", func(w *messagetest.Twin) messagetest.Answer { return w.Unsent(f, b.now) })
}

func (b *book) reported(r messages.NetworkReport) reply {
	e := messages.Early{NetworkReport: r, At: b.now}
	key := keyOfEarly(e)
	if i, owned := b.owners[key]; owned {
		return b.take(i, "", func(w *messagetest.Twin) messagetest.Answer { return w.Reported(r, b.now) })
	}
	again := func(before messages.Early) bool { return before.NetworkReport == r }
	if !slices.ContainsFunc(b.earlyOf([]store.NetworkKey{key}), again) {
		b.early = append(b.early, e)
	}
	return reply{Early: true}
}

// tick lets time pass, and removes what ended long ago.
func (b *book) tick(keepFor time.Duration) {
	for i := range b.letters {
		if b.letters[i].over.IsZero() {
			b.take(i, "", func(w *messagetest.Twin) messagetest.Answer { return w.At(b.now) })
		}
		l := &b.letters[i]
		if !l.over.IsZero() && l.over.Before(b.now.Add(-keepFor)) {
			l.gone = true
			maps.DeleteFunc(b.owners, func(_ store.NetworkKey, owner int) bool { return owner == i })
		}
	}
}

// state is what the client of a letter was told last, late reports apart.
func (l *letter) state() (state account.MessageState, code string) {
	state = account.StateScheduled
	for _, u := range l.twin.Told() {
		if !u.Late {
			state, code = u.State, u.Err
		}
	}
	return state, code
}

// figures are what all letters of an account come to, also those that were removed.
func (b *book) figures(by int) map[messages.FiguresKey]messages.Figures {
	sums := map[messages.FiguresKey]messages.Figures{}
	for i := range b.letters {
		l := &b.letters[i]
		if l.client != by {
			continue
		}
		key := messages.FiguresKey{Account: l.Account, Day: l.Day, MCC: l.MCC, MNC: l.MNC, Channel: l.Channel}
		if state, _ := l.state(); !l.over.IsZero() {
			key.State = account.Some(state)
		}
		f := messages.Figures{Messages: 1, Parts: int64(l.Parts)}
		switch l.twin.Money() {
		case messages.MoneyTaken:
			f.Taken = l.Cost()
		case messages.MoneyRefunded:
			f.Taken, f.GivenBack = l.Cost(), l.Cost()
		}
		sums[key] = sums[key].Plus(f)
	}
	return sums
}
