package adminhttp

import (
	"errors"
	"net/http"
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// apiReference is the JSON side of one of the lists that clients point at.
type apiReference struct{ list }

func apiReferences() (all []apiReference) {
	for _, l := range lists() {
		all = append(all, apiReference{l})
	}
	return all
}

// schema is its name in the OpenAPI document.
func (l apiReference) schema() string {
	one := l.texts().One
	return strings.ToUpper(one[:1]) + one[1:]
}

func (l apiReference) document(row listRow) object {
	o := object{"id": row.id.String(), "revision": row.revision}
	for _, f := range l.fields() {
		o[f.Path] = valueOf(f, row.texts[f.Path])
	}
	return o
}

func (l apiReference) all(w http.ResponseWriter, r *request) error {
	rows, err := l.rows(r)
	if err != nil {
		return err
	}
	all := []object{}
	for _, row := range rows {
		all = append(all, l.document(row))
	}
	return answer(w, r, http.StatusOK, object{l.texts().Name: all})
}

func (l apiReference) get(w http.ResponseWriter, r *request) error {
	return l.show(w, r, http.StatusOK, r.id)
}

func (l apiReference) show(w http.ResponseWriter, r *request, status int, id account.ID) error {
	row, err := l.row(r, id)
	if err != nil {
		return err
	}
	setVersion(w.Header(), row.revision)
	return answer(w, r, status, l.document(row))
}

// read is a body as texts; what is left out is unset, since PUT replaces.
func (l apiReference) read(r *request) (map[string]string, error) {
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	change, faults := shape{fields: l.fields()}.omittingNulls().read(body)
	for _, fc := range change {
		texts[fc.Path] = fc.New
	}
	return texts, faults.Err()
}

func (l apiReference) post(w http.ResponseWriter, r *request) error {
	texts, err := l.read(r)
	if err != nil {
		return err
	}
	id, err := l.save(r, listRow{texts: texts})
	if err != nil {
		return err
	}
	w.Header().Set("Location", r.root+"api/"+l.texts().Name+"/"+id.String())
	return l.show(w, r, http.StatusCreated, id)
}

func (l apiReference) put(w http.ResponseWriter, r *request) error {
	present, err := l.row(r, r.id)
	if err != nil {
		return err
	}
	revision, err := r.version(present.revision)
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
	_, err = l.save(r, listRow{r.id, revision, texts})
	if errors.Is(err, account.ErrStale) {
		return l.conflict(r, texts)
	}
	if err != nil {
		return err
	}
	return l.show(w, r, http.StatusOK, r.id)
}

// conflict shows what stands now beside what was wanted; nobody kept what was.
func (l apiReference) conflict(r *request, yours map[string]string) error {
	theirs, err := l.row(r, r.id)
	if err != nil {
		return err
	}
	var fields []conflictField
	for _, f := range l.fields() {
		if now := theirs.texts[f.Path]; now != yours[f.Path] {
			fields = append(fields, conflictField{Field: f.Path, Theirs: valueOf(f, now), Yours: valueOf(f, yours[f.Path])})
		}
	}
	return newConflict(theirs.revision, fields)
}

// delete needs no version: what no client has is of no use to who changed it. One
// that is given must be the present one.
func (l apiReference) delete(w http.ResponseWriter, r *request) error {
	present, err := l.row(r, r.id)
	if err != nil {
		return err
	}
	if r.Header.Get("If-Match") != "" {
		revision, err := r.version(present.revision)
		if err != nil {
			return err
		}
		if revision != present.revision {
			return newConflict(present.revision, nil)
		}
	}
	if err := l.remove(r, r.id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
