package adminpages_test

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store/memstore"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// dispatchedSite returns a site with a dispatcher that reaches one receiver alone.
func dispatchedSite(t *testing.T) (*hookSite, *webhook.Dispatcher, *webhooktest.Receiver) {
	t.Helper()
	s, far, config := &hookSite{store: memstore.New()}, webhooktest.New(t), &webhook.Config{Poll: 20 * time.Millisecond}
	far.Reach(config)
	dispatcher, err := webhook.NewDispatcher(s.store, config)
	require.NoError(t, err)
	s.svc = clientaccount.New(s.store, &clientaccount.Options{Hash: cheap})
	s.fill(t)
	s.client = s.update(t, "Marko Lis", account.Change{}.Set("webhooks.rest_state", far.URL("/dlr?token=canary")))
	s.serve(t, dispatcher.Test)
	return s, dispatcher, far
}

// hooksPage returns the page of the client's webhooks, its entities resolved.
func (s *hookSite) hooksPage(t require.TestingT, query string) string {
	answer, err := http.Get(s.url + "clients/" + s.client.ID.String() + "/webhooks" + query)
	require.NoError(t, err)
	return pageOf(t, answer)
}

// press posts a form of that page, and gives the page it leads to.
func (s *hookSite) press(t *testing.T, form url.Values) string {
	t.Helper()
	answer, err := http.PostForm(s.url+"clients/"+s.client.ID.String()+"/webhooks", form)
	require.NoError(t, err)
	return pageOf(t, answer)
}

func pageOf(t require.TestingT, answer *http.Response) string {
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode, "%s", page)
	return html.UnescapeString(string(page))
}

// TestTheWebhooksPageWithADispatcher goes once around: a secret from the page, a test by
// it, a URL that is gone and so switched off, switched on again, and the delivery sent
// again, to a receiver that verifies signatures.
func TestTheWebhooksPageWithADispatcher(t *testing.T) {
	t.Parallel()
	s, dispatcher, far := dispatchedSite(t)
	looks := func(query, text string) {
		require.EventuallyWithT(t, func(c *assert.CollectT) { assert.Contains(c, s.hooksPage(c, query), text) }, 30*time.Second, 20*time.Millisecond)
	}
	page := s.press(t, url.Values{"_do": {"secret"}, "revision": {strconv.FormatInt(s.client.Revision, 10)}, "overlapHours": {"0"}, "confirm": {"true"}})
	far.Trust(regexp.MustCompile(`whsec_[A-Za-z0-9/+=]+`).FindString(page))
	page = s.press(t, url.Values{"_do": {"test"}, "kind": {"rest_state"}})
	assert.Contains(t, page, "Test of SMS State via RestAPI: Taken.")
	assert.NoError(t, far.Await(1)[0].Unverified)

	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- dispatcher.Run(ctx) }()
	far.Answer(webhooktest.Status(http.StatusGone))
	s.submit(t, account.StateDelivered)
	looks("", "Answered that it is gone for good. Off since")
	looks("?state=dead", "HTTP 410")
	s.press(t, url.Values{"_do": {"on"}, "kind": {"rest_state"}})
	assert.Contains(t, s.press(t, url.Values{"_do": {"replay"}, "replayKind": {"rest_state"}}), "1 delivery is sent again.")
	calls := far.Await(3)
	assert.Equal(t, calls[1].ID, calls[2].ID, "with the same id")
	assert.NoError(t, calls[2].Unverified)
	looks("?state=done", "HTTP 204")
	stop()
	require.NoError(t, <-ended)
}
