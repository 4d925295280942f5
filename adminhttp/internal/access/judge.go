package access

import (
	"context"
	"errors"
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// Finder looks up an account; account.ErrNotFound where there is none.
type Finder interface {
	Get(ctx context.Context, id account.ID) (account.Account, error)
	// GetMany returns those of ids that there are.
	GetMany(ctx context.Context, ids ...account.ID) (map[account.ID]account.Account, error)
}

// Judge answers what one actor may see and do. It is made for one request and keeps the
// accounts that it looked up for it, and what the host said of fields, so it is not for several
// goroutines. The zero Judge refuses everything.
type Judge struct {
	policy Policy
	finder Finder
	found  map[account.ID]looked
	levels map[string]Level // by path
}

// looked is an account that was looked up, and whether the actor sees it.
type looked struct {
	account account.Account
	err     error
}

// New returns the judge of an actor of whom the host said policy.
func New(finder Finder, policy Policy) Judge {
	return Judge{policy: policy, finder: finder, found: map[account.ID]looked{}, levels: map[string]Level{}}
}

// May reports whether all of these actions are the actor's.
func (j Judge) May(actions ...Action) bool {
	for _, a := range actions {
		if !slices.Contains(j.policy.Actions, a) {
			return false
		}
	}
	return true
}

// MayMove reports whether money may be moved in a way that needs an action: what came of
// it tells of the balance.
func (j Judge) MayMove(a Action) bool { return j.May(Money, a) }

// Unlimited reports whether nothing at all is refused to the actor, or waits for a second person.
func (j Judge) Unlimited() bool {
	return j.found != nil && j.All() && j.policy.Field == nil && !j.HasSecond() && j.May(Actions()...)
}

// All reports whether every client is within the scope.
func (j Judge) All() bool { return j.policy.Scope.all }

// Narrow puts the scope into a query, and an order that tells nothing which is hidden.
func (j Judge) Narrow(q account.Query) account.Query {
	if !j.policy.Scope.all {
		q.Managers = account.Some(slices.Clone(j.policy.Scope.managers))
	}
	if q.Sort == "" || !j.Sorts(q.Sort) {
		q.Sort = j.FirstSort()
	}
	return q
}

// Sorts reports whether there is such an order, and the actor may see clients in it.
func (j Judge) Sorts(s account.Sort) bool {
	switch s {
	case account.SortMoved, account.SortBalance:
		return j.May(Money)
	case account.SortAvailable:
		return j.seesAvailable()
	default:
		return s.IsKnown() && (s.Path() == "" || j.Shows(s.Path()))
	}
}

// FirstSort returns the order of a list that names none.
func (j Judge) FirstSort() account.Sort {
	if j.Shows("login") {
		return account.SortLogin
	}
	return account.SortCreated
}

// Client returns the account of an id, when it exists within the scope; otherwise
// account.ErrNotFound, the same for both.
func (j Judge) Client(ctx context.Context, id account.ID) (account.Account, error) {
	if id.IsZero() || j.finder == nil {
		return account.Account{}, account.ErrNotFound
	}
	if known, ok := j.found[id]; ok {
		return known.account, known.err
	}
	a, err := j.finder.Get(ctx, id)
	if err == nil && !j.Sees(a) {
		a, err = account.Account{}, account.ErrNotFound
	}
	if err == nil || errors.Is(err, account.ErrNotFound) {
		j.found[id] = looked{a, err}
	}
	return a, err
}

// LookUp looks accounts up at once, for who is going to ask for each of them, and forgets all others.
func (j Judge) LookUp(ctx context.Context, ids ...account.ID) error {
	j.Forget()
	if len(ids) == 0 || j.finder == nil {
		return nil
	}
	found, err := j.finder.GetMany(ctx, ids...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if a, there := found[id]; there && j.Sees(a) {
			j.found[id] = looked{account: a}
		} else {
			j.found[id] = looked{err: account.ErrNotFound}
		}
	}
	return nil
}

// Forget forgets the accounts that were looked up, for who goes on through a great many.
func (j Judge) Forget() { clear(j.found) }

// Sees reports whether a client is within the scope.
func (j Judge) Sees(a account.Account) bool { return j.policy.Scope.sees(a.Core.Manager) }

// SeesID reports whether the client of an id exists within the scope.
func (j Judge) SeesID(ctx context.Context, id account.ID) (bool, error) {
	_, err := j.Client(ctx, id)
	if errors.Is(err, account.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Named returns the id of another client as the actor may be told it: zero for one that is
// not within the scope.
func (j Judge) Named(ctx context.Context, id account.ID) (account.ID, error) {
	seen, err := j.SeesID(ctx, id)
	if !seen {
		id = account.ID{}
	}
	return id, err
}

// Manager reports whether a manager is within the scope, as one to see and to choose.
// Nobody, the zero id, is so for who sees all clients.
func (j Judge) Manager(id account.ID) bool { return j.policy.Scope.sees(id) }

// OnlyManager returns the one manager whose clients the actor sees; zero where they are more.
func (j Judge) OnlyManager() account.ID {
	if s := j.policy.Scope; !s.all && len(s.managers) == 1 {
		return s.managers[0]
	}
	return account.ID{}
}

// AddsManagers reports whether the actor may add to the list of managers: one that is
// added is outside every scope but that of all clients.
func (j Judge) AddsManagers() bool { return j.May(Managers) && j.policy.Scope.all }
