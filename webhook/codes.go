package webhook

// What came of a try, or why a delivery died: [store.Try.Code]. They are for
// programs and stable.
const (
	CodeOK       = "ok"       // answered with 2xx
	CodeStatus   = "status"   // answered with another status
	CodeRedirect = "redirect" // answered with 3xx, which is never followed
	CodeGone     = "gone"     // answered with 410, which switches the URL off
	CodeTimeout  = "timeout"  // not answered in time
	CodeDNS      = "dns"      // the name could not be looked up
	CodeConnect  = "connect"  // no connection
	CodeTLS      = "tls"      // no trusted connection
	CodeAnswer   = "answer"   // the answer was not HTTP, or its headers too large
	CodeLost     = "lost"     // the connection broke before the answer

	CodeBlockedAddress = "blocked_address" // the name leads where we do not go
	CodeBlockedURL     = "blocked_url"     // the URL breaks a rule of package target

	// Of deliveries that died without a try.
	CodeOff       = "off"       // the URL is switched off
	CodeNoURL     = "no_url"    // the client has no such URL any more
	CodeOvertaken = "overtaken" // a later state of the message was delivered

	// CodeFailing is why a URL was switched off that never answered for too long.
	CodeFailing = "failing"
)
