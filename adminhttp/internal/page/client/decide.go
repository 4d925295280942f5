package client

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/sent"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// decideView is the page on which a message is tried. All of it is in the URL, so
// that an answer can be handed on as a link; nothing is ever written.
type decideView struct {
	Head    page.Head
	Faults  []page.FaultLink
	Answer  *answerView
	Note    words.Text // why nothing can be decided
	Fields  []kind.Control
	Flags   []kind.Control
	Text    string   // of a message, of which only the parts are counted
	Counted say.Text // how many parts it takes
	Action  string   // URL
	Asked   bool
	Link    string // URL of the same try, without the text; empty where it is the page's own
}

// messagePage is what the page is made from: who asks, the account, and the message
// as it stands in the form.
type messagePage struct {
	r         *ask.Request
	account   account.Account
	seen      account.Account // the same, hidden fields blanked
	standing  *clientaccount.Standing
	directory kind.Directory
	now       time.Time
	asked     url.Values        // as sent
	texts     map[string]string // in the inputs, by name
	faults    account.Faults
	message   ask.Trial
}

func showDecide(w http.ResponseWriter, r *ask.Request) error {
	a := r.Client
	asked, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return ask.StatusError(http.StatusBadRequest)
	}
	return tryMessage(w, r, a, asked, "")
}

// nameText is the text of a message, of which only the parts are counted.
const nameText = "text"

// tryTyped tries a message as it was typed. The text is sent in the body, so that it is in no URL, and
// is kept nowhere.
func tryTyped(w http.ResponseWriter, r *ask.Request) error {
	values, err := page.ReadValues(r)
	if err != nil {
		return err
	}
	asked := maps.Clone(values)
	asked.Del(nameText)
	return tryMessage(w, r, r.Client, asked, strings.ReplaceAll(values.Get(nameText), "\r\n", "\n"))
}

// countText puts the parts of a text where the number of parts is asked for, and says how many.
func countText(asked url.Values, text string) say.Text {
	if text == "" {
		return ""
	}
	parts, gsm := message.Parts(text)
	asked.Set("parts", strconv.Itoa(parts))
	if gsm {
		return say.Textf("The text takes %d parts, in the alphabet of GSM.", parts)
	}
	return say.Textf("The text takes %d parts, as UCS-2: it has characters that the alphabet of GSM lacks.", parts)
}

// tryMessage shows what comes of a message.
func tryMessage(w http.ResponseWriter, r *ask.Request, a account.Account, asked url.Values, text string) error {
	counted := countText(asked, text)
	p, err := newMessagePage(r, a, asked)
	if err != nil {
		return err
	}
	head, err := page.NewHead(r, a, p.directory, "decide")
	if err != nil {
		return err
	}
	view := decideView{
		Text: text, Counted: counted, Head: head, Action: head.URL("decide"), Asked: len(p.asked) > 0,
		Faults: p.summary(), Fields: p.controls(messageTexts), Flags: p.controls(flagTexts),
	}
	if r.Method == http.MethodPost {
		view.Link = view.Action + "?" + asked.Encode()
	}
	return p.show(w, &view)
}

// show shows the page: with what is wrong, with an answer, or as it begins.
func (p *messagePage) show(w http.ResponseWriter, view *decideView) (err error) {
	status, title := http.StatusOK, words.Textf("Try a message · %s", view.Head.Name)
	switch {
	case len(p.faults) > 0:
		status, title = http.StatusUnprocessableEntity, words.Textf("Errors · %s", title)
	case view.Asked:
		err = addAnswer(p, view)
	}
	if err != nil {
		return err
	}
	if view.Answer != nil {
		title = words.Textf("%s · %s", view.Answer.Title, title)
	}
	return pages.Show(w, p.r, status, "decide", title, *view)
}

// newMessagePage reads what was asked, and puts defaults where nothing was said.
func newMessagePage(r *ask.Request, a account.Account, asked url.Values) (_ *messagePage, err error) {
	p := &messagePage{r: r, account: a, seen: r.Judge.Visible(a), now: r.Service.Now(), asked: asked}
	if p.directory, err = page.ReadDirectory(r); err != nil {
		return nil, err
	}
	if p.standing, err = r.StandingOf(a.ID); err != nil {
		return nil, err
	}
	p.texts = p.defaults()
	p.read()
	return p, nil
}

// defaults returns a message that the client could well send.
func (p *messagePage) defaults() map[string]string {
	texts := map[string]string{"channel": string(account.ChannelSMPP), "parts": "1"}
	for _, channel := range account.Channels() {
		if p.seen.Sending.Allows(channel) {
			texts["channel"] = string(channel)
			break
		}
	}
	if senders := p.seen.Routing.Senders; len(senders) > 0 {
		texts["sender"] = senders[0]
	}
	if price, known := p.price().Get(); known {
		texts["price"] = price.String()
	}
	return texts
}

// read takes the message from what was asked. Names that are missing from a link
// keep their defaults.
func (p *messagePage) read() {
	known := map[string]bool{}
	for _, field := range p.r.MessageFields() {
		known[field.Name] = true
		if p.asked.Has(field.Name) {
			p.texts[field.Name] = strings.TrimSpace(p.asked.Get(field.Name))
		}
		text := p.typed(field.Name, p.texts[field.Name])
		if text == "" {
			continue
		}
		if fault := p.set(field, text); fault != nil {
			p.faults = append(p.faults, *fault)
		}
	}
	p.faults = append(page.CheckNames(p.asked, known), p.faults...)
}

// set puts the text of an input into the message.
func (p *messagePage) set(field ask.MessageField, text string) *account.Fault {
	switch at, instant := p.instants()[field.Name]; {
	case instant:
		t, ok := kind.Local(text, words.Zone(p.seen))
		*at = t
		return sent.Unless(ok, account.Fault{Path: field.Name, Code: "time.format", Text: kind.LocalFault})
	case field.Flag && text != "true" && text != "false":
		return sent.Fault(field.Name, "field.type")
	default:
		return field.Set(&p.message, text)
	}
}

// instants are those of the message, by the names of their inputs.
func (p *messagePage) instants() map[string]*time.Time {
	return map[string]*time.Time{"validUntil": &p.message.ValidUntil, "at": &p.message.At}
}

// typed returns what somebody typed as plain digits, where it can be read in one way.
func (p *messagePage) typed(name, text string) string {
	switch name {
	case "parts":
		return words.ReadCount(text)
	case "price":
		return words.OneAmount(text, p.seen.Core.Currency)
	default:
		return text
	}
}

// addAnswer decides, and puts the decision into words.
func addAnswer(p *messagePage, v *decideView) error {
	decision, err := p.r.Decide(p.message)
	if errors.Is(err, account.ErrNotFound) { // the account is there
		v.Note = "This account has no ledger yet, so nothing can be decided."
		return nil
	}
	if err != nil {
		return err
	}
	found, err := p.r.Findings(decision)
	if err != nil {
		return err
	}
	by, listed, err := p.r.PricedBy(p.message)
	if v.Answer = p.answer(decision, found); listed {
		v.Answer.Notes = append(v.Answer.Notes, p.rowWords(by))
	}
	return err
}
