package document

import (
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
)

// notice shows what happened, what it means and whom to ask, and of money what there is.
func (l *layout) notice(n Notice) {
	w, traits := l.words.Notices, traitsOfNotices[n.Event]
	told := w.Events[n.Event]
	l.Title = told.Title
	l.zone()
	l.fact(w.At, l.moment(n.At))
	l.fact(w.Hook, w.Hooks[n.Hook])
	l.fact(w.Why, w.Reasons[n.Code])
	l.fact(w.Field, w.Fields[n.Field])
	l.fact(w.Old, w.value(n.Field, n.Old))
	l.fact(w.New, w.value(n.Field, n.New))
	if traits.limit {
		l.fact(w.Limit, l.limit(n.Funds.Limit))
	}
	if traits.ends && !n.Ends.IsZero() {
		l.fact(w.Overdraw, l.words.Amount(n.Overdraw, int(l.head.places()))+" "+string(l.head.Currency))
		l.fact(w.Ends, l.moment(n.Ends))
	}
	l.paragraph(told.Meaning)
	if ask := l.head.Manager.line(); ask != "" && w.Ask != "" {
		l.paragraph(w.Ask + " " + ask)
	}
	if traits.money {
		l.funds(n.Funds)
	}
}

func (l *layout) paragraph(text string) {
	if text != "" {
		l.Text = append(l.Text, text)
	}
}

// value returns what a field was or is: a status by its name.
func (w NoticeWords) value(field, value string) string {
	if name, ok := w.Statuses[account.Status(value)]; ok && field == "status" {
		return name
	}
	return value
}

// line returns all that there is of a contact, in a line.
func (c Contact) line() string {
	return strings.Join(party("", "", []string{c.Name}, c.Email, c.Phone).Lines, ", ")
}

// limit returns a notification limit.
func (l *layout) limit(limit account.NotificationLimit) string {
	switch limit.Unit {
	case account.UnitMessages:
		return l.words.Amount(limit.Number, 0) + " " + l.words.Notices.Messages
	case account.UnitMoney:
		return l.words.Amount(limit.Number, int(l.head.places())) + " " + string(l.head.Currency)
	default:
		return ""
	}
}

// zone says on whose clock instants are.
func (l *layout) zone() { l.fact(l.words.Facts.Zone, l.head.location().String()) }

// moment returns an instant on the client's clock; none is nothing.
func (l *layout) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return l.words.Moment(t.In(l.head.location()))
}
