package bunstore

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/uptrace/bun/migrate"

	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect"
)

var _ store.Checker = (*Store)(nil)

// Check is [store.Checker]'s. It looks for missing migrations, and at what this
// database must have and how the connections are set up.
func (s *Store) Check(ctx context.Context) store.Report {
	r := &dialect.Report{}
	s.Dialect.Check(ctx, s.pool, r)
	if !r.Gone {
		s.checkMigrations(ctx, r)
	}
	return r.Report
}

// checkMigrations compares what is noted as done with what there is.
func (s *Store) checkMigrations(ctx context.Context, r *dialect.Report) {
	sources, err := s.Dialect.Migrations()
	if err != nil {
		return // every test runs them
	}
	var done migrate.MigrationSlice
	err = s.DB.NewSelect().Model(&done).ModelTableExpr(dialect.MigrationsTable + " AS migration").Scan(ctx)
	if err != nil && !s.Dialect.NoTable(err) {
		r.Failed(err)
		return
	}
	missing, unknown, err := compareMigrations(sources, done)
	if err != nil {
		return // the files are embedded, and every test runs them
	}
	if len(missing) > 0 {
		r.Found("migrations.missing", fmt.Sprintf("%d of the migrations were not run, from %s on: run Migrate, or the files of Migrations.", len(missing), missing[0]))
	}
	if len(unknown) > 0 {
		r.Warn("migrations.unknown", "The tables are newer than this version, which does not know "+strings.Join(unknown, ", ")+".")
	}
}

// compareMigrations returns those of the files that are not noted, in order, and those noted
// that are no files.
func compareMigrations(sources fs.FS, done migrate.MigrationSlice) (missing migrate.MigrationSlice, unknown []string, err error) {
	noted := map[string]bool{}
	for _, m := range done {
		noted[m.Name] = true
	}
	known := migrate.NewMigrations()
	if err := known.Discover(sources); err != nil {
		return nil, nil, err
	}
	for _, m := range known.Sorted() {
		if !noted[m.Name] {
			missing = append(missing, m)
		}
		delete(noted, m.Name)
	}
	return missing, slices.Sorted(maps.Keys(noted)), nil
}
