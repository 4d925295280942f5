// Package openapitest holds the admin's OpenAPI document, and what its JSON API answers,
// against the specification, with a library that others wrote.
package openapitest
