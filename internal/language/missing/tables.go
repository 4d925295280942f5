package main

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/webhook/target"
)

// ofTables returns what pages take from tables: labels and hints of fields, choices, codes, names.
func ofTables(string) (all []string, _ error) {
	for _, f := range slices.Concat(account.Fields(), account.ManagerTable().Fields(), account.ProductTable().Fields()) {
		all = append(all, f.Label, f.Effect)
		for _, c := range f.Choices {
			all = append(all, c.Label)
		}
	}
	for _, c := range slices.Concat(account.FaultCodes(), account.FindingCodes(), price.FaultCodes(), mail.TryCodes()) {
		all = append(all, codeVerb.ReplaceAllStringFunc(c.Text, plainVerb))
	}
	for _, text := range target.Texts() {
		all = append(all, text)
	}
	for _, c := range account.Countries() {
		all = append(all, c.Name())
	}
	for _, c := range account.Currencies() {
		all = append(all, c.Name())
	}
	for _, k := range account.MovementKinds() {
		all = append(all, k.Traits().Title, doneFormat(k.Traits().Done))
	}
	for _, s := range account.Sections() {
		all = append(all, s.Title, s.Hint)
	}
	for _, e := range document.English().Notices.Events {
		all = append(all, e.Title)
	}
	for month := time.January; month <= time.December; month++ {
		all = append(all, month.String(), month.String()[:3])
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		all = append(all, day.String(), day.String()[:3])
	}
	return append(all, "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"), nil
}

var codeVerb = regexp.MustCompile(`%[sdvq]`)

// plainVerb is that of a code's text as pages say it.
func plainVerb(verb string) string { return strings.NewReplacer("v", "s", "q", "s").Replace(verb) }

// doneFormat is what a kind of movement says when it is made, as pages do.
func doneFormat(done string) string {
	return strings.NewReplacer("{amount}", "%[1]s", "{signed}", "%[2]s", "{held}", "%[3]s", "{of}", "%[4]d", "{to}", "%[5]s").Replace(done)
}
