// Package embed shows the lines that a platform writes to have client accounts in
// its own program: a Service over a store, a client, a message's sender let in, the
// admin in the platform's own server. Everything here runs as a test.
package embed
