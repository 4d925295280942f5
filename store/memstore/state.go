package memstore

import (
	"slices"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// state is everything stored. Its values, ledgers excepted, are never changed in
// place: what is replaced gets a new value, so that a table on top and its base may
// share them.
type state struct {
	accounts    rows[account.ID, *row]
	logins      rows[string, account.ID]
	contracts   rows[string, account.ID]
	histories   rows[account.ID, []account.Record] // by revision, ascending
	credentials rows[credentialKey, string]
	items       rows[itemKey, store.Item]
	itemChanges rows[itemKey, []account.Record] // likewise
	ledgers     rows[account.ID, *ledger]
	standings   rows[account.ID, standing]
	feed        feed // of the committed state alone
	outbox      outbox
	messages    messages
	prices      prices
	billing     billing
	tasks       tasks
}

type credentialKey struct {
	account account.ID
	kind    store.CredentialKind
}

// over is a state that reads through to s and keeps what is written to itself.
func (s *state) over() *state {
	return &state{
		accounts: over(&s.accounts), logins: over(&s.logins), contracts: over(&s.contracts),
		histories: over(&s.histories), credentials: over(&s.credentials),
		items: over(&s.items), itemChanges: over(&s.itemChanges), ledgers: over(&s.ledgers), standings: over(&s.standings), outbox: s.outbox.over(), messages: s.messages.over(),
		prices: s.prices.over(), billing: s.billing.over(), tasks: s.tasks.over(),
	}
}

func (s *state) mergeInto(base *state) {
	s.accounts.mergeInto(&base.accounts)
	s.logins.mergeInto(&base.logins)
	s.contracts.mergeInto(&base.contracts)
	s.histories.mergeInto(&base.histories)
	s.credentials.mergeInto(&base.credentials)
	s.items.mergeInto(&base.items)
	s.itemChanges.mergeInto(&base.itemChanges)
	mergeLedgers(&s.ledgers, &base.ledgers)
	s.standings.mergeInto(&base.standings)
	for id := range s.ledgers.own {
		base.hasNews(id)
	}
	s.outbox.mergeInto(&base.outbox)
	s.messages.mergeInto(&base.messages)
	s.prices.mergeInto(&base.prices)
	s.billing.mergeInto(&base.billing)
	s.tasks.mergeInto(&base.tasks)
}

// put stores an account in place of any before, with its unique values.
func (s *state) put(a account.Account) {
	if before, ok := s.accounts.get(a.ID); ok {
		s.logins.delete(before.account.Core.Login)
		s.contracts.delete(before.account.Contact.Contract)
	}
	s.logins.put(a.Core.Login, a.ID)
	if a.Contact.Contract != "" {
		s.contracts.put(a.Contact.Contract, a.ID)
	}
	s.accounts.put(a.ID, newRow(a))
	s.markBehind(a.ID)
}

// row is a stored account with the texts it is searched and sorted by.
type row struct {
	account account.Account
	search  string
	keys    [len(sorts)]string
}

var sorts = [...]account.Sort{account.SortLogin, account.SortCompany, account.SortActivity, account.SortCreated}

func newRow(a account.Account) *row {
	a = a.Clone()
	a.Core.Password = account.NewPassword{}
	for _, t := range []*time.Time{&a.Expires, &a.Credit.Overdraw.ExpiresAt, &a.CreatedAt, &a.UpdatedAt} {
		*t = instant(*t)
	}
	r := &row{account: a, search: a.SearchText()}
	summary := a.Summary()
	for i, by := range sorts {
		r.keys[i] = summary.SortKey(by)
	}
	return r
}

// instant is a time as databases keep it: UTC, in microseconds.
func instant(t time.Time) time.Time { return time.UnixMicro(t.UnixMicro()).UTC() }

func cloneRecord(r account.Record) account.Record {
	r.At = instant(r.At)
	r.Change = slices.Clone(r.Change)
	return r
}
