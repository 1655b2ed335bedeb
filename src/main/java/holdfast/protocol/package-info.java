/// What actors say to each other. Values only: how they travel is the engine's post, what they cause is each actor's
/// business.
@NullMarked
package holdfast.protocol;

import org.jspecify.annotations.NullMarked;
