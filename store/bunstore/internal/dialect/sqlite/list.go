package sqlite

// MovedSince looks at all of them: an index would be written with every movement.
func (*Dialect) MovedSince() string { return "TRUE" }

// WrittenSince looks at all of them, likewise.
func (*Dialect) WrittenSince() string { return "TRUE" }

// SeenMoved has nothing to note.
func (*Dialect) SeenMoved() string { return "SELECT $1" }
