package hosttx_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/bunstore"
)

// message is a row of the platform's own.
type message struct {
	bun.BaseModel `bun:"table:messages"`

	ID     string `bun:",pk"`
	Client string
	Body   string
	Parts  int64
}

// platform is a program with a database of its own, and the accounts in it.
type platform struct {
	db       *bun.DB
	store    *bunstore.Store
	accounts *clientaccount.Service
}

// submit accepts a message: its row and its charge are committed together, or the
// message was never there. The message's id is the charge's reference, so that
// submitting it again charges nothing twice.
func (p *platform) submit(ctx context.Context, client account.ID, m message) error {
	const attempts = 5
	for try := 1; ; try++ {
		err := p.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			if _, err := tx.NewInsert().Model(&m).Exec(ctx); err != nil {
				return err
			}
			_, err := p.accounts.On(p.store.OnTx(tx)).Charge(ctx, clientaccount.Charge{
				Account: client, Price: account.Some(account.Amount("0.0042")), Messages: m.Parts, Reference: m.ID,
				Actor: account.Actor{ID: "gateway", Name: "SMPP gateway"},
			})
			return err
		})
		if !errors.Is(err, account.ErrConflict) || try == attempts {
			return err // a lost race is the host's to run again, since its rows are in it
		}
	}
}

// stored returns how many messages there are, and what the client has left.
func (p *platform) stored(ctx context.Context, client account.ID) (int, string, error) {
	messages, err := p.db.NewSelect().Model((*message)(nil)).Count(ctx)
	if err != nil {
		return 0, "", err
	}
	standing, err := p.accounts.Balance(ctx, client)
	return int(messages), standing.Available.String(), err
}

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "hosttx-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	p, client, err := open(ctx, filepath.Join(dir, "platform.db"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.db.Close()

	show := func(did string, err error) {
		messages, left, failed := p.stored(ctx, client)
		if failed != nil {
			fmt.Println(failed)
			return
		}
		fmt.Printf("%s: %v. %d stored, %s left\n", did, err, messages, left)
	}
	show("sent", p.submit(ctx, client, message{ID: "m-1", Client: "acme", Body: "Your code is 4711", Parts: 1}))
	show("too dear", p.submit(ctx, client, message{ID: "m-2", Client: "acme", Body: "A long story", Parts: 5}))
	show("sent", p.submit(ctx, client, message{ID: "m-3", Client: "acme", Body: "Your code is 4712", Parts: 1}))
	// Output:
	// sent: <nil>. 1 stored, 0.0158 left
	// too dear: account: 0.021 needed, 0.0158 available. 1 stored, 0.0158 left
	// sent: <nil>. 2 stored, 0.0116 left
}

// open makes a database with the platform's table, ours, and a client with two cents.
func open(ctx context.Context, file string) (*platform, account.ID, error) {
	pool, err := sql.Open("sqlite", bunstore.SQLiteDSN(file))
	if err != nil {
		return nil, account.ID{}, err
	}
	p := &platform{db: bun.NewDB(pool, sqlitedialect.New())} // or pgdialect.New() over pgx
	if p.store, err = bunstore.New(p.db); err != nil {
		return nil, account.ID{}, err
	}
	if err := p.store.Migrate(ctx); err != nil {
		return nil, account.ID{}, err
	}
	if _, err := p.db.ExecContext(ctx, "CREATE TABLE messages (id text PRIMARY KEY, client text, body text, parts bigint)"); err != nil {
		return nil, account.ID{}, err
	}
	p.accounts = clientaccount.New(p.store, nil)
	made, err := p.accounts.Create(ctx, clientaccount.Edit{Actor: account.Actor{ID: "olena"}, Apply: func(a *account.Account) error {
		a.Core.Login, a.Contact.Company = "acme", "Acme Telecom Ltd"
		a.Core.Password = account.SetPassword("seven-Herons-at-dusk", "seven-Herons-at-dusk")
		return nil
	}})
	if err != nil {
		return nil, account.ID{}, err
	}
	_, err = p.accounts.TopUp(ctx, clientaccount.TopUp{Account: made.Account.ID, Amount: account.Amount("0.02"), Reference: "bank-1"})
	return p, made.Account.ID, err
}
