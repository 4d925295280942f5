package client

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/adminhttp/internal/access"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/kind"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
	"github.com/clientaccount/clientaccount/internal/say"
)

// answerView is a decision in words.
type answerView struct {
	Title words.Text // of the page
	Tone  string     // of the notice
	Words words.Text
	When  *words.Moment // of a message that waits
	Notes []words.Text
	Rules []ruleView
}

// ruleView is a rule that spoke, and what would change that.
type ruleView struct {
	Rule words.Text
	Pill page.Pill
	Text words.Text
	Help words.Text
	Link *page.NameLink
}

var verdictViews = map[account.Verdict]answerView{
	account.VerdictAccept: {Title: "Accepted", Tone: "good", Words: "It may go now."},
	account.VerdictDefer:  {Title: "Waits", Tone: "info", Words: "It waits for the time of dispatch."},
	account.VerdictReview: {Title: "Review", Tone: "warn", Words: "It waits for a person to look at it."},
	account.VerdictRefuse: {Title: "Refused", Tone: "bad", Words: "It is refused."},
}

var verdictPills = map[account.Verdict]page.Pill{
	account.VerdictDefer: {Word: "Waits", Tone: "off"}, account.VerdictReview: {Word: "Review", Tone: "warn"}, account.VerdictRefuse: {Word: "Refused", Tone: "bad"},
}

// ruleNames are the first parts of codes in words.
var ruleNames = map[string]words.Text{
	"status": "Status", "channel": "Channel", "destination": "Destination", "network": "Network", "parts": "Parts", "time": "Time", "sender": "Sender",
	"moderation": "Moderation", "blacklist": "Blacklist", "optout": "Opt-out", "legal": "Legal list",
	"price": "Price", "credit": "Funds", "field": "Hidden",
}

// ruleHelp says what would change a finding, where its text does not.
var ruleHelp = map[string]words.Text{
	"channel.off": "Switch it on to let such messages pass.", "channel.parent_off": "It would have to be on there as well.",
	"time.never": "Choose at least one day.", "time.expired": "It would have to be valid for longer.", "time.too_late": "It would have to be valid for longer, or the hours wider.",
	"sender.not_approved": "Approve the sender, or switch Dynamic Sender on.",
	"moderation.manual":   "Once a person lets it pass, it goes.", "moderation.flagged": "Once a person lets it pass, it goes.",
	"blacklist.hit": "Only a client with Disable Black List on may send there.",
	"optout.hit":    "Nothing changes that but the recipient.", "legal.hit": "Nothing changes that.",
	"price.unknown": "Say what one part costs.", "price.scale": "Rounding would allow it.",
	"credit.exhausted": "A top-up or a higher limit would help.",
}

// ruleInputs are the inputs of this page that rules without a field are about.
var ruleInputs = map[string]string{
	"channel.unknown": "channel", "destination.invalid": "destination", "network.invalid": "mcc", "parts.range": "parts", "time.expired": "validUntil",
	"sender.invalid": "sender", "price.unknown": "price", "price.negative": "price", "price.range": "price", "price.scale": "round",
}

// answer puts a decision into words.
func (p *messagePage) answer(d account.Decision, found []ask.Finding) *answerView {
	v := verdictViews[d.Verdict]
	if at := p.message.At; !at.IsZero() {
		v.Notes = append(v.Notes, words.Textf("Judged as of %s, by the settings and the balance of now.", say.Instant{At: at.In(words.Zone(p.seen)), Layout: words.ExactLayout}))
		if d.Verdict == account.VerdictAccept {
			v.Words = "It may go then."
		}
	}
	if until := p.r.Until(d); !until.IsZero() {
		when := words.MomentOf(until, p.now, words.Zone(p.seen))
		v.Words, v.When = words.Textf("It waits until %s.", when.Exact()), &when
	}
	if cost, known := d.Cost(); known {
		price, _ := d.Price()
		v.Notes = append(v.Notes, p.costWords(price, cost))
	}
	if p.r.Judge.Shows("routing.priority") && d.Verdict != account.VerdictRefuse {
		v.Notes = append(v.Notes, priorityWords(p.message.Priority, d.Priority))
	}
	for _, f := range found {
		v.Rules = append(v.Rules, p.rule(f))
	}
	return &v
}

func (p *messagePage) costWords(price, cost decimal.Decimal) words.Text {
	c := p.seen.Core.Currency
	if p.message.Parts > 1 {
		return words.Textf("It would cost %s, for %s at %s.", words.Money(cost, c), words.Plural(p.message.Parts, "part"), words.Money(price, c))
	}
	return words.Textf("It would cost %s.", words.Money(cost, c))
}

// rowWords tell by which row of a price list a message has its price.
func (p *messagePage) rowWords(by price.Found) words.Text {
	whose, of := words.Text("the product's row"), words.Plain(by.Code())
	if by.Origin == account.OriginOwn {
		whose = "the client's own row"
	}
	if country, known := price.CountryOf(by.MCC); known {
		of = words.Textf("%s, %s", words.Text(country.Name()), words.Network(by.MCC, by.MNC))
	}
	if by.State == price.StateClosed {
		return words.Textf("Closed by %s for %s.", whose, of)
	}
	return words.Textf("Its price of %s per part is by %s for %s.", words.Money(by.Price, p.seen.Core.Currency), whose, of)
}

func priorityWords(asked account.Optional[int], counts int) words.Text {
	if wanted := asked.Or(counts); wanted > counts {
		return words.Textf("Priority %d, the client's highest; %d was asked for.", counts, wanted)
	}
	return words.Textf("Priority %d.", counts)
}

// rule tells of a finding.
func (p *messagePage) rule(f ask.Finding) ruleView {
	head, _, _ := strings.Cut(f.Code, ".")
	v := ruleView{Rule: ruleNames[head], Pill: verdictPills[f.Verdict], Text: p.ruleText(f), Help: ruleHelp[f.Code], Link: p.ruleLink(f.Finding)}
	switch {
	case f.Amounts:
		v.Help = words.Textf("A top-up or a higher limit of %s would do.", words.Money(f.Missing(), p.seen.Core.Currency))
	case f.Code == "time.closed":
		v.Help = words.Textf("That is %s.", words.Relative(f.Opens, p.now))
	}
	return v
}

// ruleText returns the finding's text, its times on the client's clock and its amounts in
// the client's currency.
func (p *messagePage) ruleText(f ask.Finding) words.Text {
	opens := say.Instant{At: f.Opens.In(words.Zone(p.seen)).Truncate(time.Second), Layout: words.ExactLayout}
	switch {
	case f.Code == "time.closed":
		return words.Textf("Outside the time of dispatch, which opens again on %s.", opens)
	case f.Code == "time.too_late":
		return words.Textf("The time of dispatch opens again on %s, when the message is no longer valid.", opens)
	case f.Amounts:
		c := p.seen.Core.Currency
		return words.Textf("%s is needed, and %s available.", words.Money(f.Needed, c), words.Money(f.Available, c))
	default:
		return f.Words()
	}
}

// ruleLink leads to what would have to change: a field of the account that spoke,
// the client's money, or an input of this page.
func (p *messagePage) ruleLink(f account.Finding) *page.NameLink {
	field, known := account.FieldAt(f.Path)
	switch {
	case f.Code == "credit.exhausted" && p.r.Judge.May(access.Money):
		return &page.NameLink{Name: "Money", Href: p.r.Root + "clients/" + p.account.ID.String() + "/money"}
	case ruleInputs[f.Code] != "":
		label, _ := messageLabel(ruleInputs[f.Code])
		return &page.NameLink{Name: label, Href: "#" + kind.ControlID(ruleInputs[f.Code])}
	case !known || f.Account.IsZero():
		return nil
	case f.Above:
		return &page.NameLink{Name: words.Textf("%s, above", words.Text(field.Label)), Href: p.r.Root + "clients/" + f.Account.String() + "/edit#" + kind.ControlID(f.Path)}
	default:
		return &page.NameLink{Name: words.Text(field.Label), Href: p.r.Root + "clients/" + f.Account.String() + "/edit#" + kind.ControlID(f.Path)}
	}
}
