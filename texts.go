package clientaccount

import (
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/validate"
)

// What hosts hand over comes into the form of validate.Text here, before it is judged;
// accounts, managers and products do by validate's Normalize.

func actorText(a account.Actor) account.Actor {
	return account.Actor{ID: validate.Text(a.ID), Name: validate.Text(a.Name)}
}

// movementText makes one reference of the ways to write it, so that none of them moves
// money a second time.
func movementText(m account.Movement) account.Movement {
	m.Reference, m.Hold = validate.Text(m.Reference), validate.Text(m.Hold)
	m.Reason, m.Actor = validate.Text(m.Reason), actorText(m.Actor)
	return m
}
