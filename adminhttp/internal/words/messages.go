package words

import (
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/internal/say"
)

// stateWords are the states of messages in words; the tests hold that none is missing.
var stateWords = map[account.MessageState]Text{
	account.StateScheduled: "Scheduled", account.StateEnroute: "On its way", account.StateDelivered: "Delivered",
	account.StateExpired: "Expired", account.StateDeleted: "Deleted", account.StateUndeliverable: "Undeliverable",
	account.StateAccepted: "Accepted", account.StateUnknown: "Unknown to the network", account.StateRejected: "Rejected",
	account.StateSkipped: "Skipped",
}

// MessageState returns a state of a message in words.
func MessageState(s account.MessageState) Text { return stateWords[s] }

// stageWords are the stages of messages in words, likewise.
var stageWords = map[message.Stage]Text{
	message.StageHeld: "Waiting to be sent", message.StageSent: "Waiting for reports", message.StageEnded: "Ended",
	message.StageUnsent: "Could not be sent", message.StageTimedOut: "Not sent in time",
}

// MessageStage returns a stage of a message in words.
func MessageStage(s message.Stage) Text { return stageWords[s] }

// moneyWords say where the price of a message is, likewise.
var moneyWords = map[message.Money]Text{
	message.MoneyHeld: "held", message.MoneyTaken: "paid", message.MoneyReleased: "not paid", message.MoneyRefunded: "paid, and given back",
}

// MessageMoney says where the price of a message is.
func MessageMoney(m message.Message) Text {
	if m.Cost().IsZero() {
		return "free"
	}
	return moneyWords[m.Money]
}

// pricingWords say what is paid for, likewise.
var pricingWords = map[message.Pricing]Text{
	message.PricingSent: "Paid for when it is sent", message.PricingDelivered: "Paid for when it is delivered in time, else not at all",
}

// MessageTerms says what is paid for, and when that is given back.
func MessageTerms(t message.Terms) Text {
	paid := pricingWords[t.Pricing]
	if t.Pricing == message.PricingDelivered {
		return Textf("%s.", paid)
	}
	var ends []Text
	for _, s := range account.MessageStates() {
		if t.Refunds.States.Has(s) {
			ends = append(ends, Plain(s.String()))
		}
	}
	if t.Refunds.Timeout {
		ends = append(ends, "no report in time")
	}
	if len(ends) == 0 {
		return Textf("%s; nothing is given back.", paid)
	}
	return Textf("%s; given back for %s.", paid, Join(ends, ", "))
}

// errWords are the error codes that are made here, in words.
var errWords = map[string]Text{
	account.DLRTimeout:  "no final report came in time",
	message.SendTimeout: "it was handed to no network in time",
}

// noError is the error code of success, as networks have it.
const noError = "000"

// MessageErr returns an error code in words; one of a network is told as it is. It is empty for
// none, and for that of success.
func MessageErr(code string) Text {
	if text, made := errWords[code]; made || code == "" || code == noError {
		return text
	}
	return Textf("error %s", code)
}

// Parts returns a number of parts in words.
func Parts(n int) Text { return Plural(n, "part") }

// Network returns the codes of a network, as they are dialled: "255 01"; empty for none.
func Network(mcc, mnc string) string { return strings.TrimSpace(mcc + " " + mnc) }

// Span returns a length of time in its largest whole unit: "3 days".
func Span(d time.Duration) Text { return span(d) }

// channelWords are what the ways of sending are called; the tests hold that none is missing.
var channelWords = map[account.Channel]Text{
	account.ChannelSMPP: "SMPP", account.ChannelAPI: "API", account.ChannelWeb: "Web", account.ChannelREST: "RESTAPI",
}

// Channel returns what a way of sending is called.
func Channel(c account.Channel) Text { return channelWords[c] }

// Percent returns part of whole in tenths of a percent, rounded down so that what is not all
// is not said to be: "98.3 %". It is empty for no whole.
func Percent(part, whole int64) Text {
	if whole <= 0 {
		return ""
	}
	tenths := part * 1000 / whole
	return Textf("%s %%", say.Digits(Num(tenths/10)+"."+Num(tenths%10)))
}
