package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
)

// getDocument answers the OpenAPI document.
func getDocument(w http.ResponseWriter, r *ask.Request) error {
	return answer(w, r, http.StatusOK, openAPI(r.Title))
}

// openAPI describes the API (OpenAPI 3.1), from the table of routes and the table
// of fields. It is the same for everybody; fields hidden from an actor are simply
// not there for them.
func openAPI(title string) object {
	paths, all := object{}, schemas{}
	for name, made := range kind.Schemas() {
		all[name] = made
	}
	for _, rt := range operations() {
		item, ok := paths["/"+rt.path].(object)
		if !ok {
			item = object{}
			paths["/"+rt.path] = item
		}
		item[strings.ToLower(rt.method)] = rt.describe(all)
	}
	return object{
		"openapi": "3.1.1",
		"info": object{
			"title": title, "version": "0.1.0",
			"description": "Client accounts. Amounts are strings, times RFC 3339, ids UUIDs, what is unset is null. " +
				"Unknown and doubled names are refused. Every refusal is a problem of RFC 9457.",
		},
		"servers":    []object{{"url": ".", "description": "where this document is"}},
		"paths":      paths,
		"components": object{"schemas": all, "headers": headerSchemas()},
	}
}

// describe is the operation in the document.
func (rt operation) describe(all schemas) object {
	o := object{"operationId": rt.id, "summary": rt.summary, "responses": rt.responses(all)}
	if params := rt.parameters(); len(params) > 0 {
		o["parameters"] = params
	}
	if rt.body.name != "" {
		content := object{jsonMedia: object{"schema": all.ref(rt.body)}}
		if rt.method == http.MethodPatch {
			content[patchMedia] = content[jsonMedia]
		}
		o["requestBody"] = object{"required": rt.body.name != sentAs[Nothing]().name, "content": content}
	}
	if len(rt.takes) > 0 {
		content := object{}
		if rt.body.name != "" {
			content[jsonMedia] = object{"schema": all.ref(rt.body)}
		}
		for _, media := range rt.takes {
			content[media] = object{"schema": object{"type": "string"}}
		}
		o["requestBody"] = object{"required": true, "content": content}
	}
	return o
}

func (rt operation) parameters() []object {
	var all []object
	for segment := range strings.SplitSeq(rt.path, "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			all = append(all, object{"name": name, "in": "path", "required": true, "schema": pathSchemas[name]})
		}
	}
	for _, p := range rt.params {
		all = append(all, object{"name": p.name, "in": "query", "description": p.about, "schema": p.schema})
	}
	if rt.versioned {
		all = append(all, object{
			"name": "If-Match", "in": "header", "required": true, "schema": object{"type": "string"},
			"description": `The ETag that was edited, as "7".`,
		})
	}
	return all
}

var pathSchemas = object{
	"id":           object{"type": "string", "format": "uuid"},
	"revision":     object{"type": "integer", "minimum": 1},
	"kind":         object{"enum": account.HookKinds()},
	"document":     object{"type": "string", "format": "uuid"},
	"format":       object{"type": "string", "description": "html, pdf, csv or xlsx, as far as documents of the kind are written so here."},
	"announcement": object{"type": "string", "format": "uuid"},
	"message":      object{"type": "string", "description": "The message's id, percent-encoded; a slash as %2F. A dot, two dots or a slash alone do not get through: see getNamedMessage."},
	"ref":          object{"type": "string", "description": "The hold's reference, percent-encoded; a slash as %2F. A dot, two dots or a slash alone do not get through: name that hold in the body, see captureNamedHold and releaseNamedHold."},
}

// responses are all that the operation can answer.
func (rt operation) responses(all schemas) object {
	success := object{"description": http.StatusText(rt.status)}
	if rt.answers.name != "" {
		success["content"] = object{jsonMedia: object{"schema": rt.answer(all)}}
	}
	if rt.files != "" {
		success["content"] = object{rt.files: object{"schema": object{}}}
	}
	success["headers"] = rt.headers()
	responses := object{strconv.Itoa(rt.status): success}
	switch {
	case rt.moves:
		either := object{"anyOf": []object{rt.answer(all), all.ref(of[MovePreview]())}}
		responses["200"] = object{"description": "The same as the first time; with preview, the preview", "content": object{jsonMedia: object{"schema": either}}}
	case rt.repeats:
		responses["200"] = object{"description": "The same as the first time; with preview, what it would be", "content": success["content"]}
	case rt.previewable() && rt.status != http.StatusOK:
		responses["200"] = object{"description": "The preview", "content": object{jsonMedia: object{"schema": all.ref(rt.previewed())}}}
	}
	if rt.proposes {
		responses["202"] = object{"description": "It waits: for a second person, or for its instant", "content": object{jsonMedia: object{"schema": all.ref(of[Task]())}}}
	}
	for _, status := range rt.refusals() {
		responses[strconv.Itoa(status)] = object{
			"description": http.StatusText(status),
			"content":     object{"application/problem+json": object{"schema": rt.problem(status, all)}},
		}
	}
	return responses
}

// problem is the schema of a refusal.
func (rt operation) problem(status int, all schemas) object {
	switch {
	case status == http.StatusPreconditionFailed:
		return all.ref(of[Conflict]())
	case rt.moves && (status == http.StatusPaymentRequired || status == http.StatusConflict):
		return all.ref(of[Refusal]())
	case len(rt.takes) > 0 && status == http.StatusUnprocessableEntity:
		return object{"anyOf": []object{all.ref(of[FileProblem]()), all.ref(of[Problem]())}}
	case rt.moves && status == http.StatusServiceUnavailable:
		return object{"anyOf": []object{all.ref(of[Refusal]()), all.ref(of[Problem]())}}
	default:
		return all.ref(of[Problem]())
	}
}

func (rt operation) previewable() bool {
	return slices.ContainsFunc(rt.params, func(p param) bool { return p.name == previewParam.name })
}

// previewed is the schema of the answer with preview.
func (rt operation) previewed() schema {
	if rt.preview.name == "" {
		return of[Preview]()
	}
	return rt.preview
}

// answer is the schema of success: of an edit also a preview's.
func (rt operation) answer(all schemas) object {
	if rt.previewable() && rt.status == http.StatusOK {
		return object{"anyOf": []object{all.ref(rt.answers), all.ref(rt.previewed())}}
	}
	return all.ref(rt.answers)
}

func (rt operation) headers() object {
	headers := object{}
	if rt.versionless() {
		return headers
	}
	if strings.Contains(rt.path, "{id}") && rt.method != http.MethodDelete && !strings.HasSuffix(rt.path, "/changes") || rt.status == http.StatusCreated {
		headers["ETag"] = object{"$ref": "#/components/headers/ETag"}
	}
	if rt.status == http.StatusCreated {
		headers["Location"] = object{"$ref": "#/components/headers/Location"}
	}
	return headers
}

// versionless reports whether the operation is about money, what it may be spent on, messages,
// documents, price lists or webhooks' deliveries, which have no version to edit.
func (rt operation) versionless() bool {
	return rt.moves || rt.files != "" || slices.Contains([]string{
		"Balance", "EntryList", "HoldList", "Decision", "DeliveryList", "Replayed", "Webhooks", "Webhook", "Try",
		"MessageList", "MessageStory", "KeptMessage", "FiguresList", "DocumentList", "KeptDocument", "MailList", "DocumentMail",
		"TaskList", "Task", "Batch", "BatchList", "BatchTaskList", "PriceList", "Price", "Announcement", "AnnouncementList", "AnnouncementRows", "Usage",
	}, rt.answers.name)
}

func headerSchemas() object {
	return object{
		"ETag":     object{"description": "The version, for If-Match.", "schema": object{"type": "string"}},
		"Location": object{"description": "Where it is, relative to this URL.", "schema": object{"type": "string", "format": "uri-reference"}},
	}
}

// refusals are the statuses that follow from what an operation is, and its own.
func (rt operation) refusals() []int {
	all := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusUnprocessableEntity,
		http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
	if rt.method != http.MethodGet {
		all = append(all, http.StatusForbidden)
	}
	if strings.Contains(rt.path, "{id}") {
		all = append(all, http.StatusNotFound)
	}
	if rt.body.name != "" || len(rt.takes) > 0 {
		all = append(all, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	if rt.versioned {
		all = append(all, http.StatusPreconditionFailed, http.StatusPreconditionRequired)
	}
	if rt.moves {
		all = append(all, http.StatusPaymentRequired, http.StatusConflict)
	}
	if rt.proposes { // where no tasks are kept
		all = append(all, http.StatusNotImplemented)
	}
	return append(all, rt.refuses...)
}
