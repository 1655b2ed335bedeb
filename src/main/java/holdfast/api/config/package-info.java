/// The configuration of the cloud broker over HTTP, in XML and JSON (aeolus.md 5.1).
@NullMarked
package holdfast.api.config;

import org.jspecify.annotations.NullMarked;
