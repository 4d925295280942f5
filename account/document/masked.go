package document

// Masked returns a copy of a document in which what a viewer may not see of the account is empty:
// fields of the account inside it, each by its path as in account.AccountTable. What is made of
// several fields is seen by who sees all of them. Amounts are not masked: who may not see money
// sees no document of it. Neither is the format of a price update, which its file shows anyway.
//
//   - the customer: login, contact.company, contact.first_name, contact.last_name and
//     billing.enterprise, which says which of them is the name; contact.country (and the address),
//     contact.credential, contact.contract; currency; time_zone; manager
//   - funds: notification_limit
//   - notices: the field that they are of; webhooks.api_state and the others, the one that they are
//     of; credit.overdraw.limit, credit.overdraw.expires_at
func Masked(d Document, sees func(path string) bool) Document { return d.tidy().masked(sees) }

// shown returns a value, or the zero value where a path is not seen.
func shown[T any](sees func(path string) bool, value T, paths ...string) T {
	for _, path := range paths {
		if !sees(path) {
			var none T
			return none
		}
	}
	return value
}

func (h Head) masked(sees func(string) bool) Head {
	c := &h.Customer
	c.Name = shown(sees, c.Name, "login", "contact.company", "contact.first_name", "contact.last_name", "billing.enterprise")
	c.Contact = shown(sees, c.Contact, "contact.first_name", "contact.last_name", "billing.enterprise")
	c.Login = shown(sees, c.Login, "login")
	c.Country, c.Address = shown(sees, c.Country, "contact.country"), shown(sees, c.Address, "contact.country")
	c.Credential, c.Contract = shown(sees, c.Credential, "contact.credential"), shown(sees, c.Contract, "contact.contract")
	h.Currency, h.Zone, h.Manager = shown(sees, h.Currency, "currency"), shown(sees, h.Zone, "time_zone"), shown(sees, h.Manager, "manager")
	return h
}

// masked hides the limit, and the number of messages by which it could be found.
func (f Funds) masked(sees func(string) bool) Funds {
	f.Limit, f.UntilLimit = shown(sees, f.Limit, "notification_limit"), shown(sees, f.UntilLimit, "notification_limit")
	return f
}

func (d Daily) masked(sees func(string) bool) Document {
	d.Head, d.Funds = d.Head.masked(sees), d.Funds.masked(sees)
	return d
}

func (s Statement) masked(sees func(string) bool) Document {
	s.Head = s.Head.masked(sees)
	return s
}

func (i Invoice) masked(sees func(string) bool) Document {
	i.Head = i.Head.masked(sees)
	return i
}

func (n CreditNote) masked(sees func(string) bool) Document {
	n.Head = n.Head.masked(sees)
	return n
}

func (u PriceUpdate) masked(sees func(string) bool) Document {
	u.Head = u.Head.masked(sees)
	return u
}

func (n Notice) masked(sees func(string) bool) Document {
	n.Head, n.Funds = n.Head.masked(sees), n.Funds.masked(sees)
	n.Overdraw, n.Ends = shown(sees, n.Overdraw, "credit.overdraw.limit"), shown(sees, n.Ends, "credit.overdraw.expires_at")
	if n.Hook != "" && !sees("webhooks."+string(n.Hook)) {
		n.Hook, n.Code = "", ""
	}
	if n.Field != "" && !sees(n.Field) {
		n.Field, n.Old, n.New = "", "", ""
	}
	return n
}
