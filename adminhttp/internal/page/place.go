package page

import (
	"bytes"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// NameList is the name under which a page of a client has the list that led to it: the query of
// the list's URL.
const NameList = "list"

// maxPlace is how long that may be.
const maxPlace = 4096

// ListState is all of the state of the Clients list, as its URL says it.
type ListState struct {
	ask.ClientFilter
	Columns string // names of columns with commas between; empty: the usual ones
	Cursor  string // after which the page begins
	At      string // in the URL of a client's page: the cursor that stands at the client's row
}

// ReadListState reads a state: orders that the actor may not see clients in are none.
func ReadListState(q url.Values, j access.Judge) ListState {
	s := ListState{ClientFilter: ask.FilterOf(q), Columns: strings.Join(q["columns"], ","), Cursor: q.Get("cursor"), At: q.Get("at")}
	if !j.Sorts(s.Sort) {
		s.Sort, s.Desc = j.FirstSort(), false
	}
	return s
}

// Values are what a URL says of the state.
func (s ListState) Values() url.Values {
	values := s.ClientFilter.Values()
	for name, text := range map[string]string{"columns": s.Columns, "cursor": s.Cursor, "at": s.At} {
		if text != "" {
			values.Set(name, text)
		}
	}
	return values
}

// URL returns the list in this state, from its first page or after a cursor.
func (s ListState) URL(root, cursor string) string {
	s.Cursor, s.At = cursor, ""
	return withQuery(root+"clients", s.Values())
}

// ClientURL returns a page of a client, which may have a query, who was found in the list in this
// state, at a cursor.
func (s ListState) ClientURL(root string, id account.ID, page, at string) string {
	return s.ClientURLs(root)(id, page, at)
}

// ClientURLs is [ListState.ClientURL] of many clients.
func (s ListState) ClientURLs(root string) func(id account.ID, page, at string) string {
	s.At = ""
	rest := s.Values().Encode()
	if rest != "" {
		rest = "&" + rest
	}
	rest = url.QueryEscape(rest)
	return func(id account.ID, page, at string) string {
		sign := "?"
		if strings.Contains(page, "?") {
			sign = "&"
		}
		return root + "clients/" + id.String() + "/" + page + sign + NameList + "=at%3D" + url.QueryEscape(url.QueryEscape(at)) + rest
	}
}

func withQuery(to string, values url.Values) string {
	switch {
	case len(values) == 0:
		return to
	case strings.Contains(to, "?"):
		return to + "&" + values.Encode()
	default:
		return to + "?" + values.Encode()
	}
}

// RowID is the id of a client's row in the list.
func RowID(id account.ID) string { return "c-" + id.String() }

// placeOf returns the list that led to a page of a client; false where none did. Whatever the URL
// says, it is nothing but a state of the list.
func placeOf(r *ask.Request) (ListState, bool) {
	values, err := url.ParseQuery(r.List)
	if r.List == "" || len(r.List) > maxPlace || err != nil {
		return ListState{}, false
	}
	return ReadListState(values, r.Judge), true
}

// addPlace leads back to the list as it was, and on to the clients beside this one in it.
func (c *Head) addPlace(r *ask.Request, id account.ID, current string) error {
	s, known := placeOf(r)
	if !known {
		return nil
	}
	c.List.Href = s.URL(r.Root, s.Cursor) + "#" + RowID(id)
	q, possible := s.Query(r.Judge)
	if !possible || s.At == "" {
		return nil
	}
	before, after, err := r.Service.Beside(r.Context(), q, s.At, r.Judge.ShowsField)
	if _, bad := account.AsFaults(err); bad {
		return nil // of another key, say: there is a list, but no place in it
	}
	for _, beside := range []struct {
		row  *account.Summary
		link **Link
	}{{before, &c.Before}, {after, &c.After}} {
		if row := beside.row; row != nil {
			seen := r.Judge.Visible(ask.PartOf(*row))
			*beside.link = &Link{Name: words.Plain(seen.Core.Login), Href: s.ClientURL(r.Root, row.ID, current, r.Service.CursorOf(*row, q))}
		}
	}
	return err
}

// KeepPlace has links, forms and redirects of a client's page, to other pages of clients, keep the
// list that led to it. That is done here for all of them, in what is answered: none can be left out.
func KeepPlace(do ask.Endpoint) ask.Endpoint {
	return func(w http.ResponseWriter, r *ask.Request) error {
		takePlace(r)
		if s, known := placeOf(r); known {
			w = &placeKeeper{w, s.Values().Encode()}
		}
		return do(w, r)
	}
}

// takePlace takes the list out of the query, so that it is none of what a page reads.
func takePlace(r *ask.Request) {
	query, u := r.URL.Query(), *r.URL
	if !query.Has(NameList) {
		return
	}
	r.List = query.Get(NameList)
	query.Del(NameList)
	u.RawQuery = query.Encode()
	r.Request = r.WithContext(r.Context())
	r.URL = &u
}

// placeKeeper writes answers with the place in their links. Pages are written in one piece.
type placeKeeper struct {
	http.ResponseWriter
	place string
}

var (
	// toClient matches a relative URL of a client's page.
	toClient = regexp.MustCompile(`^(?:\.\./)*clients/[0-9a-f-]{36}/`)
	// inTags matches what leads to one. Attributes are escaped, so no user's text matches.
	inTags = regexp.MustCompile(`<(?:a|form)\b[^>]*? (?:href|action)="((?:\.\./)*clients/[0-9a-f-]{36}/[^"]*)"[^>]*>`)
)

// Unwrap is for http.ResponseController.
func (k *placeKeeper) Unwrap() http.ResponseWriter { return k.ResponseWriter }

func (k *placeKeeper) WriteHeader(status int) {
	if to := k.Header().Get("Location"); toClient.MatchString(to) {
		k.Header().Set("Location", k.kept(to))
	}
	k.ResponseWriter.WriteHeader(status)
}

// kept returns a URL with the place; as it is where it has one.
func (k *placeKeeper) kept(to string) string {
	to, fragment, fragments := strings.Cut(to, "#")
	path, query, _ := strings.Cut(to, "?")
	if values, err := url.ParseQuery(query); err == nil && !values.Has(NameList) {
		values.Set(NameList, k.place)
		to = withQuery(path, values)
	}
	if fragments {
		to += "#" + fragment
	}
	return to
}

func (k *placeKeeper) Write(p []byte) (int, error) {
	if !strings.HasPrefix(k.Header().Get("Content-Type"), "text/html") {
		return k.ResponseWriter.Write(p)
	}
	if _, err := k.ResponseWriter.Write(k.rewritten(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// rewritten returns a page with the place in its links, and in its forms that get.
func (k *placeKeeper) rewritten(page []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(page) + len(page)/4)
	end := 0
	for _, at := range inTags.FindAllSubmatchIndex(page, -1) {
		out.Write(page[end:at[2]])
		out.WriteString(html.EscapeString(k.kept(html.UnescapeString(string(page[at[2]:at[3]])))))
		out.Write(page[at[3]:at[1]])
		if end = at[1]; bytes.Contains(page[at[0]:at[1]], []byte(`method="get"`)) {
			out.WriteString(`<input type="hidden" name="` + NameList + `" value="` + html.EscapeString(k.place) + `">`)
		}
	}
	out.Write(page[end:])
	return out.Bytes()
}
