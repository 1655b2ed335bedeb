/// Ways in: one folder for each wire language. Here is only what all of them need.
@NullMarked
package holdfast.api;

import org.jspecify.annotations.NullMarked;
