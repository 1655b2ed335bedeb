/// The log of what the broker decided, and deciding it again (promise.md 9, row 70). An entry holds all that the
/// decision looked at, so that [holdfast.broker.decisions.Replay] needs nothing but the entry.
@NullMarked
package holdfast.broker.decisions;

import org.jspecify.annotations.NullMarked;
