/// Values that every part of the product shares: identifiers, intervals, quantities, demands, refusals.
///
/// Pure: nothing here reads a clock, draws a random number or does input or output, and nothing but `java.base` is
/// needed.
@NullMarked
package holdfast.core;

import org.jspecify.annotations.NullMarked;
