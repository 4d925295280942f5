package access

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// spendable are the settings that what is available follows from.
var spendable = []string{"credit.limit", "credit.overdraw.limit", "credit.overdraw.expires_at", "credit.shared", "credit.cap"}

// active are the settings that it follows from whether a client is active.
var active = []string{"status", "expires_at"}

// OwnManager returns which of the managers the actor is; zero for none, or for one not to be seen.
func (j Judge) OwnManager() account.ID {
	if !j.Manager(j.policy.Manager) || !j.Shows("manager") {
		return account.ID{}
	}
	return j.policy.Manager
}

// Attention reports whether the actor may be told which clients need work for a reason: who sees
// all that it follows from. One that is not named here is told to nobody.
func (j Judge) Attention(a account.Attention) bool {
	switch a {
	case account.AttentionExhausted:
		return j.seesAvailable() && j.Shows(active...)
	case account.AttentionNearLimit:
		return j.seesAvailable() && j.Shows(active...) && j.Shows("notification_limit", "notes.product") // which may count in messages
	case account.AttentionOverdrawEnding:
		return j.May(Money) && j.Shows(active...) && j.Shows("credit.overdraw.limit", "credit.overdraw.expires_at")
	case account.AttentionExpiring:
		return j.Shows(active...)
	case account.AttentionWebhookFailing:
		return j.May(Webhooks) && len(j.Hooks()) == len(account.HookKinds())
	case account.AttentionMailFailing:
		return j.Mails() && len(j.DocumentKinds()) == len(document.Kinds())
	case account.AttentionSilent:
		return j.May(Money) && j.Shows(active...)
	case account.AttentionUnconfirmed:
		return j.May(Money, History) && len(j.hidden()) == 0
	default:
		return false
	}
}

// Attentions returns the reasons that the actor may be told.
func (j Judge) Attentions() []account.Attention {
	return slices.DeleteFunc(account.Attentions(), func(a account.Attention) bool { return !j.Attention(a) })
}

// hidden returns the settings that the actor does not see, secrets aside.
func (j Judge) hidden() (settings []account.Field) {
	for f := range account.AccountTable().All() {
		if !f.Secret() && !j.Shows(f.Path) {
			settings = append(settings, f)
		}
	}
	return settings
}

// seesAvailable reports whether the actor may be told what clients may spend.
func (j Judge) seesAvailable() bool { return j.May(Money) && j.Shows(spendable...) }
