package client

import (
	"strconv"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// doneNotice says what was just written, or that nothing was.
type doneNotice struct {
	Text      words.Text
	Changes   []page.Change
	Meanwhile []meanwhile // what others changed while this was typed
}

// meanwhile is what somebody else changed, and is merged with.
type meanwhile struct {
	Who     words.Text
	When    words.Moment
	Changes []page.Change
}

// previewNotice says what applying would write.
type previewNotice struct {
	Changes   []page.Change
	Left      words.Text // to spend, with other limits
	Meanwhile []meanwhile
}

// doneOf tells what led here: ?applied=<revision>, or ?discarded.
func doneOf(e editor) (*doneNotice, error) {
	query := e.r.URL.Query()
	switch applied := query.Get("applied"); {
	case query.Has("discarded"):
		return &doneNotice{Text: "Discarded. Nothing was written."}, nil
	case applied == "0":
		since, err := sinceOf(e, e.account.Revision+1)
		return &doneNotice{Text: "Nothing differed from what is stored, so nothing was written.", Meanwhile: since}, err
	case applied == "":
		return nil, nil
	default:
		return appliedNotice(e, applied)
	}
}

// appliedNotice tells of a change, to the one who made it or who may see the history.
func appliedNotice(e editor, text string) (*doneNotice, error) {
	revision, err := strconv.ParseInt(text, 10, 64)
	if err != nil || revision < 1 || revision > e.account.Revision {
		return nil, nil
	}
	record, err := readRecord(e.r, e.account.ID, revision)
	if err != nil {
		return nil, err
	}
	if !e.r.SeesRecord(record) {
		return nil, nil
	}
	said := words.Text("Applied.")
	if record.Kind == account.RecordCreated {
		return &doneNotice{Text: "The client was created."}, nil
	}
	if record.Kind == account.RecordUndone {
		said = "Taken back."
	}
	since, err := sinceOf(e, revision)
	return &doneNotice{Text: said, Changes: page.Changes(e.r, record.Change, e.wording), Meanwhile: since}, err
}

// sinceOf reads the URL's ?since=: after which revision others changed what this was merged with.
func sinceOf(e editor, before int64) ([]meanwhile, error) {
	since, ok := page.RevisionOf(e.r.URL.Query(), "since")
	if !ok || since >= before {
		return nil, nil
	}
	return e.changedSince(since, before)
}

// maxMeanwhile is how many changes of others a notice tells of.
const maxMeanwhile = 20

// changedSince tells of the changes of others between two revisions, the newest first, to who sees
// the history.
func (e editor) changedSince(since, before int64) (all []meanwhile, err error) {
	if !e.r.Judge.May(access.History) {
		return nil, nil
	}
	records, err := e.r.Service.Changes(e.r.Context(), account.ChangeQuery{Of: e.account.ID, Since: since, Before: before, Limit: maxMeanwhile})
	if err != nil {
		return nil, err
	}
	for _, record := range records {
		changes := page.Changes(e.r, record.Change, e.wording)
		if e.r.Own(record.Actor) || len(changes) == 0 {
			continue
		}
		m := meanwhile{Who: words.Plain(record.Actor.Name), When: words.MomentOf(record.At, e.now, words.Zone(e.seen)), Changes: changes}
		if m.Who == "" {
			m.Who = "Somebody"
		}
		all = append(all, m)
	}
	return all, nil
}
