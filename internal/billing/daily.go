package billing

import (
	"context"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

// rest does what is due when no cut is: daily statistics, and telling that an overdraw is about to
// end. It says when to come again.
func (v *visit) rest(ctx context.Context) (done bool, err error) {
	due, more := v.report()
	if !more {
		v.book.DueAt = v.again()
	}
	return !more, v.write(ctx, func(ctx context.Context, tx Tx, b *store.Book) error {
		if due != nil {
			if err := v.daily(ctx, tx, *due); err != nil {
				return err
			}
			b.Daily = due.Cut
		}
		return v.overdraw(ctx, tx)
	})
}

// report returns the first daily statistics that are to be made, nil for none, and whether others
// are due. Those that nobody wants are passed.
func (v *visit) report() (first *account.DailyReport, more bool) {
	for due := range v.a.DailyReports(v.book.Daily, v.now, v.zone) {
		switch {
		case !v.a.Mail.DailyStatistics:
			v.book.Daily = due.Cut
		case first != nil:
			return first, true
		default:
			first = &due
		}
	}
	return first, false
}

// daily makes the statistics of a day.
func (v *visit) daily(ctx context.Context, tx Tx, due account.DailyReport) error {
	head, err := v.head(ctx, tx, v.a, v.zone)
	if err != nil {
		return err
	}
	rows, err := v.figures(ctx, tx, due.Day)
	if err != nil {
		return err
	}
	b, available, err := v.Stand(ctx, tx, v.id)
	if err != nil {
		return err
	}
	var d document.Daily
	err = v.ask(func() error {
		d = document.NewDaily(head, due, rows, document.NewFunds(b, available), v.Host.Network)
		return nil
	})
	if err != nil {
		return err
	}
	_, err = v.keep(ctx, tx, d, "daily:"+due.Day.String(), v.timely(due.Cut.At, toRole(v.a, store.MailBilling)))
	return err
}

// figures returns those of a day: of the messages that the Service keeps, or where there are none
// what entries say was used, which knows no destinations and no states.
func (v *visit) figures(ctx context.Context, tx Tx, day account.Date) ([]message.FiguresRow, error) {
	if kept, ok := tx.(store.MessageReader); ok {
		rows, err := kept.Figures(ctx, message.FiguresQuery{Account: v.id, From: day, To: day})
		if err != nil || len(rows) > 0 {
			return rows, err
		}
	}
	rows, err := usage(ctx, tx, store.UsageQuery{Account: v.id, First: day, Last: day})
	if err != nil {
		return nil, err
	}
	sum := message.FiguresRow{Key: message.FiguresKey{Account: v.id, Day: day}}
	for _, used := range document.Restore(v.id, document.Mark{}, v.book.To, rowsOf(rows)).ByDay() {
		sum.Figures = sum.Figures.Plus(message.Figures{Parts: used.Messages, Taken: used.Used, GivenBack: used.GivenBack})
	}
	return []message.FiguresRow{sum}, nil
}

// again returns when the account is to be looked at next; zero: not before it is edited.
func (v *visit) again() time.Time {
	if v.isOver() {
		return time.Time{}
	}
	midnight, _ := account.AllMonthDays.NextCut(account.Cut{At: v.now}, v.zone)
	at := midnight.At
	if v.passed >= account.MaxPage {
		at = earlier(at, v.now.Add(busyFor))
	}
	if ending := v.a.Credit.Overdraw.ExpiresAt.Add(-endingFor); v.hasOverdraw() && ending.After(v.now) {
		at = earlier(at, ending)
	}
	return at
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// isOver reports whether nothing will ever come of the account: it is closed, and its last entries
// are in all that is made of them.
func (v *visit) isOver() bool {
	b := v.book
	stats, _ := v.makes()
	return v.a.Status == account.StatusClosed && b.To.Entry == b.Opening.Entry && b.Daily.At.After(v.a.UpdatedAt) &&
		(!stats || b.To.Entry == b.Statement.Entry)
}
