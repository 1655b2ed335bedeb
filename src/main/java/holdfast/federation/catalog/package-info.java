/// Catalogs (fluidos.md 4.4, 6.10): where the offers of many domains are found. A catalog sells nothing of its own; it
/// tells whose an offer is, or stands between as supernodes do. What others publish is here, and how we publish.
@NullMarked
package holdfast.federation.catalog;

import org.jspecify.annotations.NullMarked;
