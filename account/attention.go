package account

// Attention is a reason why a client needs work.
type Attention string

// The reasons, in the order in which they are shown.
const (
	AttentionExhausted      Attention = "exhausted"       // nothing is available to spend
	AttentionNearLimit      Attention = "near_limit"      // at or below the notification limit
	AttentionOverdrawEnding Attention = "overdraw_ending" // the overdraw ends within seven days
	AttentionExpiring       Attention = "expiring"        // the account expires within thirty days
	AttentionWebhookFailing Attention = "webhook_failing" // a webhook fails, or was switched off
	AttentionMailFailing    Attention = "mail_failing"    // the last mail to one of its addresses failed
	AttentionSilent         Attention = "silent"          // active, and no money moved for thirty days
	AttentionUnconfirmed    Attention = "unconfirmed"     // something waits for a second person
)

// Attentions returns all of them.
func Attentions() []Attention {
	return []Attention{
		AttentionExhausted, AttentionNearLimit, AttentionOverdrawEnding, AttentionExpiring,
		AttentionWebhookFailing, AttentionMailFailing, AttentionSilent, AttentionUnconfirmed,
	}
}
