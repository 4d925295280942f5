package sent

import (
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// AddFault appends within MaxFaults.
func AddFault(faults account.Faults, more ...account.Fault) account.Faults {
	return append(faults, more[:min(len(more), max(0, MaxFaults-len(faults)))]...)
}

// Within returns the path of a name within an object; long names are cut short.
func Within(path, name string) string {
	if len(name) > MaxName {
		name = strings.ToValidUTF8(name[:MaxName], "") + "…"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// TypeFaults returns the fault of a value of another kind than its name takes, unless it is right.
func TypeFaults(path string, right bool) account.Faults {
	if right {
		return nil
	}
	return account.Faults{account.NewFault(path, "field.type")}
}

// Fault is account.NewFault, to be returned where there may be none.
func Fault(path, code string, args ...any) *account.Fault {
	fault := account.NewFault(path, code, args...)
	return &fault
}

// Unless returns the fault of what is not ok.
func Unless(ok bool, fault account.Fault) *account.Fault {
	if ok {
		return nil
	}
	return &fault
}
