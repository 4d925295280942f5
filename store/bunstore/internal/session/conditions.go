package session

import (
	"strconv"
	"strings"
)

// Conditions are the parts of a WHERE that are there or not, with their parameters.
type Conditions struct {
	Parts []string
	Args  []any
}

// Add joins a condition, in which ? stands for the parameter.
func (c *Conditions) Add(condition string, arg any) {
	c.Parts = append(c.Parts, strings.ReplaceAll(condition, "?", c.Next()))
	c.Args = append(c.Args, arg)
}

// Next stands for a parameter behind those that there are.
func (c *Conditions) Next() string { return "$" + strconv.Itoa(len(c.Args)+1) }

// String returns the condition that all of them are.
func (c *Conditions) String() string { return strings.Join(c.Parts, " AND ") }
