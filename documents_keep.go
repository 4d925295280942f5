package clientaccount

// KeepsDocuments reports whether the store keeps documents, see [github.com/clientaccount/clientaccount/store.Billing]: where it does
// not, what is asked of them is ErrNoBilling.
func (s *Service) KeepsDocuments() bool {
	_, err := s.billing()
	return err == nil
}
