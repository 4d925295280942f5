package mail

// Kind is what a mail tells. Its value names the files of its templates, and is stable.
type Kind string

// Notices, of what happened to an account.
const (
	KindLimitReached    Kind = "limit.reached"
	KindLimitCleared    Kind = "limit.cleared"
	KindCreditExhausted Kind = "credit.exhausted"
	KindOverdrawEnding  Kind = "overdraw.ending"
	KindOverdrawEnded   Kind = "overdraw.ended"
	KindHookOff         Kind = "hook.off"
	KindHookOn          Kind = "hook.on"
	KindPasswordChanged Kind = "password.changed"
	KindEmailChanged    Kind = "email.changed"
	KindStatusChanged   Kind = "status.changed"
)

// Mails that carry a document.
const (
	KindDailyStatistics Kind = "statistics.daily"
	KindStatement       Kind = "statement"
	KindInvoice         Kind = "invoice"
	KindCreditNote      Kind = "credit_note"
	KindPriceUpdate     Kind = "price.update"
)

// Content is what a mail of one kind tells: one of the structs of this package, by value.
type Content interface {
	// Kind returns which kind of mail tells this.
	Kind() Kind
	// about closes the interface: templates are shown nothing but what is declared here.
	about() About
}

// Kinds returns all kinds, notices first.
func Kinds() []Kind {
	var kinds []Kind
	for _, c := range Examples() {
		kinds = append(kinds, c.Kind())
	}
	return kinds
}

// Kind returns KindLimitReached; those below return theirs.
func (LimitReached) Kind() Kind { return KindLimitReached }

// Kind returns KindLimitCleared.
func (LimitCleared) Kind() Kind { return KindLimitCleared }

// Kind returns KindCreditExhausted.
func (CreditExhausted) Kind() Kind { return KindCreditExhausted }

// Kind returns KindOverdrawEnding.
func (OverdrawEnding) Kind() Kind { return KindOverdrawEnding }

// Kind returns KindOverdrawEnded.
func (OverdrawEnded) Kind() Kind { return KindOverdrawEnded }

// Kind returns KindHookOff.
func (HookOff) Kind() Kind { return KindHookOff }

// Kind returns KindHookOn.
func (HookOn) Kind() Kind { return KindHookOn }

// Kind returns KindPasswordChanged.
func (PasswordChanged) Kind() Kind { return KindPasswordChanged }

// Kind returns KindEmailChanged.
func (EmailChanged) Kind() Kind { return KindEmailChanged }

// Kind returns KindStatusChanged.
func (StatusChanged) Kind() Kind { return KindStatusChanged }

// Kind returns KindDailyStatistics.
func (DailyStatistics) Kind() Kind { return KindDailyStatistics }

// Kind returns KindStatement.
func (Statement) Kind() Kind { return KindStatement }

// Kind returns KindInvoice.
func (Invoice) Kind() Kind { return KindInvoice }

// Kind returns KindCreditNote.
func (CreditNote) Kind() Kind { return KindCreditNote }

// Kind returns KindPriceUpdate.
func (PriceUpdate) Kind() Kind { return KindPriceUpdate }
