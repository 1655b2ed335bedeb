/// Many clouds as one: what administrators set up of pool families, pools, providers, accounts, hardware profiles,
/// realms and images (aeolus.md 2), and which account an instance is made at, as pure functions (aeolus.md 6).
@NullMarked
package holdfast.pools.clouds;

import org.jspecify.annotations.NullMarked;
