package bunstore

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/migrate"
)

//go:embed migrations
var files embed.FS

// migrationsTable is our own: in bun's default table the host's migrations would
// count as ours, and ours as the host's.
const migrationsTable = "clientaccount_migrations"

// Migrations are the SQL files of a dialect, PostgreSQL or SQLite, in the form of
// bun/migrate: for hosts that run all migrations themselves. Each can be run again;
// only where SQLite would add a column twice, it refuses to: that is a statement of its
// own, and its error may be passed over. Let them be noted in clientaccount_migrations,
// where [Store.Check] looks. The error here is for other dialects.
func Migrations(name dialect.Name) (fs.FS, error) {
	e, err := engineOf(name)
	if err != nil {
		return nil, err
	}
	return fs.Sub(files, "migrations/"+e.folder())
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
	if err := s.engine.refusesPooler(ctx, s); err != nil {
		return fmt.Errorf("bunstore: migrate: %w", err)
	}
	err := s.engine.migrate(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		sources, err := Migrations(s.db.Dialect().Name())
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
		return fmt.Errorf("bunstore: migrate: %w", s.failed(ctx, err))
	}
	return nil
}

// pendingMigrations are those not noted as done, in order, and the number of the
// group that they are to be noted as.
func pendingMigrations(ctx context.Context, tx bun.Tx, sources fs.FS) (migrate.MigrationSlice, int64, error) {
	_, err := tx.NewCreateTable().Model((*migrate.Migration)(nil)).ModelTableExpr(migrationsTable).IfNotExists().Exec(ctx)
	if err != nil {
		return nil, 0, err
	}
	var done migrate.MigrationSlice
	if err := tx.NewSelect().Model(&done).ModelTableExpr(migrationsTable + " AS migration").Scan(ctx); err != nil {
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
		if _, err := tx.ExecContext(ctx, statements); err != nil && !s.engine.alreadyThere(err) {
			return fmt.Errorf("%s: %w", m, err)
		}
	}
	_, err = tx.NewInsert().Model(&m).ModelTableExpr(migrationsTable).Exec(ctx)
	return err
}
