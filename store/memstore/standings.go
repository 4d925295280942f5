package memstore

import (
	"context"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

var _ store.Standings = (*Store)(nil)

// standing is what was put of an account, and whether that is behind.
type standing struct {
	store.Standing
	marks       int64
	behind      bool
	hookFailing bool
}

func (s *state) markBehind(id account.ID) {
	kept, _ := s.standings.get(id)
	kept.marks++
	kept.behind = true
	s.standings.put(id, kept)
}

// StandingsBehind is [store.Standings]'s. It looks at every account.
func (s *Store) StandingsBehind(ctx context.Context, now time.Time, limit int) ([]store.Behind, error) {
	return read(ctx, s.reader, func(s *state) (behind []store.Behind, _ error) {
		for r := range s.accounts.all() {
			if len(behind) >= limit {
				break
			}
			id := r.account.ID
			if kept, _ := s.standings.get(id); s.isBehind(id, kept, now) {
				behind = append(behind, store.Behind{Account: id, Marks: kept.marks})
			}
		}
		return behind, nil
	})
}

func (s *state) isBehind(id account.ID, kept standing, now time.Time) bool {
	l, ok := s.ledgers.get(id)
	return kept.behind || kept.hookFailing != s.outbox.failing(id) || ok && l.balance.Version != kept.Version ||
		!kept.ChangesAt.IsZero() && !kept.ChangesAt.After(now)
}

// PutStandings is [store.Standings]'s.
func (s *Store) PutStandings(ctx context.Context, ss ...store.Standing) error {
	_, err := act(ctx, s, func(s *state) (none struct{}) {
		put := make(map[account.ID]bool, len(ss))
		for i := range ss {
			put[ss[i].Account] = true
			s.putStanding(ss[i])
		}
		for id := range put {
			for l := range s.ledgers.all() {
				if of := l.balance.Account; l.balance.Terms.Shares == id && !put[of] {
					s.markBehind(of)
				}
			}
		}
		return none
	})
	return err
}

func (s *state) putStanding(put store.Standing) {
	if !s.accounts.has(put.Account) {
		return
	}
	kept, _ := s.standings.get(put.Account)
	for _, t := range []*time.Time{&put.Moved, &put.OverdrawEnds, &put.ChangesAt} {
		*t = instant(*t)
	}
	kept.Standing, kept.behind = put, kept.behind && kept.marks != put.Marks
	kept.hookFailing = s.outbox.failing(put.Account)
	s.standings.put(put.Account, kept)
}

// summaryOf returns the row of an account in the Clients list.
func (s *state) summaryOf(r *row) account.Summary {
	row := s.placed(r)
	kept, _ := s.standings.get(r.account.ID)
	row.Moved, row.Balance, row.Available = kept.Moved, kept.Balance, kept.Available
	return row
}

// placed is a row beneath those of the accounts above.
func (s *state) placed(r *row) account.Summary {
	own := r.account.Summary()
	if above, ok := s.accounts.get(r.account.Parent); ok {
		return own.Under(s.placed(above))
	}
	return own
}

// attends reports whether the reason that is asked for is there.
func (l *listing) attends(r *row) bool {
	if l.q.Attention == "" {
		return true
	}
	id, now := r.account.ID, l.q.Now
	kept, _ := l.state.standings.get(id)
	row := l.state.summaryOf(r)
	if l.q.Attention != account.AttentionUnconfirmed && row.Status.Worse(row.Above) == account.StatusClosed {
		return false
	}
	sends := row.StatusAt(now) == account.StatusActive
	switch l.q.Attention {
	case account.AttentionExhausted:
		return sends && kept.Exhausted
	case account.AttentionNearLimit:
		return sends && kept.NearLimit
	case account.AttentionOverdrawEnding:
		return sends && account.OverdrawEnding(kept.OverdrawEnds, now)
	case account.AttentionExpiring:
		return row.Expiring(now)
	case account.AttentionWebhookFailing:
		return kept.hookFailing
	case account.AttentionMailFailing, account.AttentionUnconfirmed:
		return l.needy[id]
	case account.AttentionSilent:
		return row.Silent(now)
	default:
		return false
	}
}

// failing reports whether one of an account's webhooks fails, or was switched off.
func (o *outbox) failing(id account.ID) bool {
	for _, kind := range account.HookKinds() {
		if l, ok := o.hooks.get(store.Hook{Account: id, Kind: kind}); ok && (l.health.IsOff() || !l.health.FailingSince.IsZero()) {
			return true
		}
	}
	return false
}

// mailsFailing returns the accounts of which the last mail to one of their addresses failed.
func (s *state) mailsFailing() map[account.ID]bool {
	type box struct {
		account account.ID
		address string
	}
	last := map[box]*mail{}
	for m := range s.billing.mails.all() {
		to := box{m.Account, m.To}
		if before, ok := last[to]; m.State != store.MailWaiting && (!ok || before.Last.At.Before(m.Last.At)) {
			last[to] = m
		}
	}
	failing := map[account.ID]bool{}
	for to, m := range last {
		if r, ok := s.accounts.get(to.account); ok && m.State == store.MailFailed && isAddress(r.account.Mail, to.address) {
			failing[to.account] = true
		}
	}
	return failing
}

// isAddress reports whether an address is one of a client's.
func isAddress(of account.Mail, address string) bool {
	return address != "" && (address == of.Email || address == of.PriceUpdate || address == of.Billing)
}

// unconfirmed returns the accounts of which something waits for a second person.
func (s *state) unconfirmed() map[account.ID]bool {
	waiting := map[account.ID]bool{}
	for t := range s.tasks.kept.all() {
		if t.State == store.TaskUnconfirmed {
			waiting[t.Account] = true
		}
	}
	return waiting
}

var _ store.Finder = (*Store)(nil)

// FindEntries is [store.Finder]'s. It goes through all ledgers.
func (r reader) FindEntries(ctx context.Context, q store.KeyQuery) ([]account.Entry, error) {
	return read(ctx, r, func(s *state) (found []account.Entry, _ error) {
		for l := range s.ledgers.all() {
			if !s.asksFor(q, l.balance.Account) {
				continue
			}
			for reference, number := range l.used.pairs() {
				if e, ok := l.entry(number); ok && q.Fits(reference) && len(found) < q.Limit {
					found = append(found, e)
				}
			}
		}
		return found, nil
	})
}

// FindMessages is [store.Finder]'s. It goes through all messages.
func (r reader) FindMessages(ctx context.Context, q store.KeyQuery) ([]store.MessageKey, error) {
	return read(ctx, r, func(s *state) (found []store.MessageKey, _ error) {
		for key := range s.messages.kept.pairs() {
			if q.Fits(key.ID) && s.asksFor(q, key.Account) {
				found = append(found, key)
			}
		}
		for id, key := range s.messages.owners.pairs() {
			if q.Fits(id.ID) && s.asksFor(q, key.Account) {
				found = append(found, key)
			}
		}
		return found[:min(len(found), max(0, q.Limit))], nil
	})
}

// asksFor reports whether an account is among those that a question is about.
func (s *state) asksFor(q store.KeyQuery, id account.ID) bool {
	if q.Key == "" {
		return false
	}
	r, ok := s.accounts.get(id)
	scope, limited := q.Managers.Get()
	return ok && (!limited || !r.account.Core.Manager.IsZero() && slices.Contains(scope, r.account.Core.Manager))
}
