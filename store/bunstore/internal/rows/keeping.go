package rows

import "github.com/clientaccount/clientaccount/store"

// Keeping gathers what postings bring of messages: new ones and those that moved on, network ids,
// and what the clients are told.
type Keeping struct {
	New, Moved, IDs, Deliveries *Params

	placed int // ids and deliveries so far: their order counts
}

// NewKeeping gathers nothing yet.
func NewKeeping(writing func(Columns) *Params) *Keeping {
	return &Keeping{
		New: writing(Messages.Columns()), Moved: writing(MovedMessages.Columns()),
		IDs: writing(OwnedIDs.Columns()), Deliveries: writing(PlacedDeliveries.Columns()),
	}
}

// Write adds what the nth posting brings.
func (k *Keeping) Write(n int, p *store.Posting) {
	for i := range p.Messages {
		k.write(n, &p.Messages[i])
	}
}

func (k *Keeping) write(n int, m *store.KeptMessage) {
	if m.Was == 0 {
		Messages.Write(k.New, &m.Message)
	} else {
		MovedMessages.Write(k.Moved, &m.Message)
	}
	of := store.MessageKey{Account: m.Message.Account, ID: m.Message.ID}
	for _, id := range m.NetworkIDs {
		k.placed++
		OwnedIDs.Write(k.IDs, &OwnedID{k.placed, m.Was == 0, store.NetworkKey{Network: id.Network, ID: id.ID}, of})
	}
	for _, d := range m.Deliveries {
		k.placed++
		PlacedDeliveries.Write(k.Deliveries, &PlacedDelivery{k.placed, n, d})
	}
}
