// Package document is what clients are given of their accounts: daily statistics, statements,
// invoices, credit notes, price updates and notices. It is pure: no I/O of its own, no clock, no store; whoever makes
// documents gives out their numbers, and keeps what [Encode] returns.
//
// # From entries to a document
//
// [Usage] is what the entries of an account come to, in a row of sums for each civil day, kind
// of movement and price of a message. Entries are added one after the other, or in parts that are
// merged, and what is kept of them does not grow with their number. It checks the ledger as it
// reads: entries without a gap, each balance the one before and what moved.
//
// A [Statement] is the usage of a period, from one [Mark] to another: how the account stood
// after an entry. The next begins at the mark at which it ends, so each entry is in exactly one,
// opening + movements = closing, and closing is the next opening. To which period an entry
// belongs is decided once, by its number, when a statement is made: it has the entries before
// the cut that were written by then ([Period.Takes]). An entry from before the cut that is written
// later, by a process whose clock is slow, is in the next one.
//
// An [Invoice] is what was used in a period by price, less what was given back. A [CreditNote]
// takes an invoice back, or lines of it. [Daily] are the figures of one day. A [PriceUpdate] holds
// the client's prices and how they change; a [Notice] tells what happened.
//
// # Exactness
//
// Nothing is computed in floats, and every sum printed is that of what is printed above it. The
// lines of an invoice are exact, to the millionth: price x messages. Their sum is the subtotal;
// a line of its own, Rounding, takes that to what can be paid in the currency, half away from
// zero. That is the net amount, of which taxes are computed, each in whole minor units, and net
// and taxes are the total.
//
// # Made again
//
// A document is data. [Encode] writes the same bytes for the same document, [Decode] reads them,
// and [Hash] tells whether two are the same. The page ([WriteHTML]) and the table ([NewSheet])
// of a document follow from it and from [Words] alone; so do the PDF of account/document/pdf and
// workbooks of account/price/xlsx; [Files] writes whichever a host has. [Masked] is a document as
// somebody sees it who may not see all of the account.
package document
