package account

import "cmp"

// ForBilling is where invoices and statistics of a period are mailed: the e-mail for
// billing, else the first; empty for nowhere.
func (m Mail) ForBilling() string { return cmp.Or(m.Billing, m.Email) }

// PriceUpdates is where price updates are mailed, the e-mail for them, else the first,
// and as what kind of file. It is false when there is no address, or no format.
func (m Mail) PriceUpdates() (to string, format PriceFormat, ok bool) {
	to = cmp.Or(m.PriceUpdate, m.Email)
	return to, m.PriceFormat, to != "" && m.PriceFormat != ""
}
