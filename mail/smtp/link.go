package smtp

import (
	"errors"
	"net"
	"time"
)

// maxHeard is the most bytes that are read for one message, or while a connection is made.
const maxHeard = 1 << 20

// errTooMuch is a server that talks without end.
var errTooMuch = errors.New("smtp: the server said too much")

// link is a connection of which no read or write takes longer than a patience, and on which
// no server talks without end. One that failed fails from then on: what a server says too late
// would be taken for its answer to something else. It is used by one goroutine; Close may be
// called by others.
type link struct {
	net.Conn
	patience time.Duration
	left     int // so many bytes may still be read
	failed   error
}

func (l *link) Read(p []byte) (int, error) {
	if l.failed != nil {
		return 0, l.failed
	}
	if l.left <= 0 {
		return 0, errTooMuch
	}
	if err := l.SetReadDeadline(time.Now().Add(l.patience)); err != nil {
		return 0, err
	}
	n, err := l.Conn.Read(p[:min(len(p), l.left)])
	l.left -= n
	l.failed = err
	return n, err
}

func (l *link) Write(p []byte) (int, error) {
	if l.failed != nil {
		return 0, l.failed
	}
	if err := l.SetWriteDeadline(time.Now().Add(l.patience)); err != nil {
		return 0, err
	}
	n, err := l.Conn.Write(p)
	l.failed = err
	return n, err
}
