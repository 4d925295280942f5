package account

// Moderation is which messages a person reviews before they go.
type Moderation string

// The kinds of moderation; empty leaves it to the product.
const (
	ModerationNone      Moderation = "none"
	ModerationManual    Moderation = "manual"    // every message
	ModerationAutomatic Moderation = "automatic" // those the host's content check flags
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
