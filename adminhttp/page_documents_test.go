package adminhttp_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
)

// documentPages returns the pages over a client whose November was billed, and whose invoice could
// not be mailed.
func documentPages(t *testing.T) (*site, *papers, account.Account) {
	t.Helper()
	p := newPapers(t)
	s := newSiteOver(t, p.svc, withMail(t), func(c *adminhttp.Config) { c.Logger = slog.Default() })
	a := s.create("acme", billed)
	p.month(a.ID)
	p.carry(map[document.Kind]store.MailTry{document.KindInvoice: said550})
	return s, p, a
}

func TestDocumentsOnThePage(t *testing.T) {
	s, p, a := documentPages(t)
	r := s.get(documentsPath(a.ID))
	require.Equal(t, http.StatusOK, r.code)
	fmt.Println(r.text())
	r = s.get(documentPath(a.ID, p.invoice(a.ID)))
	require.Equal(t, http.StatusOK, r.code)
	fmt.Println(r.text())
	fmt.Println(s.get("documents").text())
	fmt.Println(s.get("clients/" + a.ID.String() + "/mail").text())
	fmt.Println(s.get("clients/" + a.ID.String() + "/mail?kind=invoice").text())
	fmt.Println(s.get(documentPath(a.ID, p.invoice(a.ID)) + "/credit").text())
	assert.True(t, true)
}
