package mail

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
)

// ErrComposer is in the chain of what a Composer lacks.
var ErrComposer = errors.New("mail: composer")

// Composer makes mails of documents. It is a value, and safe for concurrent use if its functions
// are.
type Composer struct {
	Templates *Templates // made by NewTemplates
	Platform  string     // the name of who writes
	From      Address
	ReplyTo   Address // may be zero
	// Domain is that of Message-IDs, one of the platform's own; see NewMessageID.
	Domain string
	Files  document.Files // what is attached
}

// Check returns ErrComposer for what is missing, or nil.
func (c Composer) Check() error {
	switch {
	case c.Templates == nil || c.Templates.pairs == nil:
		return fmt.Errorf("%w: no Templates", ErrComposer)
	case c.From.IsZero():
		return fmt.Errorf("%w: no address that it is from", ErrComposer)
	case !isHostName(c.Domain):
		return fmt.Errorf("%w: the domain of its ids is none", ErrComposer)
	}
	return nil
}

// Compose returns the mail that brings a document to an address: the same mail for the same
// document and address, whenever it is made. It carries
//
//   - statements, invoices and credit notes as PDF, or HTML where Files has none, and as CSV
//   - daily statistics as CSV
//   - price updates in their own format, as CSV where Files writes no workbooks
//   - of notices nothing: all is in the text.
//
// Errors: ErrComposer, ErrContent, ErrAddress and ErrMessageID for an address or an id that is
// zero, those of Templates.Render and of Files.
func (c Composer) Compose(d document.Document, to Address) (Message, error) {
	if err := c.Check(); err != nil {
		return Message{}, err
	}
	content, err := ContentOf(d, c.Platform, c.Files.WordsOf(d))
	if err != nil {
		return Message{}, err
	}
	head := d.About()
	m, err := c.Templates.Render(head.Language, content)
	if err != nil {
		return Message{}, err
	}
	m.Date, m.From, m.ReplyTo, m.To = head.At, c.From, c.ReplyTo, to
	if m.ID, err = NewMessageID(head.ID, to, c.Domain); err != nil {
		return Message{}, err
	}
	for _, format := range c.carried(d) {
		a, err := c.attachment(d, format)
		if err != nil {
			return Message{}, err
		}
		m.Attachments = append(m.Attachments, a)
	}
	return m, nil
}

// carried returns the formats in which a mail carries a document.
func (c Composer) carried(d document.Document) []document.Format {
	switch d := d.(type) {
	case document.Statement, document.Invoice, document.CreditNote:
		if c.Files.PDF == nil {
			return []document.Format{document.FormatHTML, document.FormatCSV}
		}
		return []document.Format{document.FormatPDF, document.FormatCSV}
	case document.PriceUpdate:
		if d.Format == account.PriceXLSX && c.Files.Workbook != nil {
			return []document.Format{document.FormatXLSX}
		}
		return []document.Format{document.FormatCSV}
	case document.Daily:
		return []document.Format{document.FormatCSV}
	default: // a notice
		return nil
	}
}

func (c Composer) attachment(d document.Document, format document.Format) (Attachment, error) {
	name, err := NewLine(c.Files.Name(d, format))
	if err != nil {
		return Attachment{}, err
	}
	var b bytes.Buffer
	if err := c.Files.Write(&b, d, format); err != nil {
		return Attachment{}, fmt.Errorf("mail: %s: %w", format, err)
	}
	return Attachment{name, c.Files.Type(format), b.Bytes()}, nil
}
