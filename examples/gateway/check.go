package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// check compares, message by message, what clients asked for and how they were answered, what
// the network did, what is kept, how money moved, and what clients' URLs were told.
func (l *load) check(ctx context.Context) error {
	c := &checked{load: l, endings: map[ending]tally{}}
	if err := l.accounts.Tick(ctx); err != nil { // figures are counted behind
		return err
	}
	if err := each(ctx, len(l.clients), 4, c.client); err != nil {
		return err
	}
	for f, err := range l.accounts.Verify(ctx, account.ID{}) {
		if err != nil {
			return err
		}
		c.disagree("ledger", "%s", f)
	}
	if forged := l.receiver.forged.Load(); forged > 0 {
		c.disagree("signature", "%d calls of clients' URLs were not signed", forged)
	}
	c.print(l.out)
	if c.disagreements > 0 {
		return fmt.Errorf("%d disagreements", c.disagreements)
	}
	return nil
}

// client checks one client's messages.
func (c *checked) client(ctx context.Context, i int) error {
	who := c.clients[i]
	moved, err := c.movedBy(ctx, who)
	if err != nil {
		return err
	}
	kept := map[string]message.Message{}
	for m, err := range messages(ctx, c.accounts, message.Query{Account: who.id}) {
		if err != nil {
			return err
		}
		kept[m.ID] = m
	}
	told, taken := c.receiver.heard(who.login), 0
	for n := i; n < len(c.replies); n += len(c.clients) {
		if c.replies[n].refused {
			c.add(ending{}, tally{messages: 1})
			continue
		}
		taken++
		id := c.replies[n].id
		m, found := kept[id]
		if !found {
			c.disagree("kept", "message %d, %s, was taken, and is not kept", n, id)
			continue
		}
		c.message(n, m, moved[id], told[id], who)
	}
	if len(kept) != taken || len(told) != taken || len(moved) != taken {
		c.disagree("count", "%s: %d messages were taken, %d are kept, of %d money moved, of %d it was told",
			who.login, taken, len(kept), len(moved), len(told))
	}
	return c.figures(ctx, who, kept)
}

// message checks one message.
func (c *checked) message(n int, m message.Message, moved []account.Entry, heard []told, who client) {
	want := c.outcome(n)
	late, isLate := want.late.Get()
	pays := want.pays(who.product)
	c.add(ending{want, pays}, tally{1, m.Parts, paid(moved)})
	switch {
	case m.State() != want.state, m.Tracking.TimedOut != want.over, isLate && m.Tracking.Late != late:
		c.disagree("state", "%s is %s, and should be %s", m.ID, m.State(), want)
	case m.ClientRef != c.wanted(n).Ref || m.Destination != c.wanted(n).To || m.Parts != c.wanted(n).parts():
		c.disagree("content", "%s is not what was asked for", m.ID)
	case m.IsSent() != want.sent || len(m.NetworkIDs) > 0 != want.sent:
		c.disagree("sent", "%s: was it sent?", m.ID)
	}
	if cost := paid(moved); pays && !cost.Equal(m.Cost()) || !pays && !cost.IsZero() {
		c.disagree("paid", "%s costs %s, ended %s, and %s is paid for it", m.ID, m.Cost(), want, cost)
	}
	if text := entriesDiffer(m, moved); text != "" {
		c.disagree("entries", "%s: %s", m.ID, text)
	}
	if text := toldDiffers(want, heard); text != "" {
		c.disagree("told", "%s: %s", m.ID, text)
	}
}

// toldDiffers says what is wrong with what a client's URL was told of a message.
func toldDiffers(want outcome, heard []told) string {
	var finals, lates []account.MessageState
	for i, t := range heard {
		switch {
		case i > 0 && t.seq <= heard[i-1].seq:
			return fmt.Sprintf("number %d was told twice", t.seq)
		case t.late:
			lates = append(lates, t.state)
		case t.state.Final():
			finals = append(finals, t.state)
		case len(finals) > 0:
			return fmt.Sprintf("%s was told after %s", t.state, finals[0])
		}
	}
	late, isLate := want.late.Get()
	switch {
	case !slices.Equal(finals, []account.MessageState{want.state}):
		return fmt.Sprintf("%v was told, and not %s", finals, want.state)
	case isLate && !slices.Equal(lates, []account.MessageState{late}), !isLate && len(lates) > 0:
		return fmt.Sprintf("%v was told late, and not %v", lates, want.late)
	}
	return ""
}

// figures checks that a client's figures are those of the messages, once they are counted.
func (c *checked) figures(ctx context.Context, who client, kept map[string]message.Message) error {
	var left message.Figures
	for _, m := range kept {
		left = left.Plus(m.FiguresRow().Figures)
	}
	rows, err := c.accounts.Figures(ctx, message.FiguresQuery{Account: who.id})
	for _, row := range rows {
		left = left.Minus(row.Figures)
	}
	if err == nil && !left.IsZero() {
		c.disagree("figures", "%s: %+v is missing", who.login, left)
	}
	return err
}
