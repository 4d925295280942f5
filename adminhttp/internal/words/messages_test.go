package words

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/message"
)

func TestMessagesHaveWords(t *testing.T) {
	for _, s := range account.MessageStates() {
		assert.NotEmpty(t, MessageState(s), s)
	}
	for _, s := range []message.Stage{message.StageHeld, message.StageSent, message.StageEnded, message.StageUnsent, message.StageTimedOut} {
		assert.NotEmpty(t, MessageStage(s), s)
	}
	for _, c := range account.Channels() {
		assert.NotEmpty(t, Channel(c), c)
	}
	paid := message.Message{Envelope: message.Envelope{Parts: 1, Price: account.Amount("1")}}
	for _, m := range []message.Money{message.MoneyHeld, message.MoneyTaken, message.MoneyReleased, message.MoneyRefunded} {
		paid.Money = m
		assert.NotEmpty(t, MessageMoney(paid), m)
		assert.Equal(t, "free", MessageMoney(message.Message{Money: m}).String())
	}
	assert.Empty(t, MessageErr("000"))
	assert.Equal(t, "error 27", MessageErr("27").String())
	assert.Equal(t, "no final report came in time", MessageErr(account.DLRTimeout).String())
}

func TestPercentIsNotRoundedUp(t *testing.T) {
	for want, of := range map[string][2]int64{"99.9 %": {99_999, 100_000}, "100.0 %": {7, 7}, "0.0 %": {0, 7}, "33.3 %": {1, 3}, "": {0, 0}} {
		assert.Equal(t, want, Percent(of[0], of[1]).String())
	}
}

// Bars stand on zero within the square, in the proportion of their numbers, and of many none
// is lost that is small.
func TestBars(t *testing.T) {
	day := account.Date{Year: 2026, Month: 11, Day: 23}
	b := BarsOf([]DayBar{{day, []int64{0, 0}}, {day.Next(), []int64{999_999, 1}}, {day.Next().Next(), []int64{500_000, 0}}}, "done", "failed")
	assert.Equal(t, "1,000,000", b.Top.String())
	assert.Equal(t, [3]string{"23 Nov", "24 Nov", "25 Nov"}, [3]string{b.Dates[0].String(), b.Dates[1].String(), b.Dates[2].String()})
	assert.Equal(t, []BarRect{
		{"done", 366, 17, 267, 983}, {"failed", 366, 9, 267, 8}, {"done", 699, 508, 268, 492},
	}, b.Rects)
	assert.Empty(t, BarsOf([]DayBar{{day, []int64{0}}}, "done").Rects)
}
