/// What users want to run, without saying where (fluidos.md 2.10, 3.10): understood in four forms, taken apart, and
/// each part run in a slice of its own, here or in another domain.
@NullMarked
package holdfast.orchestrator.intents;

import org.jspecify.annotations.NullMarked;
