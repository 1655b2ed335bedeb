/// Who a node is, and what it may do: its key, what it proves with it, which keys of others are known, rules, and how
/// often others may ask (fluidos.md 5.13, 6.12).
@NullMarked
package holdfast.federation.trust;

import org.jspecify.annotations.NullMarked;
