package account_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
)

// heard is a report and when it came, in hours; the deadline is at 72.
type heard struct {
	hour int
	r    account.Report
}

// tellParts returns what a client is told of a message of so many parts.
func tellParts(parts int, policy account.RefundPolicy, reports []heard) (told []string, refunds int) {
	d := account.NewTracking(accounttest.Now().Add(72*time.Hour), parts)
	for _, h := range reports {
		step := d.Report(h.r, accounttest.Now().Add(time.Duration(h.hour)*time.Hour), policy)
		told, d = append(told, updateTexts(step.Updates)...), step.Tracking
		if step.Refund {
			refunds++
		}
	}
	step := d.At(accounttest.Now().Add(1000*time.Hour), policy)
	if step.Refund {
		refunds++
	}
	return append(told, updateTexts(step.Updates)...), refunds
}

func updateTexts(us []account.StateUpdate) (texts []string) {
	for _, u := range us {
		text := fmt.Sprintf("%d %s %s %d/%d", u.Seq, u.State, u.Err, u.Delivered, u.Parts)
		if u.Final() {
			text += " final"
		}
		if u.Late {
			text += " late"
		}
		texts = append(texts, text)
	}
	return texts
}

func part(hour, part int, state account.MessageState, err string) heard {
	return heard{hour, account.Report{State: state, Err: err, Part: part, DoneAt: accounttest.Now().Add(time.Duration(hour) * time.Minute)}}
}

func TestPartsAreGathered(t *testing.T) {
	delivered, undeliverable, enroute := account.StateDelivered, account.StateUndeliverable, account.StateEnroute
	accepted := part(3, 3, account.StateAccepted, "a")
	accepted.r.AcceptedFinal = true
	for name, tt := range map[string]struct {
		reports []heard
		told    []string
	}{
		"delivered when all are": {
			[]heard{part(1, 1, delivered, "000"), part(2, 3, delivered, "000"), part(3, 2, delivered, "000")},
			[]string{"1 DELIVRD 000 3/3 final"},
		},
		"repeats count once": {
			[]heard{part(1, 1, delivered, "000"), part(2, 1, delivered, "000"), part(3, 1, undeliverable, "9"), part(4, 2, delivered, "000"), part(5, 3, delivered, "000"), part(6, 3, delivered, "000")},
			[]string{"1 DELIVRD 000 3/3 final"},
		},
		"the worst once all are final": {
			[]heard{part(1, 2, undeliverable, "9"), part(2, 1, delivered, "000"), part(3, 3, account.StateExpired, "4")},
			[]string{"1 UNDELIV 9 1/3 final"},
		},
		"the first of two that are as bad": {
			[]heard{part(1, 2, undeliverable, "9"), part(2, 1, undeliverable, "8"), part(3, 3, delivered, "000")},
			[]string{"1 UNDELIV 9 1/3 final"},
		},
		"on the way between": {
			[]heard{part(1, 1, enroute, ""), part(2, 1, delivered, "000"), part(3, 1, account.StateUnknown, ""), part(4, 2, enroute, ""), part(5, 2, account.StateAccepted, ""), part(6, 0, delivered, "000")},
			[]string{"1 ENROUTE  0/3", "2 ACCEPTD  1/3", "3 DELIVRD 000 3/3 final"},
		},
		"one report for the rest": {
			[]heard{part(1, 2, undeliverable, "9"), part(2, 0, delivered, "000"), part(3, 1, delivered, "000")},
			[]string{"1 UNDELIV 9 2/3 final"},
		},
		"some by the deadline": {
			[]heard{part(1, 1, delivered, "000"), part(2, 2, delivered, "000")},
			[]string{"1 EXPIRED dlr-timeout 2/3 final"},
		},
		"the last one late": {
			[]heard{part(1, 1, delivered, "000"), part(2, 2, delivered, "000"), part(80, 3, delivered, "000"), part(81, 3, delivered, "000")},
			[]string{"1 EXPIRED dlr-timeout 2/3 final", "2 DELIVRD 000 3/3 final late"},
		},
		"no such part": {
			[]heard{part(1, 4, delivered, "000"), part(2, -1, delivered, "000")},
			[]string{"1 EXPIRED dlr-timeout 0/3 final"},
		},
		"accepted as the last word": {
			[]heard{part(1, 1, delivered, "000"), part(2, 2, delivered, "000"), accepted, part(4, 3, delivered, "000")},
			[]string{"1 ACCEPTD a 2/3 final"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			told, _ := tellParts(3, account.RefundPolicy{}, tt.reports)
			assert.Equal(t, tt.told, told)
		})
	}
}

func TestWorstOfPartsIsOneOrder(t *testing.T) {
	order := []account.MessageState{
		account.StateDelivered, account.StateAccepted, account.StateExpired, account.StateDeleted, account.StateSkipped,
		account.StateUndeliverable, account.StateRejected,
	}
	for i, better := range order {
		for _, worse := range order[i:] {
			for _, states := range [][]account.MessageState{{better, worse}, {worse, better}} {
				d := account.NewTracking(time.Time{}, 2)
				var step account.TrackingStep
				for n, s := range states {
					step = d.Report(account.Report{State: s, Part: n + 1, AcceptedFinal: true}, accounttest.Now(), account.RefundPolicy{})
					d = step.Tracking
				}
				require.Len(t, step.Updates, 1)
				assert.Equal(t, worse, step.Updates[0].State)
				assert.True(t, step.Updates[0].Final())
			}
		}
	}
}

func TestGatheredReportWasDoneWhenItsLastPartWas(t *testing.T) {
	late, early := part(50, 1, account.StateDelivered, ""), part(20, 2, account.StateUndeliverable, "9")
	d := account.NewTracking(time.Time{}, 2)
	kept := d.Report(late.r, accounttest.Now(), account.RefundPolicy{}).Tracking
	for range 2 { // a plain value: what is worked out from it twice is the same
		step := kept.Report(early.r, accounttest.Now(), account.RefundPolicy{})
		require.Len(t, step.Updates, 1)
		assert.Equal(t, account.Report{State: account.StateUndeliverable, Err: "9", DoneAt: late.r.DoneAt}, step.Updates[0].Report)
	}
}

// twin tells the same in the slowest and plainest way: after each report it goes through
// all that were heard so far, part by part.
func twin(parts int, policy account.RefundPolicy, reports []heard) (told []string, refunds int) {
	worst := []string{"DELIVRD", "ACCEPTD", "EXPIRED", "DELETED", "SKIPPED", "UNDELIV", "REJECTD"}
	way := []string{"SCHEDULED", "ENROUTE", "ACCEPTD", "UNKNOWN"}
	final := func(r account.Report) bool {
		name := r.State.String()
		return r.State.IsKnown() && slices.Contains(worst, name) && (name != "ACCEPTD" || r.AcceptedFinal)
	}
	at, refunded, timedOut, closed := -1, false, false, false
	say := func(state, err string, delivered int, isFinal, late, refund bool) {
		text := fmt.Sprintf("%d %s %s %d/%d", len(told)+1, state, err, delivered, parts)
		if isFinal {
			text += " final"
		}
		if late {
			text += " late"
		}
		told = append(told, text)
		if refund && !refunded {
			refunded = true
			refunds++
		}
	}
	for n := 0; n <= len(reports); n++ {
		last := make([]*account.Report, parts) // each part's last word before this report
		count := func(until int) (delivered, ended int) {
			last = make([]*account.Report, parts)
			for _, h := range reports[:until] {
				if h.r.Part < 0 || h.r.Part > parts || !final(h.r) {
					continue
				}
				for p := range last {
					if (h.r.Part == 0 || h.r.Part == p+1) && last[p] == nil {
						last[p] = &h.r
					}
				}
			}
			for _, r := range last {
				if r != nil {
					ended++
					if r.State == account.StateDelivered {
						delivered++
					}
				}
			}
			return delivered, ended
		}
		delivered, _ := count(n)
		if !closed && !timedOut && (n == len(reports) || reports[n].hour >= 72) {
			timedOut = true
			say("EXPIRED", account.DLRTimeout, delivered, true, false, policy.Timeout)
		}
		if n == len(reports) {
			break
		}
		r := reports[n].r
		silent := !r.State.IsKnown() || r.Part < 0 || r.Part > parts || closed || r.Part > 0 && last[r.Part-1] != nil
		switch {
		case silent:
		case !final(r):
			if rank := slices.Index(way, r.State.String()); !timedOut && rank > at {
				at = rank
				say(r.State.String(), r.Err, delivered, false, false, false)
			}
		default:
			delivered, ended := count(n + 1)
			if ended < parts {
				continue
			}
			closed = true
			for i := len(worst) - 1; i >= 0; i-- {
				// of the parts that ended so, the one that was heard first counts
				for _, h := range reports[:n+1] {
					counts := slices.ContainsFunc(last, func(r *account.Report) bool { return r != nil && *r == h.r })
					if counts && h.r.State.String() == worst[i] {
						say(worst[i], h.r.Err, delivered, true, timedOut, policy.States.Has(h.r.State))
						i = 0
						break
					}
				}
			}
		}
	}
	return told, refunds
}

func TestPartsAreGatheredAsAPlainTwinDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.IntRange(1, 4).Draw(t, "parts")
		policy := account.RefundPolicy{States: account.StateSet(rapid.Uint16().Draw(t, "refunded")), Timeout: rapid.Bool().Draw(t, "timeout")}
		states := append(account.MessageStates(), 10)
		if rapid.Bool().Draw(t, "few states") { // so that several parts end alike
			states = []account.MessageState{account.StateDelivered, account.StateUndeliverable, account.StateAccepted}
		}
		which := []int{0}
		for p := range parts {
			which = append(which, p+1, p+1, p+1)
		}
		var reports []heard
		hours := rapid.SliceOfN(rapid.IntRange(0, 100), 0, 14).Draw(t, "hours")
		slices.Sort(hours)
		for n, hour := range hours {
			r := account.Report{
				State: rapid.SampledFrom(states).Draw(t, "state"), Err: fmt.Sprint("e", n),
				Part: rapid.SampledFrom(append(which, -1, parts+1)).Draw(t, "part"), AcceptedFinal: rapid.Bool().Draw(t, "accepted is final"),
			}
			reports = append(reports, heard{hour, r})
		}
		want, wantRefunds := twin(parts, policy, reports)
		told, refunds := tellParts(parts, policy, reports)
		require.Equal(t, want, told)
		require.Equal(t, wantRefunds, refunds)
	})
}
