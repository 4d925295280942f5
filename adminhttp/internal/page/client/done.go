package client

import (
	"strconv"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
)

// doneNotice says what was just written, or that nothing was.
type doneNotice struct {
	Text    string
	Changes []page.Change
}

// previewNotice says what applying would write.
type previewNotice struct{ Changes []page.Change }

// doneOf tells what led here: ?applied=<revision>, or ?discarded.
func doneOf(e editor) (*doneNotice, error) {
	query := e.r.URL.Query()
	switch applied := query.Get("applied"); {
	case query.Has("discarded"):
		return &doneNotice{Text: "Discarded. Nothing was written."}, nil
	case applied == "0":
		return &doneNotice{Text: "Nothing differed from what is stored, so nothing was written."}, nil
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
	if record.Actor != e.r.Actor && !e.r.Judge.May(access.History) {
		return nil, nil
	}
	said := "Applied."
	if record.Kind == account.RecordCreated {
		return &doneNotice{Text: "The client was created."}, nil
	}
	if record.Kind == account.RecordUndone {
		said = "Taken back."
	}
	return &doneNotice{Text: said, Changes: page.Changes(e.r, record.Change, e.wording)}, nil
}
