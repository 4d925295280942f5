package billing

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// endingFor is how long before its end a client is told that an overdraw ends.
const endingFor = 24 * time.Hour

// ofEvents are the notices of events.
var ofEvents = map[account.EventKind]document.NoticeEvent{
	account.EventLimitReached:  document.NoticeLimitReached,
	account.EventLimitCleared:  document.NoticeLimitCleared,
	account.EventExhausted:     document.NoticeCreditExhausted,
	account.EventOverdrawEnded: document.NoticeOverdrawEnded,
	account.EventHookOff:       document.NoticeHookOff,
	account.EventHookOn:        document.NoticeHookOn,
}

// tellEvents makes the notices of events of one account.
func (e *Engine) tellEvents(ctx context.Context, events []account.Event) error {
	return e.update(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.Account(ctx, events[0].Account)
		if err != nil {
			return err
		}
		zone, err := a.Location()
		if err != nil {
			return err
		}
		b, _, err := e.Stand(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		for _, event := range events {
			n, err := noticeOf(event, a, b)
			if err != nil {
				return err
			}
			if n.Head, err = e.head(ctx, tx, a, zone); err != nil {
				return err
			}
			n.At, n.Issued = event.At, account.DateOf(event.At, zone)
			whom := e.timely(event.At, toRole(a, store.MailMain))
			if _, err := e.keep(ctx, tx, n, "event:"+strconv.FormatInt(event.Number, 10), whom); err != nil {
				return err
			}
		}
		return nil
	})
}

// noticeOf returns the notice of an event, without a head. Of money it tells what there was then.
func noticeOf(event account.Event, a account.Account, b account.Balance) (document.Notice, error) {
	kind, ok := ofEvents[event.Kind]
	if !ok {
		return document.Notice{}, fmt.Errorf("billing: there is no notice of the event %q", event.Kind)
	}
	n := document.Notice{Event: kind, Hook: event.Hook, Code: event.Code}
	if event.Kind.IsOfHook() {
		return n, nil
	}
	b.Amount, b.Held, b.Terms.Limit = event.Balance, event.Held, event.Limit
	n.Funds = document.NewFunds(b, event.Available)
	if o := a.Credit.Overdraw; event.Kind == account.EventOverdrawEnded && !o.ExpiresAt.After(event.At) { // not the next one
		n.Overdraw, n.Ends = o.Limit, o.ExpiresAt
	}
	return n, nil
}

// hasOverdraw reports whether the account has an overdraw of its own money.
func (v *visit) hasOverdraw() bool {
	return v.a.Credit.Overdraw.Limit.IsPositive() && !v.a.SharesMoney() && v.a.Status != account.StatusClosed
}

// overdraw tells that an overdraw is about to end.
func (v *visit) overdraw(ctx context.Context, tx Tx) error {
	o := v.a.Credit.Overdraw
	if !v.hasOverdraw() || !v.now.Before(o.ExpiresAt) || v.now.Before(o.ExpiresAt.Add(-endingFor)) {
		return nil
	}
	origin := "overdraw:" + o.ExpiresAt.UTC().Format(time.RFC3339Nano)
	if _, made, err := found(tx.DocumentOf(ctx, v.id, origin)); made || err != nil {
		return err
	}
	head, err := v.head(ctx, tx, v.a, v.zone)
	if err != nil {
		return err
	}
	b, available, err := v.Stand(ctx, tx, v.id)
	if err != nil {
		return err
	}
	_, err = v.keep(ctx, tx, document.Notice{
		Head: head, Event: document.NoticeOverdrawEnding, Funds: document.NewFunds(b, available), Overdraw: o.Limit, Ends: o.ExpiresAt,
	}, origin, toRole(v.a, store.MailMain))
	return err
}

// ofChanges are the notices of fields that were changed.
var ofChanges = map[string]document.NoticeEvent{
	"status":                    document.NoticeStatusChanged,
	"mail.email":                document.NoticeEmailChanged,
	"mail.price_update":         document.NoticeEmailChanged,
	"mail.billing":              document.NoticeEmailChanged,
	"password":                  document.NoticePasswordChanged,
	account.PathGatewayPassword: document.NoticePasswordChanged,
}

// Edited has an account looked at, and its client told what was changed, in the transaction that
// changes it. Before is the zero Account where it was created. A store that keeps no documents has
// none. What the host fails to answer is left out, and so is a notice of what cannot be shown: neither
// keeps anybody from being blocked, or the account from being put right.
func (e *Engine) Edited(ctx context.Context, tx store.Tx, before, after account.Account, change account.Change) error {
	billed, ok := tx.(Tx)
	if !ok {
		return nil
	}
	if err := billed.MakeDue(ctx, after.ID, after.UpdatedAt); err != nil || before.Revision == 0 {
		return err
	}
	for _, fc := range change {
		event, told := ofChanges[fc.Path]
		if !told {
			continue
		}
		n := document.Notice{Event: event, Field: fc.Path, Old: fc.Old, New: fc.New}
		origin := fmt.Sprintf("change:%d:%s", after.Revision, fc.Path)
		if err := e.tellChange(ctx, billed, n, origin, after); err != nil {
			return err
		}
	}
	return nil
}

// tellChange makes the notice of a field that was changed. A changed address is told to the old
// one, too.
func (e *Engine) tellChange(ctx context.Context, tx Tx, n document.Notice, origin string, a account.Account) error {
	zone, err := a.Location()
	if err != nil {
		zone = time.UTC
	}
	if n.Head, err = e.head(ctx, tx, a, zone); err != nil || n.Check() != nil {
		e.Logger.WarnContext(ctx, "a notice is made without what the host says", slog.String("account", a.ID.String()), slog.Any("error", err))
		if n.Head, err = e.plainHead(ctx, tx, a, zone); err != nil {
			return err
		}
		if err := n.Check(); err != nil {
			e.Logger.WarnContext(ctx, "a notice could not be made", slog.String("account", a.ID.String()), slog.Any("error", err))
			return nil
		}
	}
	tos := []to{toRole(a, store.MailMain)}
	if n.Event == document.NoticeEmailChanged && n.Old != tos[0].address {
		tos = append(tos, to{store.MailFixed, n.Old})
	}
	_, err = e.keep(ctx, tx, n, origin, tos...)
	return err
}
