package account

import (
	"slices"
	"time"
)

// Attention is a reason why a client needs work. A client that is closed, or beneath one that is,
// has none but that something waits for a second person. One that is not active, or beneath one that is
// not, sends nothing, and has none that follows from money.
type Attention string

// The reasons, in the order in which they are shown. What follows from money, webhooks and mails is
// as of when the Clients list was brought up to date with them, within a minute or so. An account
// that spends the money of another manager's is exhausted, or near its limit, by caps alone.
const (
	AttentionExhausted      Attention = "exhausted"       // what is available no longer pays for one message
	AttentionNearLimit      Attention = "near_limit"      // at or below the notification limit
	AttentionOverdrawEnding Attention = "overdraw_ending" // the overdraw ends within OverdrawEndingWithin
	AttentionExpiring       Attention = "expiring"        // it, or an account above, expires within ExpiringWithin
	AttentionWebhookFailing Attention = "webhook_failing" // a webhook fails, or was switched off
	AttentionMailFailing    Attention = "mail_failing"    // the last mail to one of its addresses failed
	AttentionSilent         Attention = "silent"          // active, and for SilentFor no money moved
	AttentionUnconfirmed    Attention = "unconfirmed"     // something waits for a second person
)

// How far reasons look ahead, and back.
const (
	OverdrawEndingWithin = 7 * 24 * time.Hour
	ExpiringWithin       = 30 * 24 * time.Hour
	SilentFor            = 30 * 24 * time.Hour // an account that is younger is not silent
)

// Attentions returns all of them.
func Attentions() []Attention {
	return []Attention{
		AttentionExhausted, AttentionNearLimit, AttentionOverdrawEnding, AttentionExpiring,
		AttentionWebhookFailing, AttentionMailFailing, AttentionSilent, AttentionUnconfirmed,
	}
}

// IsKnown reports whether there is such a reason.
func (a Attention) IsKnown() bool { return slices.Contains(Attentions(), a) }

// ends reports whether an end is ahead, and within a time from now.
func ends(end, now time.Time, within time.Duration) bool {
	return end.After(now) && !end.After(now.Add(within))
}

// Expiring reports whether the client is [AttentionExpiring].
func (s Summary) Expiring(now time.Time) bool {
	mild := s.Status.Worse(s.Above).Worse(StatusPending) == StatusPending
	return mild && ends(s.Ends(), now, ExpiringWithin)
}

// OverdrawEnding reports whether an overdraw with this end is [AttentionOverdrawEnding].
func OverdrawEnding(end, now time.Time) bool { return ends(end, now, OverdrawEndingWithin) }

// Silent reports whether the client is [AttentionSilent].
func (s Summary) Silent(now time.Time) bool {
	since := now.Add(-SilentFor)
	return s.StatusAt(now) == StatusActive && !s.Moved.After(since) && !s.CreatedAt.After(since)
}
