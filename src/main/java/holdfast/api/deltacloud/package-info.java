/// The cloud broker as a cloud that speaks the Deltacloud API 1.1.3 (aeolus.md 5.3): what a pool has, in XML, JSON and
/// HTML.
@NullMarked
package holdfast.api.deltacloud;

import org.jspecify.annotations.NullMarked;
