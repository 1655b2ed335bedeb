/// Making it real: the authority owns a site, checks tickets, names the exact units, and drives each lease through a
/// [holdfast.authority.Driver].
@NullMarked
package holdfast.authority;

import org.jspecify.annotations.NullMarked;
