package messages

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
	"github.com/clientaccount/clientaccount/adminhttp/internal/page"
	"github.com/clientaccount/clientaccount/adminhttp/internal/words"
)

// storyView is the page of one message.
type storyView struct {
	Head  page.Head
	Note  words.Text // why there is nothing to show
	List  string     // URL of all messages
	ID    string
	Pill  page.Pill
	Notes []words.Text
	Facts []fact
	Steps []step
	Told  string // URL of its deliveries; empty for who does not see them
}

// fact is something about a message that does not change, or what it came to.
type fact struct {
	Name  words.Text
	Text  words.Text
	Notes []words.Text
}

// step is a part of a message's story.
type step struct {
	at    time.Time
	blank bool         // when it was is not known, or not the actor's to see
	When  words.Moment // zero where blank
	Title words.Text
	Tone  string
	Notes []words.Text
	Codes []string // ids of networks
	Pill  *page.Pill
	Link  page.Link // into the ledger
}

func showStory(w http.ResponseWriter, r *ask.Request) error {
	p, err := newMessagesPage(r)
	if err != nil {
		return err
	}
	v := storyView{Head: p.head, List: p.head.URL("messages")}
	story, err := r.Story(r.URL.Query().Get("id"))
	switch {
	case errors.Is(err, clientaccount.ErrNoMessages):
		v.Note = noMessages
	case err != nil:
		return err
	default:
		p.tell(&v, story)
	}
	return pages.Show(w, r, http.StatusOK, "message", words.Textf("A message · %s", v.Head.Name), v)
}

// tell puts a message's story into the view.
func (p *messagesPage) tell(v *storyView, s ask.Story) {
	m := s.Message
	v.ID, v.Pill, v.Notes, v.Facts = m.ID, statePill(m), stateNotes(m), p.facts(m)
	v.Steps = p.steps(s)
	slices.SortStableFunc(v.Steps, func(a, b step) int { return a.at.Compare(b.at) })
	v.Steps = append(v.Steps, p.next(m)...)
	for i := range v.Steps {
		if s := &v.Steps[i]; !s.blank {
			s.When = p.moment(s.at)
		}
	}
	if p.parts.Told {
		v.Told = p.head.URL("webhooks") + "?" + url.Values{"message": {m.ID}}.Encode() + "#deliveries"
	}
}

// steps are those of a message, what came at one instant in the order in which one led to the
// other.
func (p *messagesPage) steps(s ask.Story) []step {
	m, money := s.Message, p.moneySteps(s.Entries)
	held, settled := money[:min(1, len(money))], money[min(1, len(money)):]
	var paid []step // by being sent, not by how it ended
	if m.IsSent() && m.Pricing != message.PricingDelivered {
		paid, settled = settled[:min(1, len(settled))], settled[min(1, len(settled)):]
	}
	return slices.Concat(p.admitted(m), held, p.sent(m), paid, p.ended(m), settled, p.told(s.Told))
}

func (p *messagesPage) facts(m message.Message) []fact {
	all := []fact{
		{"To", p.destination(m), nil},
		{"From", words.Plain(m.Sender), nil},
		{"Client's reference", words.Plain(m.ClientRef), nil},
		{"Came by", words.Channel(m.Channel), []words.Text{words.Parts(m.Parts)}},
		{"Network", words.Plain(words.Network(m.MCC, m.MNC)), []words.Text{"MCC and MNC"}},
	}
	if p.parts.Money {
		all = append(all, fact{"Price", p.money(m.Cost()), p.priceNotes(m)})
	}
	return slices.DeleteFunc(all, func(f fact) bool { return f.Text.String() == "" })
}

func (p *messagesPage) priceNotes(m message.Message) []words.Text {
	notes := []words.Text{words.MessageMoney(m)}
	if m.Parts > 1 {
		notes = append(notes, words.Textf("%s a part", p.money(m.Price)))
	}
	return notes
}

func (p *messagesPage) destination(m message.Message) words.Text {
	if !p.parts.Destination {
		return ""
	}
	return words.Plain(m.Destination)
}

// admitted is the decision, and the terms of it.
func (p *messagesPage) admitted(m message.Message) []step {
	s := step{at: m.AdmittedAt, Title: "Admitted"}
	if p.parts.Terms {
		s.Notes = append(s.Notes, words.MessageTerms(m.Terms))
	}
	if p.parts.Wait {
		s.Notes = append(s.Notes, words.Textf("Reports are waited for %s after it is sent.", words.Span(m.Wait)))
	}
	if p.parts.Day {
		s.Notes = append(s.Notes, words.Textf("Counted on %s.", words.LongDay(m.Day)))
	}
	return []step{s}
}

// sent is that a network took it, none for a message that none took.
func (p *messagesPage) sent(m message.Message) []step {
	if !m.IsSent() {
		return nil
	}
	s := step{at: m.SentAt, Title: "Handed to a network"}
	for _, id := range m.NetworkIDs {
		s.Codes = append(s.Codes, networkID(id))
	}
	if len(m.NetworkIDs) == 0 {
		s.Notes = []words.Text{"It gave no id, so it can report nothing."}
	}
	return []step{s}
}

func networkID(id message.NetworkID) string {
	text := id.Network + " " + id.ID
	if id.Part > 0 {
		text += ", part " + strconv.Itoa(id.Part)
	}
	return text
}

// ended are the steps that ended it: no report, or no network, in time; and the last word.
func (p *messagesPage) ended(m message.Message) (steps []step) {
	if m.Tracking.TimedOut {
		steps = append(steps, p.timedOut(m))
	}
	if m.Tracking.Reported {
		steps = append(steps, p.lastWord(m))
	}
	return steps
}

func (p *messagesPage) timedOut(m message.Message) step {
	s := step{at: m.Tracking.Deadline, blank: !ask.TellsEnd(p.parts, m), Title: "No final report came in time", Tone: "bad", Notes: []words.Text{"So it counts as EXPIRED."}}
	if !m.IsSent() {
		s.Title = "Handed to no network in time"
	}
	return s
}

// lastWord is the last report, or why no network took it.
func (p *messagesPage) lastWord(m message.Message) step {
	last := m.Tracking.Worst
	s := step{at: m.EndedAt, Title: words.MessageState(last.State), Tone: stateTones[last.State], Notes: []words.Text{words.Textf("%s.", said(last.State, last.Err))}}
	if m.Tracking.TimedOut {
		s.at, s.Title = latest(last.DoneAt, m.EndedAt), words.Textf("%s, late", s.Title)
	}
	if !m.IsSent() {
		s.Title = "Could not be handed to a network"
		return s
	}
	s.blank = m.Tracking.TimedOut // when it came is not kept
	s.Notes = []words.Text{words.Textf("The network says %s: done %s, by its clock.", said(last.State, last.Err), p.moment(last.DoneAt).Exact())}
	if m.Parts > 1 {
		s.Notes = append(s.Notes, words.Textf("%d of %s delivered.", m.Tracking.Delivered, words.Parts(m.Parts)))
	}
	return s
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// next is what is waited for, none for a message that is over.
func (p *messagesPage) next(m message.Message) []step {
	s := step{at: m.Due(), Tone: "next"}
	switch stage := m.Stage(); {
	case stage == message.StageHeld:
		s.Title, s.Notes = "To be handed to a network by then", []words.Text{"Else it is EXPIRED, and not paid for."}
	case stage == message.StageSent && p.parts.Wait:
		s.Title, s.Notes = "Reports are waited for until then", []words.Text{"Else it is EXPIRED."}
		if ended := len(m.Tracking.Ended); ended > 0 {
			s.Notes = append(s.Notes, words.Textf("%d of %s ended, %d of them delivered.", ended, words.Parts(m.Parts), m.Tracking.Delivered))
		}
	default:
		return nil
	}
	return []step{s}
}
