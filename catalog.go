package clientaccount

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/catalog"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/validate"
)

// Managers returns all managers by name.
//
// Errors: the store's.
func (s *Service) Managers(ctx context.Context) ([]account.Manager, error) {
	return store.ItemsOf[account.Manager](ctx, s.stored())
}

// Manager returns the manager of an id.
//
// Errors: [account.ErrNotFound].
func (s *Service) Manager(ctx context.Context, id account.ID) (account.Manager, error) {
	return store.ItemOf[account.Manager](ctx, s.stored(), id)
}

// SaveManager stores a manager: a new one at revision 0, else the one that the editor saw at
// its revision. It returns the manager as stored. Who did so, and why, is kept with what differs;
// where nothing does, nothing is written.
//
// Errors: [account.Faults], [account.ErrStale], [account.ErrNotFound],
// [account.ErrConflict], [ErrNested], and that of Options.Random.
func (s *Service) SaveManager(ctx context.Context, m account.Manager, by account.Actor, reason string) (account.Manager, error) {
	return saveItem(ctx, s, managerItems(), m, account.Record{Actor: by, Reason: reason})
}

// DeleteManager removes a manager without clients: reassign them first. The history stays.
//
// Errors: [account.Faults], [ErrInUse], [account.ErrNotFound], [account.ErrConflict], [ErrNested].
func (s *Service) DeleteManager(ctx context.Context, id account.ID, by account.Actor, reason string) error {
	return removeItem(ctx, s, managerItems(), id, account.Record{Actor: by, Reason: reason})
}

// Products returns all products by name.
//
// Errors: the store's.
func (s *Service) Products(ctx context.Context) ([]account.Product, error) {
	return store.ItemsOf[account.Product](ctx, s.stored())
}

// Product returns the product of an id.
//
// Errors: [account.ErrNotFound].
func (s *Service) Product(ctx context.Context, id account.ID) (account.Product, error) {
	return store.ItemOf[account.Product](ctx, s.stored(), id)
}

// SaveProduct is [Service.SaveManager] for products. While clients have it, or it has a
// price list, a product keeps its currency. A credit limit or price that changes counts for all its clients at once.
//
// Errors: those of SaveManager, [ErrInUse], and those of Options.Price.
func (s *Service) SaveProduct(ctx context.Context, p account.Product, by account.Actor, reason string) (account.Product, error) {
	return saveItem(ctx, s, productItems(), p, account.Record{Actor: by, Reason: reason})
}

// DeleteProduct is [Service.DeleteManager] for products.
//
// Errors: those of DeleteManager.
func (s *Service) DeleteProduct(ctx context.Context, id account.ID, by account.Actor, reason string) error {
	return removeItem(ctx, s, productItems(), id, account.Record{Actor: by, Reason: reason})
}

// itemList is how the Service keeps a list.
type itemList[T store.Listed] struct {
	catalog.List[T]
	normalize func(*validate.Validator, *T)
	rules     func(*validate.Validator, T) account.Faults
	// put stores an item in place of the one before, and returns the accounts that go by it.
	put func(s *Service, ctx context.Context, tx store.Tx, before, after T) ([]account.ID, error)
}

func managerItems() itemList[account.Manager] {
	return itemList[account.Manager]{
		catalog.Managers(), (*validate.Validator).NormalizeManager, (*validate.Validator).Manager,
		func(_ *Service, ctx context.Context, tx store.Tx, before, after account.Manager) ([]account.ID, error) {
			return nil, tx.PutItem(ctx, after, before.Revision)
		},
	}
}

func productItems() itemList[account.Product] {
	return itemList[account.Product]{
		catalog.Products(), (*validate.Validator).NormalizeProduct, (*validate.Validator).Product, (*Service).putProduct,
	}
}

// accept brings an item, and who wants it and why, into the form that is kept, and returns what is
// wrong with them.
func (l itemList[T]) accept(s *Service, of *T, by *account.Record) error {
	l.normalize(s.rules, of)
	return append(l.rules(s.rules, *of), sign(by)...).Err()
}

// sign brings who does something, and why, into the form that is kept, and returns what is wrong
// with it.
func sign(by *account.Record) account.Faults {
	by.Actor, by.Reason = actorText(by.Actor), validate.Text(by.Reason)
	return Edit{Actor: by.Actor, Reason: by.Reason}.faults()
}

// saveItem stores an item at the revision that its editor saw, with a record of what differs.
func saveItem[T store.Listed](ctx context.Context, s *Service, l itemList[T], of T, by account.Record) (T, error) {
	var none T
	if err := s.made(); err != nil {
		return none, err
	}
	if err := l.accept(s, &of, &by); err != nil {
		return none, err
	}
	id, revision := l.Head(&of)
	was := *revision
	if err := s.identify(id, was); err != nil {
		return none, err
	}
	var users []account.ID
	err := s.settling(ctx, func() error {
		return s.again(ctx, func() error {
			before, err := l.Seen(ctx, s.stored(), *id, was)
			if err != nil {
				return err
			}
			record := l.Record(before, of, by)
			if len(record.Change) == 0 {
				*revision = was
				return nil
			}
			*revision, record.At = record.Revision, s.now()
			return s.stored().Update(ctx, func(ctx context.Context, tx store.Tx) error {
				if users, err = l.put(s, ctx, tx, before, of); err != nil {
					return err
				}
				return tx.AddItemChange(ctx, l.Of, record)
			})
		})
	})
	if err != nil {
		return none, err
	}
	s.Forget(users...)
	return of, nil
}

// removeItem removes an item that no account points at, with a record of what it was.
func removeItem[T store.Listed](ctx context.Context, s *Service, l itemList[T], id account.ID, by account.Record) error {
	if err := sign(&by).Err(); err != nil {
		return err
	}
	return s.again(ctx, func() error {
		before, err := store.ItemOf[T](ctx, s.stored(), id)
		if err != nil {
			return err
		}
		var gone T
		by.Kind, by.At = account.RecordRemoved, s.now()
		return s.stored().Update(ctx, func(ctx context.Context, tx store.Tx) error {
			if err := tx.DeleteItem(ctx, l.Of, id); err != nil {
				return err
			}
			return tx.AddItemChange(ctx, l.Of, l.Record(before, gone, by))
		})
	})
}

// ProductPreview is what a product's change would come to for the clients that have it.
type ProductPreview struct {
	Clients int `json:"clients"` // of the managers asked for, that have the product, and were looked at
	Touched int `json:"touched"` // of them, for whom a value changes
	Unread  int `json:"unread"`  // that have it, behind the first MaxProductRead: they may be touched too
	// Effects are those on clients that are touched, by login, at most MaxProductEffects of them.
	Effects []ProductEffect `json:"effects"`
}

// ProductEffect is what a product's change would come to for one client. A value of the client's
// own does not change.
type ProductEffect struct {
	Account account.ID          `json:"account"`
	Login   string              `json:"login"`
	Company string              `json:"company"`
	Manager account.ID          `json:"manager"`
	Changes []ProductDifference `json:"changes"`
}

// ProductDifference is a value that a client has, and would have, by the path of the product's
// field, in that field's text; of what nobody sets it is the platform's.
type ProductDifference struct {
	Path   string `json:"path"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Bounds of a ProductPreview.
const (
	MaxProductEffects = 50     // clients that it shows
	MaxProductRead    = 10_000 // clients that it looks at
)

// PreviewProduct returns which clients [Service.SaveProduct] of this product would touch, and how,
// and writes nothing: what of theirs counts for it, of all that are not closed. A new product touches
// nobody. Clients of these managers alone are counted and shown; unset: all. They are read by login, a
// thousand at once, up to MaxProductRead; those behind them are counted.
//
// Errors: [account.Faults], [account.ErrNotFound], [account.ErrStale].
func (s *Service) PreviewProduct(ctx context.Context, p account.Product, managers account.Optional[[]account.ID]) (ProductPreview, error) {
	if err := s.made(); err != nil {
		return ProductPreview{}, err
	}
	s.rules.NormalizeProduct(&p)
	if err := s.rules.Product(p).Err(); err != nil || p.Revision == 0 {
		return ProductPreview{}, err
	}
	before, err := s.Product(ctx, p.ID)
	switch {
	case err != nil:
		return ProductPreview{}, err
	case before.Revision != p.Revision:
		return ProductPreview{}, account.ErrStale
	}
	return s.lookAtClients(ctx, before, p, managers)
}

// lookAtClients returns what a product's change would come to for the first clients that have it.
func (s *Service) lookAtClients(ctx context.Context, before, after account.Product, managers account.Optional[[]account.ID]) (preview ProductPreview, err error) {
	q := account.Query{Product: account.Some(after.ID), Managers: managers, Limit: account.MaxPage}
	for cursor, read := "", 0; ; {
		page, err := s.List(ctx, q, cursor)
		if err != nil {
			return preview, err
		}
		ids := make([]account.ID, len(page.Rows))
		for i, row := range page.Rows {
			ids[i] = row.ID
		}
		all, err := s.GetMany(ctx, ids...)
		if err != nil {
			return preview, err
		}
		for _, id := range ids {
			a, there := all[id]
			if there && a.Notes.Product == after.ID && a.Status != account.StatusClosed && (Edit{Managers: managers}).sees(a) {
				preview.add(a, before, after)
			}
		}
		read += len(ids)
		if cursor = page.Next; cursor == "" {
			return preview, nil
		}
		if read >= MaxProductRead {
			const most = 1_000_000
			n, err := s.Count(ctx, q, most)
			preview.Unread = max(0, n-read)
			return preview, err
		}
	}
}

// add counts a client, and what a product's change would come to for it.
func (p *ProductPreview) add(a account.Account, before, after account.Product) {
	p.Clients++
	change := account.ProductTable().Diff(account.InEffect(a, before), account.InEffect(a, after))
	if len(change) == 0 {
		return
	}
	p.Touched++
	if len(p.Effects) >= MaxProductEffects {
		return
	}
	e := ProductEffect{Account: a.ID, Login: a.Core.Login, Company: a.Contact.Company, Manager: a.Core.Manager}
	for _, fc := range change {
		e.Changes = append(e.Changes, ProductDifference{Path: fc.Path, Before: fc.Old, After: fc.New})
	}
	p.Effects = append(p.Effects, e)
}

// putProduct stores a product, and with it the terms of all accounts that have it. The
// accounts are locked first, as by those who edit one and then read its product; one
// that got the product in between is seen afterwards, and all of it is done again. It
// returns these accounts.
func (s *Service) putProduct(ctx context.Context, tx store.Tx, before, p account.Product) ([]account.ID, error) {
	if err := keepsCurrency(ctx, tx, before, p); err != nil {
		return nil, err
	}
	users, err := productUsers(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	for _, id := range users {
		if _, err := tx.Account(ctx, id); err != nil {
			return nil, err
		}
	}
	if err := tx.PutItem(ctx, p, before.Revision); err != nil || before.Revision == 0 {
		return nil, err
	}
	now, err := productUsers(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(now, users) {
		return nil, account.ErrConflict
	}
	for _, id := range users {
		if err := s.reterm(ctx, tx, id); err != nil {
			return nil, err
		}
	}
	return users, nil
}

// productUsers returns the accounts that have a product, ascending.
func productUsers(ctx context.Context, r store.Reader, id account.ID) (ids []account.ID, err error) {
	q := account.Query{Product: account.Some(id), Sort: account.SortCreated, Limit: account.MaxPage}
	rows := pages(func() ([]account.Summary, error) { return r.Accounts(ctx, q) }, func(last account.Summary) {
		q.After = &account.Position{Value: last.SortKey(q.Sort), ID: last.ID}
	})
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		ids = append(ids, row.ID)
	}
	slices.SortFunc(ids, account.ID.Compare)
	return ids, nil
}

// identify gives an id to what is new.
func (s *Service) identify(id *account.ID, revision int64) error {
	if revision != 0 {
		return nil
	}
	made, err := s.newID()
	*id = made
	return err
}

// keepsCurrency is ErrInUse where a product's currency changes that must not.
func keepsCurrency(ctx context.Context, tx store.Tx, before, p account.Product) error {
	if before.Revision == 0 || before.Currency == p.Currency {
		return nil
	}
	users, err := tx.Accounts(ctx, account.Query{Product: account.Some(p.ID), Limit: 1})
	if err != nil {
		return err
	}
	priced, err := hasPrices(ctx, tx, store.PriceOwner{Product: p.ID})
	if err == nil && (priced || len(users) > 0) {
		return ErrInUse
	}
	return err
}
