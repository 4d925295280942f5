package validate

import (
	"context"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/nyaruka/phonenumbers"

	"github.com/clientaccount/clientaccount/account"
)

// maxPhoneDigits is the most digits of an international number (ITU-T E.164).
const maxPhoneDigits = 15

// countryKey is where the context of a check has the country of national numbers.
type countryKey struct{}

// isPhone takes an international number, or a national one of the client's
// country. A national number of a country that does not exist is let pass: the
// country is at fault.
func isPhone(ctx context.Context, fl validator.FieldLevel) bool {
	number := fl.Field().String()
	country, _ := ctx.Value(countryKey{}).(account.Country)
	if country != "" && country.Name() == "" && digitsOnly(number) && !strings.HasPrefix(number, "00") {
		return true
	}
	_, ok := e164(number, country)
	return ok
}

// e164 reads a number of ASCII digits, with a plus if it is international. An
// international one must have a length its country can have, a national one must
// be assigned, since its country is only assumed. Extensions and the prefix 00,
// which differs by where one dials from, are refused.
func e164(number string, country account.Country) (string, bool) {
	digits, international := strings.CutPrefix(number, "+")
	if !digitsOnly(digits) || strings.HasPrefix(digits, "00") || international && digits[0] == '0' {
		return "", false
	}
	region := string(country)
	if international {
		region = phonenumbers.UNKNOWN_REGION
	}
	parsed, err := phonenumbers.Parse(number, region)
	if err != nil {
		return "", false
	}
	if international && phonenumbers.IsPossibleNumberWithReason(parsed) != phonenumbers.IS_POSSIBLE ||
		!international && !phonenumbers.IsValidNumber(parsed) {
		return "", false
	}
	formatted := phonenumbers.Format(parsed, phonenumbers.E164)
	return formatted, isStable(formatted)
}

// isStable reports whether a number is read as itself. Some that no country assigns lose a
// zero each time they are read.
func isStable(formatted string) bool {
	parsed, err := phonenumbers.Parse(formatted, phonenumbers.UNKNOWN_REGION)
	return err == nil && phonenumbers.Format(parsed, phonenumbers.E164) == formatted
}

func digitsOnly(s string) bool {
	return s != "" && len(s) <= maxPhoneDigits && strings.Trim(s, "0123456789") == ""
}
