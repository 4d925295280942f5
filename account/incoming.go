package account

import "slices"

// MOGoesToSMPP says where an incoming message goes: to the client's SMPP session, or
// else to the URLs for incoming messages; never to both. A session needs Can Send via
// SMPP, the client's own and that of all accounts above.
func (c Client) MOGoesToSMPP() bool {
	off := func(above Account) bool { return !above.Sending.SMPP }
	return c.Account.MOGoesToSMPP() && !slices.ContainsFunc(c.Above, off)
}
