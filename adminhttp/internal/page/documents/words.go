package documents

import (
	"slices"
	"strings"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/store"
)

var kindTitles = map[document.Kind]words.Text{
	document.KindDaily: "Daily statistics", document.KindStatement: "Statement", document.KindInvoice: "Invoice",
	document.KindCreditNote: "Credit note", document.KindPriceUpdate: "Price update", document.KindNotice: "Notice",
}

// title returns what a document is called: a notice by what it is of.
func title(kind document.Kind, event document.NoticeEvent) words.Text {
	if said := document.English().Notices.Events[event].Title; kind == document.KindNotice && said != "" {
		return words.Text(said)
	}
	return kindTitles[kind]
}

var mailPills = map[store.MailState]page.Pill{
	store.MailWaiting: {Word: "Waiting", Tone: "warn"},
	store.MailSent:    {Word: "Sent", Tone: "good"},
	store.MailFailed:  {Word: "Failed", Tone: "bad"},
}

// roleWords are which of the client's addresses mails are for.
var roleWords = map[store.MailRole]words.Text{
	store.MailFixed: "an address of its own", store.MailMain: "E-mail", store.MailBilling: "E-mail for billing", store.MailPrices: "E-mail for price update",
}

// periodWords returns the days of a period: "1 – 30 Nov 2026".
func periodWords(first, last account.Date) words.Text {
	if first.IsZero() || last.IsZero() {
		return ""
	}
	end := dayWords(last)
	switch {
	case first == last:
		return end
	case first.Year != last.Year:
		return words.Textf("%s – %s", dayWords(first), end)
	case first.Month != last.Month:
		return words.Textf("%s – %s", words.Day(first), end)
	default:
		return words.Textf("%d – %s", first.Day, end)
	}
}

func dayWords(d account.Date) words.Text {
	if d.IsZero() {
		return ""
	}
	return words.Date(d)
}

// formatWords is what a link to a file says.
func formatWords(format document.Format) words.Text {
	return words.Plain(strings.ToUpper(string(format)))
}

// mailCode returns what came of a try in words; one of a newer dispatcher is told as it is.
func mailCode(code string) words.Text {
	all := mail.TryCodes()
	if i := slices.IndexFunc(all, func(c account.Code) bool { return c.Code == code }); i >= 0 {
		return words.Text(all[i].Text)
	}
	return words.Textf("Failed, %s.", code)
}
