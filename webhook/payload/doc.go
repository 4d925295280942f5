// Package payload is what clients are told of their messages, byte for byte: the states
// of those they sent, and those that came in for them.
// It is pure. The Service accepts payloads as deliveries; package webhook calls the
// clients' URLs with them. docs/webhooks.md is written for those who receive.
package payload
