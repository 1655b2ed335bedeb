/// What the broker decides about reservations, as pure functions (promise.md 6): values in, values out, no clock, no
/// chance, no database.
///
/// [Choice#decide] answers one [Ask] over one [Snapshot] of the calendar. The same calendar gives the same answer,
/// because searches are bounded by counts of steps and never by time.
@NullMarked
package holdfast.broker.choice;

import org.jspecify.annotations.NullMarked;
