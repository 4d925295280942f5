package accesstest_test

import (
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// values are those that a field has: what it began with, what it has now in one of two
// worlds and in the other, and what requests write. All are unmistakable where the kind of
// field lets them be.
type values struct{ first, here, there, wanted string }

// valuesOf returns those of a field. Managers and products are put in by their names.
func valuesOf(f account.Field) values {
	if v, special := specialValues[f.Path]; special {
		return v
	}
	plant := strings.NewReplacer(".", "", "_", "").Replace(f.Path)
	switch f.Kind {
	case account.FieldFlag:
		return values{"false", "true", "false", "true"}
	case account.FieldEmail:
		return values{plant + "w@first.example", plant + "a@planted.example", plant + "b@planted.example", plant + "c@wanted.example"}
	case account.FieldURL:
		return values{"https://first.io/" + plant, "https://planteda.io/" + plant, "https://plantedb.io/" + plant, "https://wanted.io/" + plant}
	default:
		return values{"First " + plant, "Planteda " + plant, "Plantedb " + plant, "Wanted " + plant}
	}
}

// begun returns what the field began with in the other world: something else than it has.
func (v values) begun() string {
	if v.there == v.first {
		return v.here
	}
	return v.first
}

var specialValues = map[string]values{
	"login":                      {"loginfirst", "loginplanteda", "loginplantedb", "loginwanted"},
	"manager":                    {"mine", "second", "third", "mine"},
	"notes.product":              {"plain", "productplanteda", "productplantedb", "plain"},
	"notification_limit":         {"4700 messages", "4711 messages", "4722 messages", "4733 messages"},
	"moderation":                 {"manual", "automatic", "none", "manual"},
	"time_zone":                  {"Africa/Nairobi", "Europe/Kyiv", "America/Los_Angeles", "Asia/Tokyo"},
	"dispatch":                   {"mon,tue,wed,thu,fri 00:00-24:00", "mon,tue,wed 00:10-23:41", "mon,tue 00:20-23:42", "mon 00:30-23:43"},
	"currency":                   {"EUR", "EUR", "EUR", "USD"},
	"credit.limit":               {"4000", "4321.09", "5432.19", "4444.44"},
	"credit.overdraw.limit":      {"1000", "1234.56", "2345.67", "1111.11"},
	"credit.overdraw.expires_at": {"2026-12-01T10:00:00Z", "2026-12-13T11:17:00Z", "2026-12-14T12:18:00Z", "2026-12-15T13:19:00Z"},
	"credit.overdraw.reason":     {"First reason", "Planteda reason", "Plantedb reason", "Wanted reason"},
	"credit.cap":                 {"7000", "7765.43", "8876.54", "9000"},
	"routing.priority":           {"1", "2", "3", "1"},
	"routing.senders":            {"ACME", "ACME,PLANTEDA", "ACME,PLANTEDB", "ACME,WANTED"},
	"contact.phone":              {"+380501110000", "+380501119933", "+380501114455", "+380501116677"},
	"contact.country":            {"UA", "IS", "NZ", "PL"},
	"contact.telegram":           {"@first_one", "@planteda_tg", "@plantedb_tg", "@wanted_tg"},
	"contact.skype":              {"first.sky", "planteda.sky", "plantedb.sky", "wanted.sky"},
	"sending.dlr_days":           {"3", "17", "23", "5"},
	"status":                     {"active", "suspended", "blocked", "active"},
	"expires_at":                 {"2027-01-01T10:00:00Z", "2027-03-13T11:17:00Z", "2027-04-14T12:18:00Z", "2027-05-15T13:19:00Z"},
	"mail.price_format":          {"csv", "xlsx", "csv_mccmnc", "csv"},
	"billing.enterprise":         {"company", "private", "company", "company"},
	"billing.invoice_days":       {"1", "7,17", "9,19", "3"},
}

// planted returns the texts that the value of a field may be told as; none where it is too
// short to be told from others.
func planted(f account.Field, text string) []string {
	switch {
	case f.Kind == account.FieldAmount && strings.Contains(text, "."):
		return []string{text, text[:1] + "," + text[1:]}
	case strings.Contains(strings.ToLower(text), "planted"):
		return []string{strings.Split(text, "?")[0]}
	case f.Path == "time_zone" || f.Kind == account.FieldPhone:
		return []string{text}
	case f.Kind == account.FieldTime:
		return []string{text[:16]}
	case f.Path == "notification_limit":
		return []string{"4711", "4,711"}
	default:
		return nil
	}
}
