package bunstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/dialect/postgres"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/prepared"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/rows"
	"github.com/clientaccount/clientaccount/store/bunstore/internal/session"
)

// pgxError has the code in the way of pgx and lib/pq.
type pgxError struct{ code, text string }

func (e pgxError) Error() string    { return e.text }
func (e pgxError) SQLState() string { return e.code }

func TestFailedAppendSaysWhatIsCertain(t *testing.T) {
	s := &Store{reader: newReader(session.Session{Dialect: postgres.New()})}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, tc := range map[string]struct {
		ctx     context.Context
		err     error
		nothing bool
		is      error
	}{
		"the server's word":                   {t.Context(), pgxError{code: "22003"}, true, nil},
		"a lost race":                         {t.Context(), pgxError{code: "40P01"}, true, account.ErrConflict},
		"the server's end":                    {t.Context(), pgxError{code: "57P01"}, false, nil},
		"a cut connection":                    {t.Context(), io.ErrUnexpectedEOF, false, nil},
		"a connection that is bad":            {t.Context(), driver.ErrBadConn, false, nil},
		"no connection":                       {t.Context(), &net.OpError{Op: "dial", Err: io.EOF}, true, nil},
		"not prepared":                        {t.Context(), prepared.Unwritten(io.EOF), true, io.EOF},
		"a bad value":                         {t.Context(), rows.ErrAmount, true, rows.ErrAmount},
		"a context that ended under way":      {canceled, context.Canceled, false, context.Canceled},
		"a context that ended, and an answer": {canceled, pgxError{code: "57014"}, true, context.Canceled},
		"a context that ended before":         {canceled, prepared.Unwritten(context.Canceled), true, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			err := s.failedAppend(tc.ctx, tc.err)
			assert.Equal(t, tc.nothing, errors.Is(err, store.ErrNothing))
			if tc.is != nil {
				require.ErrorIs(t, err, tc.is)
			}
		})
	}
}
