/// How processes talk with handlers outside, and how what happens is told to whoever listens (cattle.md 2.4, 5.10).
///
/// A call is a row: the step that calls parks its process, and the answer is judged in one transaction whichever
/// server it reaches. Listeners get what the rows and the journal say; nothing that matters is in memory only.
@NullMarked
package holdfast.engine.handlers;

import org.jspecify.annotations.NullMarked;
