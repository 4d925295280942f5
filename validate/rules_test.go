package validate

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
)

// A row is held to its rules, though nothing else knows of it.
func TestRowIsAllThatARuleTakes(t *testing.T) {
	v := New()
	f := account.Field{Path: "contact.pigeon", Kind: account.FieldText, Noun: "pigeon", Rules: "max=64,line,startsnotwith=x"}
	for value, want := range map[string]string{
		"": "", strings.Repeat("я", 64): "", strings.Repeat("я", 65): "pigeon.length",
		"a\u202e": "text.chars", "xy": "pigeon.startsnotwith",
	} {
		faults := v.check(context.Background(), f, value)
		if want == "" {
			assert.Empty(t, faults, value)
			continue
		}
		assert.True(t, len(faults) == 1 && faults.Has(want) && faults.On("contact.pigeon"), "%q: %v", value, faults)
	}
}

// What a field's rules may refuse has a text, whoever wrote the row.
func TestEveryRuleOfARowHasAText(t *testing.T) {
	unknown := account.NewFault("", "no such code").Text
	fields := slices.Concat(account.Fields(), account.ManagerTable().Fields(), account.ProductTable().Fields())
	for _, f := range fields {
		for rule := range strings.SplitSeq(f.Rules, ",") {
			switch word, _, _ := strings.Cut(rule, "="); word {
			case "", "omitempty", "omitnil", "dive", "line", "lines", "webhook":
			case "min", "max":
				texts := []string{f.Fault("length").Text, f.Fault("count").Text, f.Fault("range").Text}
				assert.True(t, slices.ContainsFunc(texts, func(text string) bool { return text != unknown }), "%s: %s", f.Path, word)
			default:
				assert.NotEqual(t, unknown, f.Fault(ruleOf(word)).Text, "%s: %s", f.Path, word)
			}
		}
	}
}
