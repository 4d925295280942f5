package document

import (
	"encoding/json"

	"github.com/clientaccount/clientaccount/account"
)

// usageJSON is a Usage as it is written.
type usageJSON struct {
	Account account.ID `json:"account"`
	Begins  int64      `json:"begins"` // the first entry of the period
	From    Mark       `json:"from"`
	To      Mark       `json:"to"`
	Rows    []UsageRow `json:"rows,omitempty"`
}

// MarshalJSON returns the usage with its marks and rows, for whoever keeps it whole.
func (u *Usage) MarshalJSON() ([]byte, error) {
	return json.Marshal(usageJSON{u.account, u.begins, u.from, u.to, u.Rows()})
}

// UnmarshalJSON reads what MarshalJSON wrote. The error is ErrFormat for anything else.
func (u *Usage) UnmarshalJSON(text []byte) error {
	var j usageJSON
	if err := read(text, &j); err != nil {
		return err
	}
	*u = *Restore(j.Account, j.From, j.To, j.Rows)
	u.begins = j.Begins
	return nil
}
