package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
)

// catalog is the JSON side of one of the lists that clients point at.
type catalog struct{ ask.List }

func catalogs() (all []catalog) {
	for _, l := range ask.Lists() {
		all = append(all, catalog{l})
	}
	return all
}

// schema is its name in the OpenAPI document.
func (l catalog) schema() string {
	one := l.Texts().One.String()
	return strings.ToUpper(one[:1]) + one[1:]
}

func (l catalog) document(row ask.ListRow) object {
	o := object{"id": row.ID.String(), "revision": row.Revision}
	for _, f := range l.Fields() {
		o.put(f.Path, kind.Value(f, row.Texts[f.Path]))
	}
	return o
}

func (l catalog) all(w http.ResponseWriter, r *ask.Request) error {
	rows, err := l.Rows(r)
	if err != nil {
		return err
	}
	all := []object{}
	for _, row := range rows {
		all = append(all, l.document(row))
	}
	return answer(w, r, http.StatusOK, object{l.Texts().Name: all})
}

func (l catalog) get(w http.ResponseWriter, r *ask.Request) error {
	return l.show(w, r, http.StatusOK, r.ID)
}

func (l catalog) show(w http.ResponseWriter, r *ask.Request, status int, id account.ID) error {
	row, err := l.Row(r, id)
	if err != nil {
		return err
	}
	setVersion(w.Header(), row.Revision)
	return answer(w, r, status, l.document(row))
}

// read is a body as texts; what is left out is unset, since PUT replaces.
func (l catalog) read(r *ask.Request) (map[string]string, error) {
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	change, faults := shape{fields: l.Fields()}.omittingNulls().read(body)
	for _, fc := range change {
		texts[fc.Path] = fc.New
	}
	return texts, faults.Err()
}

func (l catalog) post(w http.ResponseWriter, r *ask.Request) error {
	texts, err := l.read(r)
	if err != nil {
		return err
	}
	id, err := l.Save(r, ask.ListRow{Texts: texts})
	if err != nil {
		return err
	}
	w.Header().Set("Location", r.Root+"api/"+l.Texts().Name+"/"+id.String())
	return l.show(w, r, http.StatusCreated, id)
}

func (l catalog) put(w http.ResponseWriter, r *ask.Request) error {
	present, err := l.Row(r, r.ID)
	if err != nil {
		return err
	}
	revision, err := version(r, present.Revision)
	if err != nil {
		return err
	}
	texts, err := l.read(r)
	if err != nil {
		return err
	}
	if revision < 1 { // 0 would make a new one
		return l.conflict(r, texts)
	}
	row := ask.ListRow{ID: r.ID, Revision: revision, Texts: texts}
	if previews(r) {
		err = l.answerEffect(w, r, row)
	} else {
		_, err = l.Save(r, row)
	}
	if errors.Is(err, account.ErrStale) {
		return l.conflict(r, texts)
	}
	if err != nil || previews(r) {
		return err
	}
	return l.show(w, r, http.StatusOK, r.ID)
}

// ListEffect is what replacing one would come to for clients.
type ListEffect struct {
	Clients int            `json:"clients" limits:"minimum=0" about:"How many have it, and were looked at."`
	Touched int            `json:"touched" limits:"minimum=0" about:"How many of them would get other values at once."`
	Unread  int            `json:"unread" limits:"minimum=0" about:"How many have it, and were not looked at: only the first 10,000 are. They may get other values too."`
	Hidden  bool           `json:"hidden" about:"You do not see all that this would tell: clients are touched, and it is not told which."`
	Effects []ClientEffect `json:"effects" about:"On some of them, by login."`
}

// ClientEffect is what it would come to for a client.
type ClientEffect struct {
	Client  account.ID    `json:"client"`
	Login   string        `json:"login"`
	Changes []FieldChange `json:"changes" about:"By the fields of the list."`
}

// answerEffect tells what saving a row would come to, and writes nothing.
func (l catalog) answerEffect(w http.ResponseWriter, r *ask.Request, row ask.ListRow) error {
	effect, err := l.Effect(r, row)
	if err != nil {
		return err
	}
	told := ListEffect{Effects: []ClientEffect{}}
	if effect == nil {
		return answer(w, r, http.StatusOK, told)
	}
	told.Clients, told.Touched, told.Unread, told.Hidden = effect.Clients, effect.Touched, effect.Unread, effect.Hidden
	fields := l.Fields()
	for _, of := range effect.Effects {
		one := ClientEffect{Client: of.Account, Login: of.Login, Changes: []FieldChange{}}
		for _, d := range of.Changes {
			if i := slices.IndexFunc(fields, func(f account.Field) bool { return f.Path == d.Path }); i >= 0 {
				one.Changes = append(one.Changes, FieldChange{Field: d.Path, Old: kind.Value(fields[i], d.Before), New: kind.Value(fields[i], d.After)})
			}
		}
		told.Effects = append(told.Effects, one)
	}
	return answer(w, r, http.StatusOK, told)
}

// conflict shows what stands now beside what was wanted; nobody kept what was.
func (l catalog) conflict(r *ask.Request, yours map[string]string) error {
	theirs, err := l.Row(r, r.ID)
	if err != nil {
		return err
	}
	var fields []ConflictField
	for _, f := range l.Fields() {
		if now := theirs.Texts[f.Path]; now != yours[f.Path] {
			fields = append(fields, ConflictField{Field: f.Path, Theirs: kind.Value(f, now), Yours: kind.Value(f, yours[f.Path])})
		}
	}
	return newConflict(theirs.Revision, fields)
}

// delete needs no version: what no client has is of no use to who changed it. One
// that is given must be the present one.
func (l catalog) delete(w http.ResponseWriter, r *ask.Request) error {
	present, err := l.Row(r, r.ID)
	if err != nil {
		return err
	}
	if r.Header.Get("If-Match") != "" {
		revision, err := version(r, present.Revision)
		if err != nil {
			return err
		}
		if revision != present.Revision {
			return newConflict(present.Revision, nil)
		}
	}
	if err := l.Remove(r, r.ID); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
