package clientaccount

import "github.com/clientaccount/clientaccount/store"

// KeepsPrices reports whether the store keeps price lists, see [store.Prices]: where it does not,
// what is asked of them is ErrNoPrices.
func (s *Service) KeepsPrices() bool {
	if s.made() != nil {
		return false
	}
	_, can := s.stored().(store.Prices)
	return can
}

// Network returns what the host calls a network, by [DocumentOptions].Network; empty for one
// without a name.
func (s *Service) Network(mcc, mnc string) string {
	if s.opts.Documents.Network == nil {
		return ""
	}
	return s.opts.Documents.Network(mcc, mnc)
}
