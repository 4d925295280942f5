package ask

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// ManyPaths are the fields that are set for many clients at once: those of which one value makes
// sense for all.
var ManyPaths = []string{
	"manager", "notes.product", "status", "credit.limit",
	"sending.smpp", "sending.api", "sending.web", "sending.rest", "mail.daily_statistics",
}

// ManyFields returns those of them that the actor may change, in that order.
func (r *Request) ManyFields() (fields []account.Field) {
	for _, path := range ManyPaths {
		if f, _ := account.FieldAt(path); r.Judge.Writes(path) {
			fields = append(fields, f)
		}
	}
	return fields
}

// Many is what is to be done to many clients: to those of these ids, or to all that a filter finds.
type Many struct {
	Clients []account.ID
	All     *ClientFilter
	Set     map[string]string // by path, none left out
	Reason  string
}

// manyFault is a fault of all of it.
func manyFault(code string) account.Faults { return account.Faults{account.NewFault("", code)} }

// faults returns what is wrong with it before anybody is looked at.
func (m Many) faults(r *Request) (faults account.Faults) {
	may, some := r.ManyFields(), account.New()
	for _, path := range slices.Sorted(maps.Keys(m.Set)) {
		i := slices.IndexFunc(may, func(f account.Field) bool { return f.Path == path })
		if i < 0 {
			faults = append(faults, account.NewFault(path, "field.forbidden", path))
			continue
		}
		unread, _ := account.AsFaults(may[i].Set(&some, m.Set[path]))
		faults = append(faults, unread...)
	}
	if _, handed := m.Set["manager"]; handed && !r.Judge.Manager(some.Core.Manager) && !faults.On("manager") {
		faults = append(faults, account.NewFault("manager", "manager.unknown"))
	}
	switch {
	case len(m.Set) == 0:
		faults = append(faults, manyFault("many.nothing")...)
	case len([]rune(m.Reason)) > MaxReason:
		faults = append(faults, account.NewFault("reason", "reason.length"))
	}
	if m.All == nil && len(m.Clients) == 0 {
		faults = append(faults, manyFault("many.nobody")...)
	}
	return faults
}

// BeginMany gathers the clients, those within the scope, and has it looked at what the change would
// come to for each. Errors: account.Faults; those of the Service.
func (r *Request) BeginMany(m Many) (store.Batch, error) {
	if faults := m.faults(r); len(faults) > 0 {
		return store.Batch{}, faults
	}
	paths := slices.DeleteFunc(slices.Clone(ManyPaths), func(path string) bool { _, set := m.Set[path]; return !set })
	items := func(yield func(clientaccount.BulkItem, error) bool) {
		for id, err := range r.meant(m) {
			if !yield(clientaccount.BulkItem{Account: id, Set: m.Set}, err) {
				return
			}
		}
	}
	b, n, err := r.gather(clientaccount.Bulk{Kind: store.BatchChange, Paths: paths, Actor: r.Actor, Reason: m.Reason, Managers: r.Judge.Managers()}, items)
	if err == nil && n == 0 {
		err = errors.Join(manyFault("many.nobody"), r.drop(b))
	}
	return b, err
}

// meant are the clients that are meant, as far as they are within the scope.
func (r *Request) meant(m Many) iter.Seq2[account.ID, error] {
	return func(yield func(account.ID, error) bool) {
		for ids, err := range r.meantAtOnce(m) {
			if err == nil && (m.All == nil || r.Judge.HasSecond()) {
				ids, err = r.among(ids, m.Set)
			}
			if err != nil {
				yield(account.ID{}, err)
				return
			}
			for _, id := range ids {
				if !yield(id, nil) {
					return
				}
			}
		}
	}
}

// meantAtOnce are the ids of them, some at a time.
func (r *Request) meantAtOnce(m Many) iter.Seq2[[]account.ID, error] {
	if m.All != nil {
		return r.found(*m.All)
	}
	return func(yield func([]account.ID, error) bool) {
		seen := map[account.ID]bool{}
		once := slices.DeleteFunc(slices.Clone(m.Clients), func(id account.ID) bool {
			again := seen[id]
			seen[id] = true
			return again
		})
		for ids := range slices.Chunk(once, account.MaxPage) {
			if !yield(ids, nil) {
				return
			}
		}
	}
}

// among are those of some ids that are within the scope, in their order. What a second person must
// confirm of a client cannot be done as one of many: that is a fault.
func (r *Request) among(ids []account.ID, set map[string]string) (within []account.ID, err error) {
	found, err := r.Service.GetMany(r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		before, there := found[id]
		if !there || !r.Judge.Sees(before) {
			continue
		}
		after := before.Clone()
		for path, text := range set {
			if f, known := account.FieldAt(path); known {
				_ = f.Set(&after, text) // what is no value was found before
			}
		}
		second, err := r.NeedsSecond(before, after)
		if second {
			err = account.Faults{SecondRequired}
		}
		if err != nil {
			return nil, err
		}
		within = append(within, id)
	}
	return within, nil
}

// found are the ids of all that a filter finds, page by page.
func (r *Request) found(f ClientFilter) iter.Seq2[[]account.ID, error] {
	return func(yield func([]account.ID, error) bool) {
		q, possible := f.Query(r.Judge)
		q.Limit = account.MaxPage
		for cursor := ""; possible; {
			page, err := r.Service.ListSeen(r.Context(), q, cursor, r.Judge.ShowsField)
			ids := make([]account.ID, len(page.Rows))
			for i, row := range page.Rows {
				ids[i] = row.ID
			}
			if !yield(ids, err) || err != nil {
				return
			}
			if cursor = page.Next; cursor == "" {
				return
			}
		}
	}
}

// gatheredAtOnce is how many items are added to a batch at once.
const gatheredAtOnce = 500

// gather makes a batch of items, of which no more is kept than is added at once, and has it judged. It
// returns how many there were. What fails leaves no batch behind that could run.
func (r *Request) gather(of clientaccount.Bulk, items iter.Seq2[clientaccount.BulkItem, error]) (b store.Batch, n int, err error) {
	if b, err = r.Service.NewBatch(r.Context(), of); err != nil {
		return b, 0, err
	}
	var some []clientaccount.BulkItem
	for item, failed := range items {
		if err = failed; err != nil {
			break
		}
		n++
		if some = append(some, item); len(some) == gatheredAtOnce {
			if err = r.Service.AddToBatch(r.Context(), b.ID, some...); err != nil {
				break
			}
			some = some[:0]
		}
	}
	if err == nil && len(some) > 0 {
		err = r.Service.AddToBatch(r.Context(), b.ID, some...)
	}
	if err != nil {
		return b, n, errors.Join(err, r.drop(b))
	}
	if n == 0 {
		return b, 0, nil
	}
	b, err = r.Service.JudgeBatch(r.Context(), b.ID)
	return b, n, err
}

// drop gives up a batch that does not run yet, also where who asked for it has gone.
func (r *Request) drop(b store.Batch) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 5*time.Second)
	defer cancel()
	_, err := r.Service.StopBatch(ctx, b.ID, r.Actor)
	return err
}
