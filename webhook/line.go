package webhook

// Why a worker is to be looked at: one of its lines.
const (
	toStart = iota // it may have a try to begin
	toWrite        // it may have something to write
	toFill         // it may run low
	nLines
)

// line are workers that are to be looked at, in turn, each of them once: so that what a run
// does for each try does not grow with the number of its workers.
type line struct {
	why     int
	workers []*worker
}

func (l *line) push(w *worker) {
	if !w.lined[l.why] {
		w.lined[l.why] = true
		l.workers = append(l.workers, w)
	}
}

// all takes everything out of the line.
func (l *line) all() []*worker {
	taken := l.workers
	for _, w := range taken {
		w.lined[l.why] = false
	}
	l.workers = nil
	return taken
}

// touch has a worker looked at again, since something about it changed.
func (r *run) touch(w *worker) {
	for i := range r.lines {
		r.lines[i].push(w)
	}
}
