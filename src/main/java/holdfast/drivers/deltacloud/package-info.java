/// Leases in an account of a cloud that is reached through a Deltacloud server (protocol 1.1.3; aeolus.md 5.6).
///
/// Nothing there can be repeated safely, and instances have no notes of their own. So each bears the mark of its lease
/// in its name, or in the name of the key that was made for it ([Marks]); it is looked for before it is made, and an
/// order without an answer is followed by a look ([Memory]). From below: [holdfast.platform.XmlTree] reads what comes,
/// [Api] makes one call, [Entry] knows where things are, [Instances], [Offers] and [Keys] speak the words of the
/// collections, [Course] decides what comes next, [Servers] does it, and [Deltacloud] is the driver. [Things] is all
/// the rest of an account.
@NullMarked
package holdfast.drivers.deltacloud;

import org.jspecify.annotations.NullMarked;
