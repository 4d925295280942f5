package bunstore

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun/migrate"

	"github.com/clientaccount/clientaccount/store"
)

var _ store.Checker = (*Store)(nil)

// Check is [store.Checker]'s. It looks for missing migrations, and at what this
// database's engine must have and how the connections are set up.
func (s *Store) Check(ctx context.Context) store.Report {
	c := &check{Store: s}
	s.engine.check(ctx, c)
	if !c.gone {
		c.migrations(ctx)
	}
	return c.report
}

// check gathers what is found.
type check struct {
	*Store
	report store.Report
	gone   bool // a question was not answered: no use in asking more
}

func (c *check) found(code, text string) {
	c.report.Problems = append(c.report.Problems, store.Problem{Code: code, Text: text})
}

func (c *check) warn(code, text string) {
	c.report.Problems = append(c.report.Problems, store.Problem{Code: code, Text: text, Warning: true})
}

// failed notes that a question was not answered. The driver's error may have names of
// hosts and users in it, so none of it is told but the SQLSTATE.
func (c *check) failed(err error) {
	c.gone = true
	if state := sqlState(err); state != "" {
		c.found("store.failing", "The database answers with the error "+state+".")
		return
	}
	c.found("store.unreachable", "The database does not answer, or not in time.")
}

// when notes the database's clock.
func (c *check) when(clock string) {
	if t, err := time.Parse(time.RFC3339Nano, clock); err == nil {
		c.report.Clock = t
	}
}

// migrations compares what is noted as done with what there is.
func (c *check) migrations(ctx context.Context) {
	sources, err := Migrations(c.db.Dialect().Name())
	if err != nil {
		return // New refused such a dialect
	}
	var done migrate.MigrationSlice
	err = c.db.NewSelect().Model(&done).ModelTableExpr(migrationsTable + " AS migration").Scan(ctx)
	if err != nil && !c.engine.noTable(err) {
		c.failed(err)
		return
	}
	missing, unknown, err := compareMigrations(sources, done)
	if err != nil {
		return // the files are embedded, and every test runs them
	}
	if len(missing) > 0 {
		c.found("migrations.missing", fmt.Sprintf("%d of the migrations were not run, from %s on: run Migrate, or the files of Migrations.", len(missing), missing[0]))
	}
	if len(unknown) > 0 {
		c.warn("migrations.unknown", "The tables are newer than this version, which does not know "+strings.Join(unknown, ", ")+".")
	}
}

// compareMigrations are those of the files that are not noted, in order, and those noted
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
