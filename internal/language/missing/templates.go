package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"github.com/clientaccount/clientaccount/internal/language/templates"
)

// pages is where the rooms of pages are.
const pages = "adminhttp/internal/page"

// ofTemplates returns what templates say.
func ofTemplates(top string) (all []string, err error) {
	shared, err := filepath.Glob(filepath.Join(top, pages, "templates", "*.html"))
	if err != nil {
		return nil, err
	}
	rooms, err := filepath.Glob(filepath.Join(top, pages, "*", "templates", "*.html"))
	if err != nil {
		return nil, err
	}
	for _, file := range append(shared, rooms...) {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		found, err := templates.Messages(file, templates.Joined(string(text)))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

var verbs = regexp.MustCompile(`%(?:\[\d+\])?[a-z%]`)

// wordy reports whether a text has words beside its arguments.
func wordy(text string) bool {
	return strings.IndexFunc(verbs.ReplaceAllString(text, ""), unicode.IsLetter) >= 0
}
