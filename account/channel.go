package account

// Channel is a way by which a client hands over messages.
type Channel string

// The channels, each with its own permission.
const (
	ChannelSMPP Channel = "smpp"
	ChannelAPI  Channel = "api"
	ChannelWeb  Channel = "web"
	ChannelREST Channel = "rest"
)

// Channels returns all channels in the order of the page.
func Channels() []Channel { return []Channel{ChannelSMPP, ChannelAPI, ChannelWeb, ChannelREST} }

func (c Channel) known() bool {
	switch c {
	case ChannelSMPP, ChannelAPI, ChannelWeb, ChannelREST:
		return true
	default:
		return false
	}
}

// field returns the path of the channel's permission.
func (c Channel) field() string { return "sending." + string(c) }

// MaxDepth is how many levels of accounts there may be: a top-level account and
// four beneath it.
const MaxDepth = 5

// Allows reports whether the permission of a channel is on; an unknown channel has none.
func (s Sending) Allows(c Channel) bool {
	switch c {
	case ChannelSMPP:
		return s.SMPP
	case ChannelAPI:
		return s.API
	case ChannelWeb:
		return s.Web
	case ChannelREST:
		return s.REST
	default:
		return false
	}
}
