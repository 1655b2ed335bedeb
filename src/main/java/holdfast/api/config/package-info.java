/// The configuration of the cloud broker at `/broker` (aeolus.md 5.1, 5.2), as XML and as JSON.
@NullMarked
package holdfast.api.config;

import org.jspecify.annotations.NullMarked;
