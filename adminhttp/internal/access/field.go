package access

import (
	"slices"

	"github.com/clientaccount/clientaccount/account"
)

// Destination is the path of the number that a message goes to, which is a person's.
const Destination = "message.destination"

// others are the fields that have no row in the table of fields: those that are written by
// making a new one, under the names that records have, and one of messages.
var others = map[string]account.Field{
	account.PathGatewayPassword: {Path: account.PathGatewayPassword, Label: "Gateway password", Kind: account.FieldSecret},
	account.PathHookSecret:      {Path: account.PathHookSecret, Label: "Webhook secret", Kind: account.FieldSecret},
	account.PathPrices:          {Path: account.PathPrices, Label: "Prices", Kind: account.FieldText},
	Destination:                 {Path: Destination, Label: "Destination", Kind: account.FieldText},
}

// Field returns the field of a path, of one in a record or a message too; false for what is
// none.
func Field(path string) (account.Field, bool) {
	if f, other := others[path]; other {
		return f, true
	}
	return account.FieldAt(path)
}

// Level returns what may be done with the field of a path, actions considered.
func (j Judge) Level(path string) Level {
	level, known := j.levels[path]
	if known || j.levels == nil {
		return level
	}
	f, known := Field(path)
	if !known {
		return Hidden
	}
	level = j.levelOf(f)
	j.levels[path] = level
	return level
}

func (j Judge) levelOf(f account.Field) Level {
	level, needed := j.level(f.Path), Password
	switch f.Path {
	case account.PathGatewayPassword, "password_retype": // go with the password
		level = min(level, j.level("password"))
	case account.PathHookSecret:
		needed = Webhooks
	}
	if f.Secret() && !j.May(needed) {
		return Hidden
	}
	return level
}

// level returns what the host said of a path.
func (j Judge) level(path string) Level {
	level := Write
	if j.policy.Field != nil {
		level = j.policy.Field(path)
	}
	if level != Read && level != Write {
		return Hidden
	}
	return level
}

// Shows reports whether the actor sees all of these fields.
func (j Judge) Shows(paths ...string) bool {
	return !slices.ContainsFunc(paths, func(path string) bool { return j.Level(path) == Hidden })
}

// ShowsField is Shows of one field.
func (j Judge) ShowsField(path string) bool { return j.Shows(path) }

// Writes reports whether the actor may change all of these fields, actions aside.
func (j Judge) Writes(paths ...string) bool {
	return !slices.ContainsFunc(paths, func(path string) bool { return j.Level(path) != Write })
}

// Fields returns those of the table that the actor sees, in its order.
func (j Judge) Fields() []account.Field {
	return slices.DeleteFunc(account.Fields(), func(f account.Field) bool { return !j.Shows(f.Path) })
}

// Visible returns an account with the fields blanked that the actor does not see.
func (j Judge) Visible(a account.Account) account.Account {
	a = a.Clone()
	if j.showsAll() {
		return a
	}
	blanked := a
	for f := range account.AccountTable().All() {
		if !j.Shows(f.Path) {
			_ = f.Set(&blanked, "")
		}
	}
	return blanked
}

func (j Judge) showsAll() bool {
	for f := range account.AccountTable().All() {
		if !j.Shows(f.Path) {
			return false
		}
	}
	return true
}

// Change returns the part of a change that the actor may be told of.
func (j Judge) Change(c account.Change) account.Change {
	return slices.DeleteFunc(slices.Clone(c), func(fc account.FieldChange) bool { return !j.Shows(fc.Path) })
}

// Currency returns a client's currency, empty for who does not see it.
func (j Judge) Currency(c account.Currency) account.Currency {
	if !j.Shows("currency") {
		return ""
	}
	return c
}

// ShowsOrigin reports whether the actor may be told where a value comes from: the client's
// own is seen with it, any other may be given by the product.
func (j Judge) ShowsOrigin(o account.Origin) bool {
	return o == account.OriginOwn || j.Shows("notes.product")
}

// Text returns the text of a field as the actor may be told it: of a manager outside the scope
// nothing.
func (j Judge) Text(f account.Field, text string) string {
	if f.Kind != account.FieldManager {
		return text
	}
	if id, err := account.ParseID(text); err != nil || !j.Manager(id) {
		return ""
	}
	return text
}

// Record returns a record as the actor may be told of it: what of its change is seen, and its
// reason where that is all, since it may speak of the rest. False where nothing is.
func (j Judge) Record(r account.Record) (account.Record, bool) { return RecordOf(r, j.ShowsField) }

// RecordOf is [Judge.Record] for who is shown the fields that shows says.
func RecordOf(r account.Record, shows func(path string) bool) (account.Record, bool) {
	seen := slices.DeleteFunc(slices.Clone(r.Change), func(fc account.FieldChange) bool { return !shows(fc.Path) })
	if len(seen) < len(r.Change) {
		r.Reason = ""
	}
	r.Change = seen
	return r, len(seen) > 0
}

// Hooks returns the webhooks whose URLs the actor sees: one with a hidden URL is not there.
func (j Judge) Hooks() []account.HookKind {
	return slices.DeleteFunc(account.HookKinds(), func(k account.HookKind) bool { return !j.Shows("webhooks." + string(k)) })
}

// HooksFor returns the kinds to ask for one after the other: the one that is wanted, or all
// that the actor sees. The empty kind is every one at once.
func (j Judge) HooksFor(kind account.HookKind) []account.HookKind {
	seen := j.Hooks()
	switch {
	case kind == "" && len(seen) == len(account.HookKinds()):
		return []account.HookKind{""}
	case kind == "":
		return seen
	case slices.Contains(seen, kind):
		return []account.HookKind{kind}
	default:
		return nil
	}
}

// MayHook reports whether something may be done with webhooks that needs an action, and
// the actor sees any.
func (j Judge) MayHook(a Action) bool { return j.May(Webhooks, a) && len(j.Hooks()) > 0 }

// MakesHookSecret reports whether the actor may make a new secret to sign with, which
// is to write it.
func (j Judge) MakesHookSecret() bool {
	return j.MayHook(HookSecret) && j.Writes(account.PathHookSecret)
}

// MakesGatewayPassword reports whether the actor may make a new gateway password, which
// is to write it.
func (j Judge) MakesGatewayPassword() bool {
	return j.May(Edit, Password) && j.Writes(account.PathGatewayPassword)
}
