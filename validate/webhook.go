package validate

import (
	"context"
	"errors"

	"github.com/go-playground/validator/v10"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/webhook/target"
)

func isWebhook(_ context.Context, fl validator.FieldLevel) bool {
	return target.Check(fl.Field().String(), target.Family(fl.Param())) == nil
}

// webhookFault asks again which rule a URL broke, since a word says only that one was.
func webhookFault(path string, url any, family target.Family) account.Fault {
	raw, _ := url.(string)
	if refused, ok := errors.AsType[*target.Error](target.Check(raw, family)); ok {
		return account.Fault{Path: path, Code: refused.Code, Text: refused.Text}
	}
	return account.NewFault(path, "url.syntax")
}
