package mailtest_test

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/mail"
	"github.com/clientaccount/clientaccount/mail/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func message(t *testing.T, to string) mail.Message {
	t.Helper()
	a, err := mail.ParseAddress(to)
	require.NoError(t, err)
	id, err := mail.NewMessageID(accounttest.ID(1), a, "example.net")
	require.NoError(t, err)
	subject, err := mail.NewLine("Hello")
	require.NoError(t, err)
	return mail.Message{
		ID: id, Date: accounttest.Now(), From: a, To: a, Subject: subject, Text: "Hello",
		Attachments: []mail.Attachment{{Name: subject, Type: "text/csv", Content: []byte("a;b")}},
	}
}

func TestRecorderKeepsWhatItIsGiven(t *testing.T) {
	var r mailtest.Recorder
	m := message(t, "jane@example.com")
	require.NoError(t, r.Send(t.Context(), m))
	require.NoError(t, r.Send(t.Context(), message(t, "john@example.com")))
	assert.Len(t, r.Messages(), 2)
	assert.Equal(t, []mail.Message{m}, r.To("jane@example.com"))
	m.Attachments[0].Content[0] = 'x'
	assert.Equal(t, "a;b", string(r.Messages()[0].Attachments[0].Content), "it shares nothing with its sender")
}

func TestRecorderFailsOnDemand(t *testing.T) {
	var r mailtest.Recorder
	m := message(t, "jane@example.com")
	r.Fail(mailtest.Busy(), mailtest.UnknownUser(), mailtest.Lost(), nil)
	for i, want := range []struct{ failed, permanent bool }{{true, false}, {true, true}, {true, false}, {false, false}, {false, false}} {
		err := r.Send(t.Context(), m)
		assert.Equal(t, want.failed, err != nil, i)
		assert.Equal(t, want.permanent, mail.IsPermanent(err), i)
	}
	assert.Len(t, r.Messages(), 3, "what was lost had come")
	assert.Len(t, r.Tries(), 5)

	r.AnswerAll(func(context.Context, mail.Message) error { return mailtest.MailboxFull() })
	assert.True(t, mail.IsPermanent(r.Send(t.Context(), m)))
	r.AnswerAll(func(context.Context, mail.Message) error { return mailtest.Unreachable() })
	require.ErrorIs(t, r.Send(t.Context(), m), io.EOF)
	r.AnswerAll(nil)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, r.Send(ended, m), context.Canceled)
	err := r.Send(t.Context(), mail.Message{})
	require.ErrorIs(t, err, mail.ErrMessage)
	assert.True(t, mail.IsPermanent(err))
}

func TestRecorderWaits(t *testing.T) {
	var r mailtest.Recorder
	m := message(t, "jane@example.com")
	sent := make(chan error)
	for range 3 {
		go func() { sent <- r.Send(t.Context(), m) }()
	}
	messages, err := r.Wait(t.Context(), 3)
	require.NoError(t, err)
	assert.Len(t, messages, 3)
	for range 3 {
		require.NoError(t, <-sent)
	}
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = r.Wait(short, 4)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}
