package api

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// setVersion puts a revision into the ETag.
func setVersion(header http.Header, revision int64) {
	header.Set("ETag", `"`+strconv.FormatInt(revision, 10)+`"`)
}

// entityTag is one of If-Match (RFC 9110, 8.8.3): perhaps weak, and what is in
// its quotes.
var entityTag = regexp.MustCompile(`^(W/)?"([\x21\x23-\x7E\x80-\x{FF}]*)"$`)

// versions are the revisions that If-Match names. A weak tag matches nothing
// (RFC 9110, 13.1.1), and stands as -1, which no revision is. Without a list of
// tags, and for *, which names no version, the error says that one is required.
func versions(header http.Header) ([]int64, error) {
	required := newProblem(http.StatusPreconditionRequired, "version", ask.VersionRequired.Code, ask.VersionRequired.Text)
	list := strings.TrimSpace(strings.Join(header.Values("If-Match"), ","))
	if list == "" || len(list) > sent.MaxName*sent.MaxNesting {
		return nil, required
	}
	var all []int64
	for tag := range strings.SplitSeq(list, ",") {
		parsed := entityTag.FindStringSubmatch(strings.TrimSpace(tag))
		if parsed == nil {
			return nil, required
		}
		revision, err := strconv.ParseInt(parsed[2], 10, 64)
		if err != nil || parsed[1] != "" || strconv.FormatInt(revision, 10) != parsed[2] {
			revision = -1
		}
		all = append(all, revision)
	}
	return all, nil
}

// version is the revision that was edited: of those in If-Match the present one,
// else the newest.
func version(r *ask.Request, present int64) (int64, error) {
	all, err := versions(r.Header)
	switch {
	case err != nil:
		return 0, err
	case slices.Contains(all, present):
		return present, nil
	default:
		return max(0, slices.Max(all)), nil
	}
}

// Conflict is the problem of a lost race, with what a person needs to choose.
type Conflict struct {
	Problem
	Revision int64           `json:"revision" limits:"minimum=0"` // the one to edit now; 0: there is none
	Actor    *account.Actor  `json:"actor"`                       // of the newest change since
	At       *time.Time      `json:"at"`
	Fields   []ConflictField `json:"fields"`
}

// ConflictField is a field that one of the two sides changed. Actor and At are
// theirs, null where only yours differs. To who does not see the history, they and what
// was are told of changes of one's own alone; else they are null, as is what stayed yours.
type ConflictField struct {
	Field  string         `json:"field"`
	Was    any            `json:"was"`
	Theirs any            `json:"theirs"`
	Yours  any            `json:"yours"`
	Secret bool           `json:"secret,omitempty"`
	Actor  *account.Actor `json:"actor"`
	At     *time.Time     `json:"at"`
}

// conflicting is a lost race with what the loser wanted.
type conflicting struct {
	*clientaccount.StaleError
	apply func(*account.Account) error
}

// newConflict is the problem of a thing that is at another revision now. Record is the
// newest change since, if it may be told of.
func newConflict(revision int64, fields []ConflictField, record ...account.Record) *failure {
	p := newProblem(http.StatusPreconditionFailed, "version", "version.conflict", "Somebody changed this meanwhile. See fields.")
	p.Type, p.Title = ProblemConflict, "Changed meanwhile"
	c := &Conflict{Problem: *p.Problem, Revision: revision, Fields: append([]ConflictField{}, fields...)}
	for _, newest := range record {
		c.Actor, c.At = &newest.Actor, instant(newest.At)
	}
	p.body = c
	setVersion(p.header, revision)
	return p
}

// conflictOf shows both sides; a client that left the actor's scope is not found.
func conflictOf(r *ask.Request, c conflicting) *failure {
	if !r.Judge.Sees(c.Theirs) {
		return notFound()
	}
	yours := c.Was.Clone()
	if c.apply != nil {
		_ = c.apply(&yours) // what cannot be set is not among yours
	}
	var fields []ConflictField
	for _, f := range r.Judge.Fields() {
		if field, ok := c.field(r, f, yours); ok {
			fields = append(fields, field)
		}
	}
	told := slices.IndexFunc(c.Since, func(record account.Record) bool { // the newest is the first
		_, any := r.Judge.Record(record)
		return any && r.SeesRecord(record)
	})
	return newConflict(c.Theirs.Revision, fields, c.Since[max(told, 0):told+1]...)
}

// field is one row of the conflict, unless both sides left the field alone. What was, and who changed
// it, is for who may be told of that change.
func (c conflicting) field(r *ask.Request, f account.Field, yours account.Account) (ConflictField, bool) {
	record, theirs := c.By(f.Path)
	row := ConflictField{Field: f.Path, Secret: f.Secret()}
	if theirs && r.SeesRecord(record) {
		row.Actor, row.At = &record.Actor, instant(record.At)
	}
	if f.Secret() {
		return row, theirs
	}
	was, now, wanted := f.Text(c.Was), f.Text(c.Theirs), f.Text(yours)
	stood, lost := ask.Stood(c.StaleError, f)
	untouched := was == wanted
	if untouched {
		wanted = stood
	}
	told := func(text string) any { return kind.Value(f, r.Judge.Text(f, text)) }
	row.Was, row.Theirs, row.Yours = told(stood), told(now), told(wanted)
	if !r.SeesWas(c.StaleError, f.Path) {
		row.Was = nil
		if untouched {
			row.Yours = nil
		}
	}
	return row, was != now || !untouched || lost
}
