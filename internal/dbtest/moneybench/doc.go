// Package moneybench measures how fast money moves, as ratios to reference variants
// that run interleaved with it, in one run, on one machine. It is all tests: make
// bench runs it and prints one table. An absolute figure says nothing about another
// machine; a ratio within one run does.
package moneybench
