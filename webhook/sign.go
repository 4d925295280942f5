package webhook

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/clientaccount/clientaccount/account"
)

// Sign returns the three headers of the Standard Webhooks specification for a call:
// its id, the instant of the call, and a signature by each secret that is valid
// then, over content: the body, or the query of a GET as it is sent. The error is
// [account.ErrHookSecret], also where no secret is valid.
func Sign(id account.ID, now time.Time, content string, secrets []account.HookSecret) (http.Header, error) {
	var signatures []string
	for _, secret := range secrets {
		if !secret.ActiveAt(now) {
			continue
		}
		signature, err := signature(id, now, content, secret)
		if err != nil {
			return nil, err
		}
		signatures = append(signatures, signature)
	}
	if len(signatures) == 0 {
		return nil, account.ErrHookSecret
	}
	headers := http.Header{}
	headers.Set(standardwebhooks.HeaderWebhookID, id.String())
	headers.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	headers.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return headers, nil
}

func signature(id account.ID, now time.Time, content string, secret account.HookSecret) (string, error) {
	key, err := secret.Key()
	if err != nil {
		return "", err
	}
	signer, err := standardwebhooks.NewWebhookRaw(key)
	if err != nil {
		return "", account.ErrHookSecret
	}
	return signer.Sign(id.String(), now, []byte(content))
}
