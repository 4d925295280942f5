package main

import (
	"errors"
	"log/slog"
	"net"
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
)

// api is what clients call, signed in by basic authentication:
//
//	POST /messages         {"to", "from", "text" or "parts", "ref"}, as JSON or as a form: 202 with an id
//	GET  /messages/{id}    what became of it
//
// A message that carries an Idempotency-Key, or else a ref, may be sent again at any time: it
// goes out once, and the answer is the same.
type api struct {
	gateway  *Gateway
	accounts *clientaccount.Service
	logger   *slog.Logger
}

func newAPI(g *Gateway) http.Handler {
	a := &api{g, g.accounts, g.logger}
	mux := http.NewServeMux()
	mux.Handle("POST /messages", a.signedIn(a.post))
	mux.Handle("GET /messages/{id}", a.signedIn(a.get))
	return mux
}

// signedIn lets clients in. A password that was right a moment ago is remembered, so that this
// costs next to nothing. Behind a proxy From would be the address that the proxy names.
func (a *api) signedIn(then func(http.ResponseWriter, *http.Request, account.Account)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		login, password, _ := r.BasicAuth()
		from, _, _ := net.SplitHostPort(r.RemoteAddr)
		client, err := a.accounts.Authenticate(r.Context(), clientaccount.Attempt{
			Channel: account.ChannelREST, Login: login, Password: password, From: from,
		})
		if err != nil {
			a.fail(w, r, err)
			return
		}
		then(w, r, client)
	})
}

// post takes a message: 202 once its price is held.
func (a *api) post(w http.ResponseWriter, r *http.Request, client account.Account) {
	asked, err := readPost(w, r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	o := asked.outgoing(client)
	admitted, err := a.gateway.Take(r.Context(), o)
	switch {
	case err == nil && (admitted.Send() || admitted.Verdict == account.VerdictSent), errors.Is(err, account.ErrHold):
		// Also a repeat of one that ended without being sent: it was taken, and its client told.
		w.Header().Set("Location", "/messages/"+o.id)
		answer(w, http.StatusAccepted, accepted{o.id, o.keep.ClientRef, o.request.Parts})
	case err != nil:
		a.fail(w, r, err)
	default:
		refuse(w, admitted.Decision, a.accounts.Now())
	}
}

// get returns a message as it is kept.
func (a *api) get(w http.ResponseWriter, r *http.Request, client account.Account) {
	m, err := a.accounts.Message(r.Context(), client.ID, r.PathValue("id"))
	if errors.Is(err, account.ErrNotFound) {
		answerProblem(w, problem{Status: http.StatusNotFound, Code: "message.unknown", Detail: "There is no such message."})
		return
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, viewOf(m))
}
