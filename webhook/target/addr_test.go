package target_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/webhook/target"
)

// special is written from the IANA registries and RFCs, not taken from the
// library under test.
var special = []string{
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/31",
	"192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
	"192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"255.255.255.255/32", "168.63.129.16/32",

	"::/128", "::1/128", "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48",
	"100::/64", "100:0:0:1::/64", "2001::/23", "2001::/32", "2001:1::/120", "2001:2::/48", "2001:3::/32",
	"2001:4:112::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32", "2002::/16",
	"2620:4f:8000::/48", "3fff::/20", "5f00::/16", "4000::/2", "8000::/1", "fc00::/7", "fe80::/10",
	"fec0::/10", "ff00::/8",
}

func TestCheckAddrRefusesSpecialRanges(t *testing.T) {
	for _, text := range special {
		prefix := netip.MustParsePrefix(text)
		t.Run(text, func(t *testing.T) {
			require.ErrorIs(t, target.CheckAddr(prefix.Addr()), target.ErrBlocked, "first")
			require.ErrorIs(t, target.CheckAddr(last(prefix)), target.ErrBlocked, "last")
			rapid.Check(t, func(t *rapid.T) {
				addr := within(t, prefix)
				require.ErrorIs(t, target.CheckAddr(addr), target.ErrBlocked, addr.String())
			})
		})
	}
}

func TestCheckAddrRefusesMapped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		addr := netip.AddrFrom16(within(t, netip.MustParsePrefix("0.0.0.0/0")).As16())
		require.ErrorIs(t, target.CheckAddr(addr), target.ErrBlocked, addr.String())
	})
}

func TestCheckAddrRefusesISATAP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := within(t, netip.MustParsePrefix("2600::/12")).As16()
		b[8], b[9], b[10], b[11] = rapid.SampledFrom([]byte{0, 2}).Draw(t, "u"), 0, 0x5e, 0xfe
		require.ErrorIs(t, target.CheckAddr(netip.AddrFrom16(b)), target.ErrBlocked)
	})
}

func TestCheckAddr(t *testing.T) {
	blocked := map[string]string{
		"ISATAP":            "2600:1::5efe:a9fe:a9fe",
		"multicast v6":      "ff02::1",
		"link-local v6":     "fe80::1",
		"site-local v6":     "fec0::1",
		"NAT64":             "64:ff9b::a9fe:a9fe",
		"NAT64 local":       "64:ff9b:1::a9fe:a9fe",
		"Alibaba metadata":  "100.100.100.200",
		"Azure platform":    "168.63.129.16",
		"mapped":            "::ffff:169.254.169.254",
		"compatible":        "::127.0.0.1",
		"Oracle metadata":   "192.0.0.192",
		"broadcast":         "255.255.255.255",
		"unspecified v6":    "::",
		"6to4":              "2002:a9fe:a9fe::1",
		"AWS metadata v6":   "fd00:ec2::254",
		"global, with zone": "2606:4700:4700::1111%eth0",
	}
	for name, text := range blocked {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, target.CheckAddr(netip.MustParseAddr(text)), target.ErrBlocked)
		})
	}
	require.ErrorIs(t, target.CheckAddr(netip.Addr{}), target.ErrBlocked, "zero Addr")
}

// Neighbours of refused ranges, so that a list that refuses everything fails.
func TestCheckAddrAllowsPublic(t *testing.T) {
	for _, text := range []string{
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
		"128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255", "172.15.255.255", "172.32.0.0",
		"192.0.1.1", "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255",
		"2001:200::1", "2001:4860:4860::8888", "2003::1", "2606:4700:4700::1111", "2600:1::5eff:1:1",
		"2600::100:0:5efe", "2a00::1", "3ffe:ffff::",
	} {
		t.Run(text, func(t *testing.T) {
			assert.NoError(t, target.CheckAddr(netip.MustParseAddr(text)))
		})
	}
}

// within draws an address inside prefix: the prefix's bits, then random ones.
func within(t *rapid.T, prefix netip.Prefix) netip.Addr {
	b := prefix.Addr().AsSlice()
	for i := prefix.Bits(); i < len(b)*8; i++ {
		if rapid.Bool().Draw(t, "bit") {
			b[i/8] |= 0x80 >> (i % 8)
		}
	}
	addr, _ := netip.AddrFromSlice(b)
	return addr
}

func last(prefix netip.Prefix) netip.Addr {
	b := prefix.Addr().AsSlice()
	for i := prefix.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	addr, _ := netip.AddrFromSlice(b)
	return addr
}
