package clientaccount

import "github.com/clientaccount/clientaccount/store"

// KeepsDocuments reports whether the store keeps documents, see [store.Billing]: where it does
// not, what is asked of them is ErrNoBilling.
func (s *Service) KeepsDocuments() bool {
	if s.made() != nil {
		return false
	}
	_, can := s.stored().(store.Billing)
	return can
}
