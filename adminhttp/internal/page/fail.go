package page

import (
	"context"
	"errors"
	"net/http"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// failure is what an error page says.
type failure struct {
	Status int
	Title  words.Text
	Text   words.Text
	Again  words.Text // instead, where what was typed is given back
	Home   string     // relative URL of the list; empty where it would not help
	SignIn string     // URL of the host's page; empty where it would not help
	Kept   *kept      // what was typed; nil where nothing was
}

var failures = map[int]failure{
	http.StatusBadRequest:            {Title: "This request cannot be read", Text: "Go back, load the page again and repeat what you did."},
	http.StatusUnauthorized:          {Title: "You are not signed in", Text: "Sign in, then open this page again.", Again: "Nothing was written. Sign in, then press Send again."},
	http.StatusForbidden:             {Title: "You may not do this", Text: "Your rights do not cover this page or action. Whoever runs this platform can change that.", Again: "Nothing was written: your rights do not cover this action. Whoever runs this platform can change that; then press Send again."},
	http.StatusNotFound:              {Title: "There is nothing here", Text: "The address is wrong, or what was here is not there for you."},
	http.StatusConflict:              {Title: "Somebody was faster", Text: "This was changed meanwhile, and nothing of yours was written. Go back, load the page again and repeat what you did.", Again: "This was changed meanwhile, and nothing of yours was written. Send it again, or look at the page as it is now first."},
	http.StatusRequestEntityTooLarge: {Title: "This is too much at once", Text: "What was sent is larger than 256 kB. Nothing was written."},
	http.StatusUnsupportedMediaType:  {Title: "This form cannot be read", Text: "Forms are taken as application/x-www-form-urlencoded only. Nothing was written."},
	http.StatusNotImplemented:        {Title: "This is not set up here", Text: "Whoever runs this platform has not switched this on. Nothing was written."},
	http.StatusServiceUnavailable:    {Title: "Too busy at the moment", Text: "Nothing was written. Go back and try again.", Again: "Nothing was written. Wait a moment, then press Send again."},
	http.StatusInternalServerError:   {Title: "Something went wrong here", Text: "It is our fault and was noted. What you typed may not have been written: load the page again and look.", Again: "It is our fault and was noted. Some of it may have been written all the same: look at the page in another window before you press Send again. Money is never moved twice by it."},
}

// Fail answers with an error in plain words; nothing of the error itself is shown.
func Fail(w http.ResponseWriter, r *ask.Request, err error) {
	status := pageStatus(err)
	if status == http.StatusInternalServerError {
		r.LogFailure(err)
	}
	said := failures[status]
	said.Status = status
	if said.Kept = keep(r, status); said.Kept != nil && !said.Kept.File && said.Again != "" {
		said.Text = said.Again
	}
	if status == http.StatusUnauthorized {
		said.SignIn = signIn(r)
	} else {
		said.Home = r.Root + "clients"
	}
	if err := pages.Show(w, r, status, "fail", said.Title, said); err != nil {
		r.LogFailure(err)
		http.Error(w, r.Language.Say(said.Title), status)
	}
}

func pageStatus(err error) int {
	if status, ok := errors.AsType[ask.StatusError](err); ok {
		if _, known := failures[int(status)]; known {
			return int(status)
		}
	}
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case tooLarge:
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, ask.ErrNoActor):
		return http.StatusUnauthorized
	case errors.Is(err, account.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, clientaccount.ErrNoOutbox), errors.Is(err, clientaccount.ErrNoMessages), errors.Is(err, clientaccount.ErrNoPrices), errors.Is(err, clientaccount.ErrNoBilling), errors.Is(err, clientaccount.ErrNoTasks),
		errors.Is(err, ask.ErrNoTests), errors.Is(err, ask.ErrNoPreview):
		return http.StatusNotImplemented
	case errors.Is(err, account.ErrStale):
		return http.StatusConflict
	case errors.Is(err, account.ErrConflict), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}
