// Package manybench measures what is done to many clients at once, of 100,000, the way a person
// does it, over HTTP: a change of 20,000 and taking it back, files in and out, and what the pages of
// a large batch cost. It tells seconds, the heap at its peak, and statements.
package manybench
