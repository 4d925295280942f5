package access

// Parts says which parts of a client's messages may be told, beside that there are some and
// what became of them. The zero Parts tells none.
type Parts struct {
	Destination bool // whom it went to
	Money       bool // the price, where it is, and the entries
	Terms       bool // how it is paid for and given back: the product may say
	Wait        bool // for how long reports are waited for, and until when: likewise
	Day         bool // under which day it is counted, on the client's clock
	Told        bool // what the client was told by webhooks
}

// Parts returns those that the actor may be told.
func (j Judge) Parts() Parts {
	money := j.May(Money)
	return Parts{
		Destination: j.Shows(Destination), Money: money, Terms: money && j.Shows("notes.product"),
		Wait: j.Shows("sending.dlr_days", "notes.product"), Day: j.Shows("time_zone"), Told: j.MayHook(Webhooks),
	}
}
