package words

import (
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/internal/say"
)

// Bars are numbers per civil day, each day a bar that stands on zero and is made of parts.
// Rectangles are in a square of chartSize that the page stretches; labels are placed in
// percent beside it.
type Bars struct {
	Rects []BarRect
	Top   Text // the number at the top
	Dates [3]Text
}

// BarRect is a part of a bar.
type BarRect struct {
	Class               string
	X, Y, Width, Height int64
}

// DayBar is the bar of a day: its parts from the bottom to the top, as many for each.
type DayBar struct {
	Day   account.Date
	Parts []int64
}

func (b DayBar) total() (sum int64) {
	for _, n := range b.Parts {
		sum += n
	}
	return sum
}

// leastBar is how high a part is at least, so that the few that failed of many are seen.
const leastBar = 8

// BarsOf draws days that follow each other, of which there is at least one; classes are those
// of the parts.
func BarsOf(days []DayBar, classes ...string) *Bars {
	most := int64(1)
	for _, d := range days {
		most = max(most, d.total())
	}
	b := &Bars{Top: Grouped(Num(most)), Dates: [3]Text{Day(days[0].Day), Day(days[len(days)/2].Day), Day(days[len(days)-1].Day)}}
	highest := chartSize - leastBar*int64(len(classes))
	for i, d := range days {
		from, to := across(i, len(days)), across(i+1, len(days))
		gap, top := (to-from)/5, int64(chartSize)
		for part, n := range d.Parts {
			if n > 0 {
				height := max(leastBar, highest*n/most)
				top -= height
				b.Rects = append(b.Rects, BarRect{classes[part], from + gap/2, top, to - from - gap, height})
			}
		}
	}
	return b
}

// across returns how far to the right the i-th of n days begins.
func across(i, n int) int64 { return chartSize * int64(i) / int64(n) }

// Day returns a civil day in few words: "23 Nov".
func Day(d account.Date) Text { return say.Time(dayTime(d), "2 Jan") }

// Date returns a civil day with its year: "23 Nov 2026".
func Date(d account.Date) Text { return say.Time(dayTime(d), "2 Jan 2006") }

// LongDay returns a civil day with its weekday: "Mon 23 Nov 2026".
func LongDay(d account.Date) Text { return say.Time(dayTime(d), "Mon 2 Jan 2006") }

func dayTime(d account.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}
