package clientaccount

import (
	"context"
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
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
// its revision. It returns the manager as stored.
//
// Errors: [account.Faults], [account.ErrStale], [account.ErrNotFound],
// [account.ErrConflict], [ErrNested], and that of Options.Random.
func (s *Service) SaveManager(ctx context.Context, m account.Manager) (account.Manager, error) {
	if err := s.made(); err != nil {
		return account.Manager{}, err
	}
	s.rules.NormalizeManager(&m)
	if err := s.rules.Manager(m).Err(); err != nil {
		return account.Manager{}, err
	}
	was := m.Revision
	if err := s.identify(&m.ID, was); err != nil {
		return account.Manager{}, err
	}
	m.Revision = was + 1
	err := s.transact(ctx, func(ctx context.Context, tx store.Tx) error { return tx.PutItem(ctx, m, was) })
	if err != nil {
		return account.Manager{}, err
	}
	return m, nil
}

// DeleteManager removes a manager without clients: reassign them first.
//
// Errors: [ErrInUse], [account.ErrNotFound], [account.ErrConflict], [ErrNested].
func (s *Service) DeleteManager(ctx context.Context, id account.ID) error {
	return s.transact(ctx, func(ctx context.Context, tx store.Tx) error { return tx.DeleteItem(ctx, store.ListManagers, id) })
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
func (s *Service) SaveProduct(ctx context.Context, p account.Product) (account.Product, error) {
	if err := s.made(); err != nil {
		return account.Product{}, err
	}
	s.rules.NormalizeProduct(&p)
	if err := s.rules.Product(p).Err(); err != nil {
		return account.Product{}, err
	}
	was := p.Revision
	if err := s.identify(&p.ID, was); err != nil {
		return account.Product{}, err
	}
	p.Revision = was + 1
	var users []account.ID
	err := s.settling(ctx, func() error {
		return s.transact(ctx, func(ctx context.Context, tx store.Tx) (err error) {
			if err := keepsCurrency(ctx, tx, p); err != nil {
				return err
			}
			users, err = s.putProduct(ctx, tx, p, was)
			return err
		})
	})
	if err != nil {
		return account.Product{}, err
	}
	s.Forget(users...)
	return p, nil
}

// ProductPreview is what a product's change would come to for the clients that have it.
type ProductPreview struct {
	Clients int `json:"clients"` // that have the product, and were looked at
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
// nobody. Effects are shown on clients of these managers alone; unset: on all. Clients are read by
// login, a thousand at once, up to MaxProductRead; those behind them are counted.
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
	q := account.Query{Product: account.Some(after.ID), Limit: account.MaxPage}
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
			if a, there := all[id]; there && a.Notes.Product == after.ID && a.Status != account.StatusClosed {
				preview.add(a, before, after, (Edit{Managers: managers}).sees(a))
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
func (p *ProductPreview) add(a account.Account, before, after account.Product, seen bool) {
	p.Clients++
	change := account.ProductTable().Diff(account.InEffect(a, before), account.InEffect(a, after))
	if len(change) == 0 {
		return
	}
	p.Touched++
	if !seen || len(p.Effects) >= MaxProductEffects {
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
func (s *Service) putProduct(ctx context.Context, tx store.Tx, p account.Product, was int64) ([]account.ID, error) {
	users, err := productUsers(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	for _, id := range users {
		if _, err := tx.Account(ctx, id); err != nil {
			return nil, err
		}
	}
	if err := tx.PutItem(ctx, p, was); err != nil || was == 0 {
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

// DeleteProduct is [Service.DeleteManager] for products.
//
// Errors: those of DeleteManager.
func (s *Service) DeleteProduct(ctx context.Context, id account.ID) error {
	return s.transact(ctx, func(ctx context.Context, tx store.Tx) error { return tx.DeleteItem(ctx, store.ListProducts, id) })
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

func keepsCurrency(ctx context.Context, tx store.Tx, p account.Product) error {
	before, err := found(store.ItemOf[account.Product](ctx, tx, p.ID))
	if err != nil || before == nil || before.Currency == p.Currency {
		return err
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
