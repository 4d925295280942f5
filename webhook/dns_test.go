package webhook_test

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook"
	"github.com/clientaccount/clientaccount/webhook/webhooktest"
)

// zone is a name server on loopback, for the resolver that Go itself has.
type zone struct {
	conn net.PacketConn

	mu      sync.Mutex
	answers map[string][][]netip.Addr // of a name, one answer after the other, the last for good
	aliases int                       // CNAMEs before each address
	asked   int
	halves  map[string]int
}

func newZone(t *testing.T, aliases int, answers map[string][][]netip.Addr) *zone {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	z := &zone{conn: conn, answers: answers, aliases: aliases, halves: map[string]int{}}
	done := make(chan struct{})
	go func() { defer close(done); z.serve() }()
	t.Cleanup(func() { _ = conn.Close(); <-done })
	return z
}

func (z *zone) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", z.conn.LocalAddr().String())
	}}
}

func (z *zone) serve() {
	buffer := make([]byte, 512)
	for {
		n, from, err := z.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		if reply := z.reply(buffer[:n]); reply != nil {
			_, _ = z.conn.WriteTo(reply, from)
		}
	}
}

// reply answers a question (RFC 1035, section 4) with the aliases and addresses of its
// type, A or AAAA.
func (z *zone) reply(question []byte) []byte {
	var labels []string
	at := 12
	for question[at] != 0 {
		n := int(question[at])
		labels = append(labels, string(question[at+1:at+1+n]))
		at += 1 + n
	}
	kind := binary.BigEndian.Uint16(question[at+1:])
	end := at + 5
	records, count := z.records(strings.Join(labels, "."), kind)
	reply := append([]byte(nil), question[:end]...)
	copy(reply[2:12], []byte{0x81, 0x80, 0, 1, byte(count >> 8), byte(count), 0, 0, 0, 0})
	return append(reply, records...)
}

const (
	typeA     = 1
	typeCNAME = 5
	typeAAAA  = 28
)

func (z *zone) records(name string, kind uint16) (records []byte, count int) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.asked++
	answers := z.answers[name]
	if len(answers) == 0 {
		return nil, 0
	}
	owner := encodeName(name)
	for n := range z.aliases {
		next := encodeName("alias" + string(rune('a'+n)) + ".example.com")
		records = append(records, record(owner, typeCNAME, next)...)
		owner = next
		count++
	}
	for _, addr := range answers[0] {
		if addr.Is4() && kind == typeA || addr.Is6() && kind == typeAAAA {
			records = append(records, record(owner, kind, addr.AsSlice())...)
			count++
		}
	}
	if z.halves[name]++; z.halves[name]%2 == 0 && len(answers) > 1 { // a look-up is two questions, for one answer
		z.answers[name] = answers[1:]
	}
	return records, count
}

func encodeName(name string) (encoded []byte) {
	for label := range strings.SplitSeq(name, ".") {
		encoded = append(append(encoded, byte(len(label))), label...)
	}
	return append(encoded, 0)
}

// record has a time to live of zero: it is looked up anew each time.
func record(owner []byte, kind uint16, data []byte) []byte {
	r := append([]byte(nil), owner...)
	r = binary.BigEndian.AppendUint16(r, kind)
	r = append(r, 0, 1, 0, 0, 0, 0)
	r = binary.BigEndian.AppendUint16(r, uint16(len(data)))
	return append(r, data...)
}

func tryAsking(t *testing.T, z *zone, c *webhook.Config, url string) tried {
	t.Helper()
	got, after, blocked := webhook.TryAsking(
		t.Context(), z.resolver(), c, url, []account.HookSecret{secret(t, 's')}, delivery(account.HookRESTState, "{}"))
	return tried{got, after, blocked}
}

// Names of clients that lead where they should not, answered over DNS, at once and behind aliases.
func TestDNSAnswersAreJudgedWhenDialled(t *testing.T) {
	for _, aliases := range []int{0, 9} {
		answers := map[string][][]netip.Addr{}
		for name, address := range dialled {
			answers[name] = [][]netip.Addr{addrs(address)}
		}
		z := newZone(t, aliases, answers)
		for name := range dialled {
			got := tryAsking(t, z, &webhook.Config{}, "https://"+name+"/")
			assert.Equal(t, webhook.CodeBlockedAddress, got.Code, name)
			assert.NotEmpty(t, got.blocked, name)
		}
		z.mu.Lock()
		assert.Positive(t, z.asked)
		z.mu.Unlock()
	}
}

// The first answer lets the call through, the second leads inside: it is checked, too.
func TestDNSRebinding(t *testing.T) {
	r := webhooktest.New(t)
	c := &webhook.Config{}
	r.Reach(c)
	c.Lookup = nil
	z := newZone(t, 2, map[string][][]netip.Addr{webhooktest.Host: {addrs("127.0.0.1"), addrs("127.0.0.3"), addrs("10.0.0.1")}})
	assert.Equal(t, webhook.CodeOK, tryAsking(t, z, c, r.URL("/")).Code)
	for range 2 {
		assert.Equal(t, webhook.CodeBlockedAddress, tryAsking(t, z, c, r.URL("/")).Code)
	}
	assert.Len(t, r.Calls(), 1)
}

// A name has a good address and a bad one: the good one is called, the bad one never.
func TestDNSWithAGoodAndABadAddress(t *testing.T) {
	r := webhooktest.New(t)
	c := &webhook.Config{}
	r.Reach(c)
	c.Lookup = nil
	z := newZone(t, 0, map[string][][]netip.Addr{
		webhooktest.Host: {addrs("127.0.0.1", "::1", "fd00:ec2::254")}, "bad.example.com": {addrs("10.0.0.1", "::1")},
	})
	assert.Equal(t, webhook.CodeOK, tryAsking(t, z, c, r.URL("/")).Code)
	assert.Equal(t, webhook.CodeBlockedAddress, tryAsking(t, z, c, "http://bad.example.com/").Code)
}
