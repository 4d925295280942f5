package account

// Moderation is which messages a person reviews before they go.
type Moderation string

// The kinds of moderation; empty leaves it to the product.
const (
	ModerationNone      Moderation = "none"
	ModerationManual    Moderation = "manual"    // every message
	ModerationAutomatic Moderation = "automatic" // those the host's content check flags
)

// Pricing is what a client pays for. Empty is PricingSent.
type Pricing string

// The ways of pricing.
const (
	PricingSent      Pricing = "sent"      // the price is captured when the message is sent
	PricingDelivered Pricing = "delivered" // it is captured when it is delivered in time, else released
)

// Enterprise is what the client is before the law.
type Enterprise string

// A company needs its name; a private person first and last name.
const (
	EnterpriseCompany Enterprise = "company"
	EnterprisePrivate Enterprise = "private"
)

// PriceFormat is the file format of price updates; empty for none.
type PriceFormat string

// The file formats of price updates.
const (
	PriceCSV       PriceFormat = "csv"
	PriceCSVMCCMNC PriceFormat = "csv_mccmnc" // a row per network code
	PriceXLSX      PriceFormat = "xlsx"
)

// Choice is one option of a field: the value that is stored and the label people see.
type Choice struct {
	Value string
	Label string
}

var (
	statusChoices = []Choice{
		{string(StatusPending), "Pending"},
		{string(StatusActive), "Active"},
		{string(StatusSuspended), "Suspended"},
		{string(StatusBlocked), "Blocked"},
		{string(StatusClosed), "Closed"},
	}
	moderationChoices = []Choice{
		{string(ModerationNone), "None"},
		{string(ModerationManual), "Manual"},
		{string(ModerationAutomatic), "Automatic"},
	}
	pricingChoices = []Choice{
		{string(PricingSent), "Sent messages"},
		{string(PricingDelivered), "Delivered messages"},
	}
	refundChoices = []Choice{
		{StateExpired.String(), "Expired"},
		{StateDeleted.String(), "Deleted"},
		{StateUndeliverable.String(), "Undeliverable"},
		{StateRejected.String(), "Rejected"},
		{StateSkipped.String(), "Skipped"},
		{refundTimeout, "No report in time"},
	}
	enterpriseChoices = []Choice{
		{string(EnterpriseCompany), "Company"},
		{string(EnterprisePrivate), "Private"},
	}
	priceFormatChoices = []Choice{
		{string(PriceCSV), "CSV"},
		{string(PriceCSVMCCMNC), "CSV with MCC and MNC"},
		{string(PriceXLSX), "Excel (XLSX)"},
	}
	priorityChoices = []Choice{{"0", "0, normal"}, {"1", "1, raised"}, {"2", "2, high"}, {"3", "3, highest"}}
)

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
