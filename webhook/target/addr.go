package target

import (
	"errors"
	"fmt"
	"net/netip"

	"code.dny.dev/ssrf"
)

// ErrBlocked is wrapped by every error of [CheckAddr].
var ErrBlocked = errors.New("blocked address")

// guardian refuses the special-purpose ranges that IANA keeps for IPv4, IPv4
// multicast, and all of IPv6 but what is global unicast and not special-purpose.
// That covers IPv4 mapped into, compatible with or translated to IPv6
// (::ffff:0:0/96, ::/96, 64:ff9b::/96, 64:ff9b:1::/48), 6to4 and Teredo.
var guardian = ssrf.New(
	ssrf.WithAnyPort(), // ports are checked with the URL
	ssrf.WithDeniedV4Prefixes(
		// Azure's platform endpoint: a public address by registration, yet
		// answered inside every virtual network, with the machine's secrets.
		netip.MustParsePrefix("168.63.129.16/32"),
	),
)

// CheckAddr reports whether a webhook may be sent to addr: nil, or an error
// that wraps [ErrBlocked] and names the address and its range. That error is
// for the operator; a client is never told what their name resolved to.
//
// Check the address that is about to be dialled, after DNS, at every dial.
// The zero Addr, addresses with a zone, and IPv4-mapped IPv6 addresses are
// refused: addresses made from a net.IP need Unmap first.
//
// A NAT64 prefix that a network chose for itself (RFC 6052, section 2.2)
// looks like any other global address and is not recognised.
func CheckAddr(addr netip.Addr) error {
	if !addr.IsValid() { // guardian takes it for a public IPv4 address
		return fmt.Errorf("%w: no address", ErrBlocked)
	}
	if isISATAP(addr) {
		return fmt.Errorf("%w: %s carries an IPv4 address (ISATAP)", ErrBlocked, addr)
	}
	if err := guardian.SafeAddr(addr); err != nil {
		return fmt.Errorf("%w: %w", ErrBlocked, err)
	}
	return nil
}

// isISATAP tells an interface identifier that tunnels to the IPv4 address in
// its last 32 bits (RFC 5214, section 6.1): [00|02]00:5efe. It works under any
// prefix, so no list of ranges can hold it. The group bit is ignored as the
// universal bit is.
func isISATAP(addr netip.Addr) bool {
	b := addr.As16()
	return addr.Is6() && b[8]&^0x03 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe
}
