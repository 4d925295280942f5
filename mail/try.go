package mail

import (
	"context"
	"errors"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/store"
)

// outcome is what came of a try, or why there was none.
type outcome struct {
	at        time.Time
	took      time.Duration
	code      string
	reply     int    // the far end's code
	said      string // by it
	untried   bool   // it was given up without a try
	permanent bool   // another try would not help
	stopped   bool   // it ended because the run does
	hangs     <-chan outcome
}

// try makes a mail and sends it, unless there is a reason not to.
func (r *run) try(ctx context.Context, m store.ClaimedMail) outcome {
	now := r.config.Clock()
	to, err := NewAddress("", m.Address)
	switch {
	case m.Tries == 0 && now.Sub(m.DueAt) > r.config.NoOlderThan:
		return outcome{at: now, code: CodeExpired, untried: true}
	case m.Address == "":
		return outcome{at: now, code: CodeNoAddress, untried: true}
	case err != nil:
		return outcome{at: now, code: CodeAddress, untried: true}
	}
	o := r.attempt(ctx, m, to)
	o.at, o.took = now, r.config.Clock().Sub(now)
	o.stopped = o.code != CodeSent && !o.permanent && errors.Is(context.Cause(ctx), errStopping)
	return o
}

// attempt does not wait for a Sender that does not end when its context does.
func (d *Dispatcher) attempt(ctx context.Context, m store.ClaimedMail, to Address) outcome {
	ctx, cancel := context.WithTimeout(ctx, d.config.Try)
	defer cancel()
	ended := make(chan outcome, 1)
	go func() {
		o := outcome{code: CodePanic} // unless it comes to its end
		defer func() {
			if fault := recover(); fault != nil { // which may quote the mail, and is not shown
				d.config.Logger.Error("mail: panic", "mail", m.ID, "stack", string(debug.Stack()))
			}
			ended <- o
		}()
		o = d.send(ctx, m, to)
	}()
	select {
	case o := <-ended:
		return o
	case <-ctx.Done():
	}
	select {
	case o := <-ended: // it knows best how far it came
		return o
	case <-time.After(linger):
		return outcome{code: CodeTimeout, hangs: ended}
	}
}

func (d *Dispatcher) send(ctx context.Context, m store.ClaimedMail, to Address) outcome {
	made, err := d.compose(m.Document.Text, to)
	if err != nil {
		d.config.Logger.Error("mail: cannot be made", "mail", m.ID, "document", m.Document.ID, "why", whyNot(err))
		return outcome{code: CodeCompose}
	}
	return outcomeOf(ctx, d.sender.Send(ctx, made), to)
}

func (d *Dispatcher) compose(text []byte, to Address) (Message, error) {
	content, err := document.Decode(text)
	if err != nil {
		return Message{}, err
	}
	return d.config.Composer.Compose(content, to)
}

// whyNot returns what is wrong, and nothing of a document or mail, which errors may quote.
func whyNot(err error) string {
	for _, known := range []error{document.ErrFormat, document.ErrNoFile, ErrTemplate, ErrContent, ErrLine, ErrMessageID, ErrComposer} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return "a file could not be written"
}

// outcomeOf returns that of what a Sender returned.
func outcomeOf(ctx context.Context, err error, to Address) outcome {
	var failed *SendError
	switch {
	case err == nil:
		return outcome{code: CodeSent}
	case errors.As(err, &failed):
		return outcome{code: failed.code(), reply: failed.Code, said: failed.reply(to), permanent: failed.Permanent}
	case ctx.Err() != nil:
		return outcome{code: CodeTimeout}
	default:
		return outcome{code: CodeFailed}
	}
}

// code returns that of the step.
func (e *SendError) code() string {
	steps := []Step{StepMessage, StepConnect, StepTLS, StepAuth, StepFrom, StepTo, StepContent, StepAnswer}
	if !slices.Contains(steps, e.Step) {
		return CodeFailed
	}
	return string(e.Step)
}

// reply returns what the far end said, without the address: that is kept beside it.
func (e *SendError) reply(to Address) string {
	if e.Code == 0 {
		return Said(e.Said, to.Spec(), strings.ToLower(to.Spec()))
	}
	parts := slices.DeleteFunc([]string{strconv.Itoa(e.Code), e.Enhanced, e.Said}, func(part string) bool { return part == "" })
	return Said(strings.Join(parts, " "), to.Spec(), strings.ToLower(to.Spec()))
}

// verdict is what becomes of a mail.
func verdict(m store.ClaimedMail, o outcome, percent int64) store.MailResult {
	r := store.MailResult{ID: m.ID, To: m.Address, Tries: m.Tries, Last: store.MailTry{At: o.at, Code: o.code, Said: o.said}}
	if o.stopped { // as if it had not been tried
		r.To, r.State, r.DueAt, r.Last = m.To, store.MailWaiting, m.DueAt, m.Last
		return r
	}
	if !o.untried {
		r.Tries++
	}
	wait, once := Wait(r.Tries, percent)
	switch {
	case o.code == CodeSent:
		r.State = store.MailSent
	case o.untried, o.permanent, !once:
		r.State = store.MailFailed
	default:
		r.State, r.DueAt = store.MailWaiting, o.at.Add(o.took+wait)
	}
	return r
}
