/// What kinds of resources there are and what can happen to them, as data: fields, states, processes. From one
/// definition of a type come its schema, its validation, its actions and its picture, whether it was built in, read
/// from the file of types or posted while the server runs.
///
/// Knows nothing of instances of resources or processes, and touches no database.
@NullMarked
package holdfast.engine.types;

import org.jspecify.annotations.NullMarked;
