package adminhttp

import "github.com/clientaccount/clientaccount/adminhttp/internal/api"

// Types of the problems (RFC 9457) that say more than their status. All others
// are about:blank. Every problem has errors: a list of field, code and message.
const (
	// ProblemFaults: what was sent is refused for the faults in errors, all at
	// once, and nothing was written.
	ProblemFaults = api.ProblemFaults
	// ProblemConflict: somebody changed the thing since the version that If-Match
	// names. fields has was, theirs and yours of each field that one of the two
	// changed, with who and when; revision is the one to edit now.
	ProblemConflict = api.ProblemConflict
	// ProblemRefused: a movement of money was refused for how the client stands, or its
	// outcome is not known yet. Its code says why; credit.exhausted tells available and
	// needed, outcome.unknown the reference to ask again with.
	ProblemRefused = api.ProblemRefused
)
