package bunstore

import (
	"context"

	"github.com/clientaccount/clientaccount/account"
)

// SettingsChannel is the channel on which PostgreSQL tells of settings that changed,
// once the transaction is committed, a host's own too. The payload is the id of an account
// whose settings or terms are others now, or of a product; account.ParseID reads it.
//
// A host that can have a connection listen to it hands the id to Service.Forget, and calls
// Service.ForgetAll whenever it began to listen, since nobody keeps what was told before:
// examples/listen has it whole. Nothing is sent where money moves.
const SettingsChannel = "clientaccount_settings"

// changed tells other processes that settings were changed, where the database can.
func (t *tx) changed(ctx context.Context, id account.ID) error {
	statement := t.engine.notify()
	if statement == "" {
		return nil
	}
	_, err := t.execute(ctx, statement, idText(id))
	return err
}

func (postgres) notify() string { return "SELECT pg_notify('" + SettingsChannel + "', $1)" }

func (sqlite) notify() string { return "" }
