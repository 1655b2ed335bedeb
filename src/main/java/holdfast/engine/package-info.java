/// Resources and processes: durable things with a state, and the durable work that moves them from one state to the
/// next.
///
/// Knows nothing of what the resources mean. A process is a list of steps; its progress is a row. A runner on any
/// server process claims the row, runs the step, and records the outcome together with everything that the outcome
/// causes in one transaction; after a kill another runner goes on from the last record. Nothing waits in a thread for
/// the outside: a step that is not finished parks its row.
@NullMarked
package holdfast.engine;

import org.jspecify.annotations.NullMarked;
