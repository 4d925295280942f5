package api

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
)

// priceRoutes are the operations on price lists, those of products and of clients, and what a
// client pays.
func priceRoutes() []operation {
	return slices.Concat(
		listRoutes("products", "Product", access.ProductPrices), listRoutes("clients", "Client", access.ClientPrices),
		[]operation{{
			method: http.MethodGet, path: "clients/{id}/price", need: access.ClientPrices.See, id: "getPrice", summary: "What a part of a client's message to a network costs at an instant, and by which row",
			params: priceParams, status: http.StatusOK, answers: of[Price](), refuses: noPrices, do: getPrice,
		}},
	)
}

// noPrices are the statuses that there are beside: the second where no price lists are kept.
var noPrices = []int{http.StatusForbidden, http.StatusNotImplemented}

// listRoutes are those on the list of one kind of owner.
func listRoutes(owners, one string, needs access.PriceNeeds) []operation {
	list := owners + "/{id}/prices"
	draft, announcements, name := list+"/draft", list+"/announcements", one+"Prices"
	return []operation{
		{
			method: http.MethodGet, path: list, need: needs.See, id: "list" + name, summary: "The rows of the list, by network, then instant; of a client also those of their product",
			params: rowParams, status: http.StatusOK, answers: of[PriceList](), refuses: noPrices, do: listPrices,
		},
		{
			method: http.MethodGet, path: draft, need: needs.See, id: "get" + name + "Draft", summary: "The draft of the list; at revision 0 there is none",
			status: http.StatusOK, answers: of[PriceDraft](), refuses: noPrices, do: getDraft,
		},
		{
			method: http.MethodPut, path: draft, need: needs.Draft, id: "replace" + name + "Draft", summary: "What the draft is to be, instead of all that it was; nothing of it holds before it is announced",
			body: draftBody(), status: http.StatusOK, answers: of[PriceDraft](), versioned: true, refuses: noPrices, do: putDraft,
		},
		{
			method: http.MethodDelete, path: draft, need: needs.Draft, id: "drop" + name + "Draft", summary: "Forget the draft",
			status: http.StatusNoContent, versioned: true, refuses: noPrices, do: deleteDraft,
		},
		{
			method: http.MethodPost, path: draft + "/import", need: needs.Draft, id: "import" + name, summary: "Add the rows of a file to the draft, all or none: one takes the place of a row of the same network and instant",
			params: importParams, takes: []string{csvMedia, workbookMedia}, status: http.StatusOK, answers: of[PriceDraft](), versioned: true, refuses: noPrices, do: importDraft,
		},
		{
			method: http.MethodGet, path: draft + "/preview", need: needs.Look, id: "preview" + name, summary: "What the draft comes to, and for whom",
			status: http.StatusOK, answers: of[PricePreview](), refuses: noPrices, do: previewDraft,
		},
		{
			method: http.MethodPost, path: announcements, need: needs.Announce, id: "announce" + name, summary: "Have the draft hold, each row from its instant on, and tell clients of it",
			body: sentAs[NewAnnouncement](), status: http.StatusOK, answers: of[Announcement](), versioned: true, refuses: noPrices, do: announceDraft,
		},
		{
			method: http.MethodGet, path: announcements, need: needs.See, id: "list" + name + "Announcements", summary: "What was announced of the list, the newest first",
			params: []param{cursorParam, limitParam}, status: http.StatusOK, answers: of[AnnouncementList](), refuses: noPrices, do: listAnnouncements,
		},
		{
			method: http.MethodGet, path: announcements + "/{announcement}", need: needs.See, id: "get" + name + "Announcement", summary: "An announcement with its rows",
			status: http.StatusOK, answers: of[AnnouncementRows](), refuses: noPrices, do: getAnnouncement,
		},
	}
}

// maxPrices is the most rows of a page of a price list.
const maxPrices = 1000

var (
	mccParam  = param{name: "mcc", about: "Of this mobile country code.", schema: object{"type": "string", "pattern": "^[0-9]{3}$"}, valid: validNetwork("mcc")}
	rowParams = []param{
		mccParam, cursorParam,
		{name: "limit", about: "Rows of a page.", schema: object{"type": "integer", "minimum": 1, "maximum": maxPrices, "default": 50}, valid: validPriceLimit},
	}
	priceParams = []param{
		{name: "mcc", about: "The mobile country code, three digits.", schema: object{"type": "string"}, valid: validNetwork("mcc")},
		{name: "mnc", about: "The mobile network code, two or three digits; empty: any network of the country.", schema: object{"type": "string"}, valid: validNetwork("mnc")},
		{name: "at", about: "The instant; now unless given.", schema: instantSchema(), valid: validInstant("at")},
	}
	importParams = []param{
		{name: "separator", about: "Of the cells of a CSV file; recognised by its first line unless given.", schema: enum("comma", "semicolon", "tab")},
		{name: "decimal", about: "The decimal sign of prices in a CSV file.", schema: enum("point", "comma")},
		{name: "charset", about: "Of a CSV file without a byte order mark; utf-8 unless given.", schema: enum(ask.Charsets()...)},
		{name: "zone", about: "Of instants without an offset; the client's, of a product UTC, unless given.", schema: object{"type": "string"}},
		{name: "from", about: "From when rows hold that say nothing, by that clock or RFC 3339.", schema: object{"type": "string"}},
		{name: "extra", about: "true: columns that are not known are passed over, instead of being faults.", schema: object{"type": "boolean"}},
	}
)

func validNetwork(name string) func(string, access.Judge) *account.Fault {
	return func(value string, _ access.Judge) *account.Fault {
		digits := strings.Trim(value, "0123456789") == "" && len(value) <= 3 && (len(value) == 3 || name == "mnc" && len(value) == 2)
		return sent.Unless(digits, price.FaultOf(name+".format").Fault)
	}
}

func validPriceLimit(value string, _ access.Judge) *account.Fault {
	n, err := strconv.Atoi(value)
	return sent.Unless(err == nil && n >= 1 && n <= maxPrices, account.Fault{Path: "limit", Code: "limit.range", Text: "Choose 1 to 1,000."})
}

func listPrices(w http.ResponseWriter, r *ask.Request) error {
	list, err := r.Prices()
	if err != nil {
		return err
	}
	mcc := r.URL.Query().Get("mcc")
	rows := rowsOf(list, mcc)
	over := "prices " + r.ID.String() + " " + mcc
	from, err := openMark(r, r.URL.Query().Get("cursor"), over)
	if err != nil {
		return err
	}
	shown, more := ask.Cut(rows[min(int64(len(rows)), from):], pageSize(r))
	told := PriceList{Currency: orNull(list.Currency), Prices: append([]PriceRow{}, shown...)}
	if more {
		told.Next = new(sealMark(r, from+int64(len(shown)), over))
	}
	return answer(w, r, http.StatusOK, told)
}

// rowsOf returns the rows of a list, of one country where that is named: a client's own before
// those of their product for the same network and instant.
func rowsOf(list ask.Prices, mcc string) (rows []PriceRow) {
	whose := func(o account.Origin) *account.Origin {
		if list.Of.Account.IsZero() {
			return nil
		}
		return &o
	}
	for _, part := range []struct {
		list  *price.List
		whose account.Origin
	}{{list.Own, account.OriginOwn}, {list.Product, account.OriginProduct}} {
		for _, row := range part.list.Rows() {
			if mcc == "" || row.MCC == mcc {
				told := priceRowOf(row)
				told.Origin = whose(part.whose)
				rows = append(rows, told)
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b PriceRow) int {
		return cmp.Or(cmp.Compare(a.MCC, b.MCC), cmp.Compare(given(a.MNC), given(b.MNC)), a.From.Compare(b.From))
	})
	return rows
}

func getPrice(w http.ResponseWriter, r *ask.Request) error {
	values := r.URL.Query()
	n, at := price.Network{MCC: values.Get("mcc"), MNC: values.Get("mnc")}, r.Service.Now()
	if n.MCC == "" {
		return account.Faults{price.FaultOf("mcc.format").Fault}
	}
	if text := values.Get("at"); text != "" {
		at, _ = time.Parse(time.RFC3339, text)
	}
	found, sold, err := r.Service.PriceAt(r.Context(), r.ID, n, at)
	if err != nil {
		return err
	}
	told := Price{MCC: n.MCC, MNC: orNull(n.MNC), At: at.UTC(), Currency: orNull(r.Judge.Currency(r.Client.Core.Currency))}
	if sold {
		told.Price = amount(found.Price)
	}
	if found.MCC != "" {
		row := priceRowOf(found.Row)
		row.Origin, told.By = &found.Origin, &row
	}
	return answer(w, r, http.StatusOK, told)
}

func getDraft(w http.ResponseWriter, r *ask.Request) error {
	if _, err := r.Prices(); err != nil { // whose list it is may be gone
		return err
	}
	d, err := r.PriceDraft()
	if err != nil {
		return err
	}
	return answerDraft(w, r, d)
}

func answerDraft(w http.ResponseWriter, r *ask.Request, d ask.PriceDraft) error {
	setVersion(w.Header(), d.Revision)
	return answer(w, r, http.StatusOK, draftOf(d))
}

// draftAt returns the draft of the path's list, which must be at the revision that the request
// was made from.
func draftAt(r *ask.Request) (ask.PriceDraft, error) {
	d, err := r.PriceDraft()
	if err != nil {
		return d, err
	}
	seen, err := versions(r.Header)
	if err == nil && !slices.Contains(seen, d.Revision) {
		err = newConflict(d.Revision, nil)
	}
	return d, err
}

// lostDraft is a problem where somebody else changed the draft meanwhile, and any other error as
// it is.
func lostDraft(r *ask.Request, was int64, err error) error {
	lost := errors.Is(err, account.ErrStale) || was > 0 && errors.Is(err, account.ErrNotFound) || was == 0 && errors.Is(err, account.ErrConflict)
	if !lost {
		return err
	}
	d, again := r.PriceDraft()
	if again != nil {
		return again
	}
	return newConflict(d.Revision, nil)
}

func putDraft(w http.ResponseWriter, r *ask.Request) error {
	d, err := draftAt(r)
	if err != nil {
		return err
	}
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	var wanted PriceDraftWrite
	faults := sent.Decode(body, &wanted)
	faults = sent.AddFault(sent.AddFault(faults, wanted.Undo.faults...), wanted.Rows.faults...)
	if len(faults) > 0 {
		return faults
	}
	return saveDraft(w, r, d.Revision, price.Draft{Undo: wanted.Undo.starts, Rows: wanted.Rows.rows})
}

func saveDraft(w http.ResponseWriter, r *ask.Request, was int64, wanted price.Draft) error {
	saved, err := r.SavePriceDraft(was, wanted)
	if err != nil {
		return lostDraft(r, was, err)
	}
	return answerDraft(w, r, saved)
}

func deleteDraft(w http.ResponseWriter, r *ask.Request) error {
	d, err := draftAt(r)
	if err != nil {
		return err
	}
	if err := r.DropPriceDraft(d.Revision); err != nil {
		return lostDraft(r, d.Revision, err)
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// Media types of files.
const (
	csvMedia      = "text/csv"
	workbookMedia = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

func importDraft(w http.ResponseWriter, r *ask.Request) error {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != csvMedia && (media != workbookMedia || r.ReadWorkbook == nil) {
		return newProblem(http.StatusUnsupportedMediaType, "body", "body.content_type", "Use "+csvMedia+".")
	}
	d, err := draftAt(r)
	if err != nil {
		return err
	}
	list, err := r.Prices()
	if err != nil {
		return err
	}
	options, faults := list.ImportOptions(func(name string) string {
		if name == "charset" {
			return cmp.Or(r.URL.Query().Get(name), strings.ToLower(params[name]))
		}
		return r.URL.Query().Get(name)
	}, r.Service.Now())
	if len(faults) > 0 {
		return faults
	}
	r.Large(w, price.DefaultMaxBytes+1)
	rows, err := readFile(r, options)
	if err != nil {
		return err
	}
	return saveDraft(w, r, d.Revision, ask.AddPrices(d.Draft, rows...))
}

// readFile reads the prices in a body.
func readFile(r *ask.Request, o price.ReadOptions) ([]price.Row, error) {
	file, err := io.ReadAll(r.Body)
	if _, over := errors.AsType[*http.MaxBytesError](err); over || len(file) > price.DefaultMaxBytes {
		return nil, newProblem(http.StatusRequestEntityTooLarge, "body", "body.too_large", "At most 8 MB.")
	}
	if err != nil {
		return nil, sent.ErrSyntax()
	}
	rows, err := r.ReadPrices(bytes.NewReader(file), o)
	if faults, bad := price.AsFaults(err); bad {
		return nil, fileProblem(r.Judge, faults)
	}
	return rows, err
}

func previewDraft(w http.ResponseWriter, r *ask.Request) error {
	p, err := r.PreviewPrices()
	if err != nil {
		return err
	}
	setVersion(w.Header(), p.Draft.Revision)
	return answer(w, r, http.StatusOK, previewOf(r.Judge, p))
}

func announceDraft(w http.ResponseWriter, r *ask.Request) error {
	d, err := draftAt(r)
	if err != nil {
		return err
	}
	body, err := readObject(r, jsonMedia)
	if err != nil {
		return err
	}
	var wanted NewAnnouncement
	faults, reason := sent.Decode(body, &wanted), given(wanted.Reason)
	if fault := reasonParam.valid(reason, r.Judge); fault != nil {
		faults = sent.AddFault(faults, *fault)
	}
	if len(faults) > 0 {
		return faults
	}
	made, err := r.Service.AnnouncePrices(r.Context(), r.PriceOwner(), d.Revision, r.Actor, reason)
	if err != nil {
		return lostDraft(r, d.Revision, err)
	}
	return answer(w, r, http.StatusOK, announcementOf(made))
}

func listAnnouncements(w http.ResponseWriter, r *ask.Request) error {
	over := "announcements " + r.ID.String()
	var before account.ID
	if cursor := r.URL.Query().Get("cursor"); cursor != "" {
		mark, err := r.Service.OpenCursor(cursor, over)
		if err != nil || len(mark) != len(before) {
			return cmp.Or(err, errCursor())
		}
		copy(before[:], mark)
	}
	found, older, err := r.Announcements(before, pageSize(r))
	if err != nil {
		return err
	}
	told := AnnouncementList{Announcements: make([]Announcement, len(found))}
	for i, a := range found {
		told.Announcements[i] = announcementOf(a)
	}
	if older {
		last := found[len(found)-1].ID
		told.Next = new(r.Service.SealCursor(last[:], over))
	}
	return answer(w, r, http.StatusOK, told)
}

func getAnnouncement(w http.ResponseWriter, r *ask.Request) error {
	id, err := account.ParseID(r.PathValue("announcement"))
	if err != nil || id.IsZero() {
		return account.ErrNotFound
	}
	a, err := r.AnnouncementOf(id)
	if err != nil {
		return err
	}
	return answer(w, r, http.StatusOK, AnnouncementRows{announcementOf(a), priceRowsOf(a.Added), priceRowsOf(a.Undone)})
}
