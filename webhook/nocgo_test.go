//go:build !cgo

package webhook_test

func hasCgo() bool { return false }
