package rows

import (
	"time"

	"github.com/clientaccount/clientaccount/account/message"
	"github.com/clientaccount/clientaccount/store"
)

// NetworkKeys is the key of a network id.
var NetworkKeys = Codec[store.NetworkKey]{
	text("network", func(k *store.NetworkKey) *string { return &k.Network }),
	text("id", func(k *store.NetworkKey) *string { return &k.ID }),
}

// EarlyID is what came for a network id before its message was sent.
type EarlyID struct {
	Of      store.NetworkKey
	Last    time.Time // when the last of the reports came
	Reports message.EarlyReports
}

// EarlyIDs is a row of clientaccount_early_reports.
var EarlyIDs = append(within(NetworkKeys, func(e *EarlyID) *store.NetworkKey { return &e.Of }), Codec[EarlyID]{
	instant("last_at", func(e *EarlyID) *time.Time { return &e.Last }),
	listOrNull("reports", func(e *EarlyID) *message.EarlyReports { return &e.Reports }, reportTexts),
}...)

func reportTexts(es message.EarlyReports) (texts []string) {
	for _, e := range es {
		texts = append(texts, e.Network, e.ID, e.Report.Err)
	}
	return texts
}
