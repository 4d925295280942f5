// Package uk is Ukrainian.
package uk

import (
	_ "embed"
	"encoding/json"

	"github.com/clientaccount/clientaccount/internal/language"
)

//go:embed uk.json
var written []byte

// Catalog returns the language.
func Catalog() (c language.Catalog) {
	if err := json.Unmarshal(written, &c); err != nil {
		panic(err) // embedded, and tested
	}
	return c
}
