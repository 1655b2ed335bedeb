/// What domains trade, and the rules that both sides of a trade must compute alike (fluidos.md 2, 3, 6): flavors and
/// the pieces of them, selectors, prices, names, the courses of transactions and contracts. One normal form: how a
/// dialect spells a field is the business of the one who reads and writes it.
///
/// Pure: nothing here reads a clock, draws a random number, or does input or output.
@NullMarked
package holdfast.protocol.rear;

import org.jspecify.annotations.NullMarked;
