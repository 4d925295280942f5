package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a running postmaster. done is closed when it has ended and was
// waited for.
type process struct {
	pid  int
	done chan struct{}
}

// startProcess starts cmd from a thread that lives as long as the process
// does: the kernel sends the parent-death signal when the *thread* that forked
// ends, not when the process does.
func startProcess(cmd *exec.Cmd) (*process, error) {
	started := make(chan error)
	p := &process{done: make(chan struct{})}
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in the server's log
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

func (p *process) signal(sig syscall.Signal) error { return syscall.Kill(p.pid, sig) }

// wait reports whether the process ended within d.
func (p *process) wait(d time.Duration) bool {
	select {
	case <-p.done:
		return true
	case <-time.After(d):
		return false
	}
}

// killAll kills the postmaster and its children. The postmaster is stopped
// first, so that it neither starts another child nor reacts to their deaths.
func (p *process) killAll() error {
	if p.wait(0) {
		return nil
	}
	if err := p.signal(syscall.SIGSTOP); err != nil {
		return fmt.Errorf("stop the server for the kill: %w", err)
	}
	children := childrenOf(p.pid)
	for _, pid := range append(children, p.pid) {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended by itself
	}
	if !p.wait(Patience) {
		return errors.New("server survived kill -9")
	}
	return awaitGone(children)
}

// awaitGone waits for processes that are not ours to wait for. While one
// lives, the server's shared memory is in use and a restart is refused.
func awaitGone(pids []int) error {
	for deadline := time.Now().Add(Patience); ; time.Sleep(5 * time.Millisecond) {
		alive := 0
		for _, pid := range pids {
			if state, _ := readStat(pid); state != "" && state != "Z" {
				alive++
			}
		}
		if alive == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d backends survived kill -9", alive)
		}
	}
}

func childrenOf(parent int) []int {
	var children []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if _, ppid := readStat(pid); ppid == parent {
			children = append(children, pid)
		}
	}
	return children
}

// readStat reads state and parent from /proc/PID/stat, proc_pid_stat(5). The
// state is empty when there is no such process.
func readStat(pid int) (state string, parent int) {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(raw), ") ") // the name before it may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 2 {
		return "", 0
	}
	parent, _ = strconv.Atoi(fields[1])
	return fields[0], parent
}
