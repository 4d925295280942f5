package account

// Longer is an account with one setting more, which only tests have.
type Longer struct {
	Account
	Pigeon string
}

// LongerTable returns the table of accounts with a row more.
func LongerTable(f Field) Table[Longer] {
	var rows []row[Longer]
	for _, r := range accounts.rows {
		rows = append(rows, row[Longer]{func(l *Longer) value { return r.at(&l.Account) }, r.Field})
	}
	rows = append(rows, row[Longer]{func(l *Longer) value { return textValue[string]{&l.Pigeon} }, f})
	return newTable(func(l Longer) Currency { return l.Core.Currency }, rows)
}

// The parts of what an account does with its table.
var (
	CodesOf = codesOf

	SearchTextBy = func(t Table[Longer], l Longer) string { return t.searchText(&l, func(string) bool { return true }) }

	NestBy = func(t Table[Longer], l Longer) map[string]any {
		object := map[string]any{}
		t.nest(object, &l)
		return object
	}

	NestedBy = Table[Longer].nested
)

// TextsOf returns the texts of a field's faults.
func (f Field) TextsOf() map[Rule]string { return f.texts }
