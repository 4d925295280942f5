package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

// demoSender is a client whose messages the Service keeps.
type demoSender struct {
	login    string
	daily    int    // messages on a busy day
	mcc, mnc string // of the network they go to
	network  string // what that is called here
	channel  account.Channel
}

// demoSenders are few, so that the first start stays quick.
var demoSenders = []demoSender{
	{"aldermere", 12, "234", "10", "northlink", account.ChannelSMPP},
	{"limetree", 4, "202", "05", "aegeantel", account.ChannelSMPP},
	{"deltamark", 2, "219", "01", "adriacell", account.ChannelREST},
	{"fjordhub", 3, "242", "01", "northlink", account.ChannelAPI},
	{"jasmin.retail", 2, "602", "01", "nilemobile", account.ChannelAPI},
	{"kestrel", 3, "232", "03", "alpnet", account.ChannelAPI},
}

// silent is a message of which nothing was heard yet.
type silent struct {
	day    int
	report message.NetworkReport
}

// sendMessages sends a day's messages, and lets networks tell of those of four days before
// what they did not tell in time.
func (s *storyteller) sendMessages(ctx context.Context, day int) error {
	morning := s.now.AddDate(0, 0, -day).Add(10 * time.Hour) // the day's charges are made by then
	for i, d := range demoSenders {
		s.at = morning
		for _, late := range s.silent[d.login] {
			if late.day != day+4 {
				continue
			}
			late.report.Report.DoneAt = s.at
			if _, err := s.svc.Reported(ctx, late.report); err != nil {
				return fmt.Errorf("late report of %s: %w", d.login, err)
			}
		}
		n := d.daily * (55 + (day*41+i*17)%46) / 100
		for k := range n {
			s.at = morning.Add(time.Duration(5+k*700/n) * time.Minute)
			if err := s.sendMessage(ctx, d, day, k); err != nil {
				return fmt.Errorf("message of %s: %w", d.login, err)
			}
		}
	}
	return nil
}

// sendMessage takes a message and goes with it to its end, if it comes to one.
func (s *storyteller) sendMessage(ctx context.Context, d demoSender, day, k int) error {
	n := day*37 + k
	id := fmt.Sprintf("%s-%05d", s.at.Format("060102"), 700*k+n)
	parts := 1 + n%5/4 + n%11/10
	admitted, err := s.admit(ctx, d, id, parts)
	if err != nil || !admitted.Send() { // closed, or no money: that message was refused
		return err
	}
	s.at = s.at.Add(time.Second)
	if n%41 == 40 {
		_, err := s.svc.Unsent(ctx, s.made[d.login].ID, id, message.Failure{State: account.StateRejected, Err: "88"})
		return err
	}
	h := message.Handover{Network: d.network}
	for part := range parts {
		h.IDs = append(h.IDs, fmt.Sprintf("%s%08X", d.mcc, (n*977+part)*31+day))
	}
	if _, err := s.svc.Sent(ctx, s.made[d.login].ID, id, h); err != nil {
		return err
	}
	for part, of := range h.IDs {
		if err := s.hear(ctx, d, message.NetworkReport{Network: d.network, ID: of}, day, n+part); err != nil {
			return err
		}
	}
	return nil
}

// admit asks whether a message may go, and holds its price.
func (s *storyteller) admit(ctx context.Context, d demoSender, id string, parts int) (clientaccount.Admission, error) {
	a, sender := s.made[d.login], "Alerts"
	if len(a.Routing.Senders) > 0 {
		sender = a.Routing.Senders[0]
	}
	near, _ := strings.CutPrefix(a.Contact.Phone, "+") // a number like the client's own
	return s.svc.Admit(ctx, a.ID, account.Request{
		Channel: d.channel, Sender: sender, Destination: near[:len(near)-4] + strconv.Itoa(1000+(s.at.Minute()*151+s.at.Day()*7)%9000),
		MCC: d.mcc, MNC: d.mnc, Parts: parts, Price: account.Some(s.priceOf(a)), Reviewed: true,
	}, clientaccount.MessageHold{Reference: id, Actor: demoGateway, Keep: &clientaccount.Keep{
		ClientRef: "order-" + id[7:],
		Refunds:   account.Some(account.RefundPolicy{States: account.States(account.StateUndeliverable), Timeout: d.login == "kestrel"}),
	}})
}

// hear has a network tell of a part.
func (s *storyteller) hear(ctx context.Context, d demoSender, r message.NetworkReport, day, n int) error {
	r.Report = account.Report{State: account.StateDelivered, Err: "000"}
	switch {
	case n%31 == 30:
		s.silent[d.login] = append(s.silent[d.login], silent{day, r})
		return nil
	case n%17 == 16:
		r.Report.State, r.Report.Err = account.StateUndeliverable, "27"
	}
	s.at = s.at.Add(time.Duration(2+n%7) * time.Second)
	r.Report.DoneAt = s.at.Add(-time.Second)
	_, err := s.svc.Reported(ctx, r)
	return err
}

// sendLast takes messages that are on their way yet.
func (s *storyteller) sendLast(ctx context.Context) error {
	d := demoSenders[0]
	for k := range 4 {
		s.at = s.now.Add(time.Duration(k-20) * time.Minute)
		id := fmt.Sprintf("%s-%05d", s.at.Format("060102"), 90000+k)
		admitted, err := s.admit(ctx, d, id, 1+k%2)
		if err != nil {
			return err
		}
		if k < 2 && admitted.Send() {
			_, err = s.svc.Sent(ctx, s.made[d.login].ID, id, message.Handover{Network: d.network, IDs: []string{d.mcc + id}})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
