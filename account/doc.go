// Package account is the domain: what a client account is and the rules that
// follow from its settings. It is pure. It does no I/O and reads no clock; time and
// ids come in as arguments. Of other modules it imports shopspring/decimal only.
//
// What a movement does to a balance is worked out by the Service. What the writer of a
// store needs beside these types is in package store.
//
// # Glossary
//
//   - Account: one client of an SMS platform, with every setting of the Edit page.
//   - Section: a group of fields on that page ([Sections]).
//   - Field: one setting, with its path, label and text form ([Fields]).
//   - Change: a list of fields with their new values; a [Record] is a change that
//     was applied, with who, when and why.
//   - Revision: counts the applied changes of one account, from 1.
//   - Manager, Product: the two reference lists an account points at.
//   - Credit: what may be spent below zero for good; overdraw: the same for a time.
//   - Movement: a request to move money; entry: a movement that was accepted; hold:
//     money set aside until it is captured, released, or times out.
//   - Available: what may be spent now; held: the sum of the holds that stand.
//   - Terms: the settings that the money rule reads, kept with the balance.
//   - Shared money: that of an account above, spent instead of one's own; chain: from
//     the account that a movement is asked of up to the one that pays; cap: the most of it in a month.
//   - Reference price: what one message part costs, to count what is left in messages.
//   - DLR: delivery report, the final word of a network on a message.
//   - MO: mobile originated, a message coming in from a phone.
//   - Sender: the name or number a message comes from.
//   - Dispatch: the weekly hours in which a client's messages may go out.
//   - Decision: the answer to whether a message may go now: a verdict, and a finding
//     for every rule that spoke.
//   - Cut: the beginning of an invoice day, at which one period ends and the next begins.
//
// # Units
//
// Amounts are [decimal.Decimal] in the account's currency, with at most 6
// decimal places and 15 integer digits. Instants are UTC with microseconds,
// the least that PostgreSQL keeps. Times of day are whole minutes.
//
// # Invariants
//
// Tests quote these by number.
//
//  1. Every setting of the page has exactly one row in the field table.
//  2. A field's text is canonical: setting what was read changes nothing.
//  3. A record lists each field at most once, and only fields that differ.
//  4. A secret has no text: it reads as empty and is recorded as changed. What may
//     be a token in a URL is neither shown nor recorded.
//  5. An account holds no reference that a copy made by Clone shares.
//  6. A closed account stays closed.
//  7. A balance is the sum of its entries' amounts, what is held the sum of their
//     helds; entries are numbered 1, 2, 3 without gaps, and so are events.
//  8. A charge, a hold or a transfer leaves After - HeldAfter at -Limit or above.
//  9. A reference is in a ledger once, and is never used for another content.
//  10. A message is accepted if and only if no rule speaks. More money never makes a
//     decision worse, and silences no rule but that of funds.
//  11. Of one message the client gets at most one final state that is not late.
//  12. An invoice period begins where the one before it ended, and no date is cut twice,
//     whatever became of the days and the zone meanwhile; so it is with daily reports.
package account
