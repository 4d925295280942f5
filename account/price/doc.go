// Package price finds what a message to a network costs, and brings price lists in, changes
// them and tells clients of it. It is pure: it does no I/O of its own and reads no clock. It needs
// no store either: a host may keep its rows in a table of its own.
//
// # From a row to a price
//
// A [Row] prices a [Network], or all networks of a country, from an instant until the
// next such row begins; or closes it; or withdraws what the list said of it. A [List] is the rows of
// one owner, a product or a client. [Prices] are both lists that a client pays by, and
// [Prices.Find] is the one place that says which row holds: own rows before the product's, in each
// list the network's before the country's, of these the newest that has begun. So an own price
// for a country goes before the product's price for one network of it.
//
// Closed and withdrawn differ: what is closed is not sold, whatever the lists below say; what
// is withdrawn is what they say, as if the list had never named it. The end of a client's special price
// is a withdrawn row.
//
// Lists never change, so any number of goroutines may read one, and a host that changes a
// list makes another and swaps the pointer.
//
// # From a draft to a price update
//
// A [Draft] is rows to be added to a list, and rows that have not begun, to be taken back.
// [Draft.Changes] tells what it comes to for one client, without changing anything;
// [Draft.Apply] makes the new list. Nothing in it begins before now. [Prices.Schedule] is what
// a client is told: their prices and what becomes of them; [Update.Sheet] lays that out, and
// [sheet.Sheet.WriteCSV] writes it. [ReadCSV] reads lists, taken whole or not at all.
//
// # Errors
//
// What is wrong with what was given is [Faults]: all of it at once, each with its field, its rule,
// and its row, or line and cell.
package price
