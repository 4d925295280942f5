package bunstore

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/uptrace/bun"
	bundialect "github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/migrate"

	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// Migrations returns the SQL files of a dialect, PostgreSQL or SQLite, in the form of
// bun/migrate: for hosts that run all migrations themselves. Each can be run again;
// only where SQLite would add a column twice, it refuses to: that is a statement of its
// own, and its error may be passed over. Let them be noted in clientaccount_migrations,
// where [Store.Check] looks. The error here is for other dialects.
func Migrations(name bundialect.Name) (fs.FS, error) {
	d, err := dialectOf(name)
	if err != nil {
		return nil, err
	}
	return d.Migrations()
}

// Migrate brings the tables, all named clientaccount_*, up to date. Any number of
// processes may call it at once: one works, the others wait and find it done. All
// is one transaction, so a process that is killed leaves nothing half done and
// nothing locked, and a pool of one connection suffices: bun's Migrator, which
// wants a second connection beside a lock, reads the files and defines the table
// where they are noted, but does not run them.
//
// Through a pooler that forgets the prepared statements which are in use, it is refused
// with [ErrPooler].
func (s *Store) Migrate(ctx context.Context) error {
	if s.DB == nil {
		return session.ErrUnmade
	}
	err := s.Dialect.Migrate(ctx, s.pool, s.DB, func(ctx context.Context, tx bun.Tx) error {
		sources, err := s.Dialect.Migrations()
		if err != nil {
			return err
		}
		pending, group, err := pendingMigrations(ctx, tx, sources)
		if err != nil {
			return err
		}
		for _, m := range pending {
			if err := s.runMigration(ctx, tx, sources, migrate.Migration{Name: m.Name, Comment: m.Comment, GroupID: group}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("bunstore: migrate: %w", s.Failed(ctx, err))
	}
	return nil
}

// pendingMigrations returns those not noted as done, in order, and the number of the
// group that they are to be noted as.
func pendingMigrations(ctx context.Context, tx bun.Tx, sources fs.FS) (migrate.MigrationSlice, int64, error) {
	_, err := tx.NewCreateTable().Model((*migrate.Migration)(nil)).ModelTableExpr(dialect.MigrationsTable).IfNotExists().Exec(ctx)
	if err != nil {
		return nil, 0, err
	}
	var done migrate.MigrationSlice
	if err := tx.NewSelect().Model(&done).ModelTableExpr(dialect.MigrationsTable + " AS migration").Scan(ctx); err != nil {
		return nil, 0, err
	}
	pending, _, err := compareMigrations(sources, done)
	return pending, done.LastGroupID() + 1, err
}

func (s *Store) runMigration(ctx context.Context, tx bun.Tx, sources fs.FS, m migrate.Migration) error {
	file, err := fs.ReadFile(sources, m.String()+".up.sql")
	if err != nil {
		return err
	}
	for statements := range strings.SplitSeq(string(file), "\n--bun:split\n") {
		if _, err := tx.ExecContext(ctx, statements); err != nil && !s.Dialect.AlreadyThere(err) {
			return fmt.Errorf("%s: %w", m, err)
		}
	}
	_, err = tx.NewInsert().Model(&m).ModelTableExpr(dialect.MigrationsTable).Exec(ctx)
	return err
}
