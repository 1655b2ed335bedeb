/// Instances: machines at whichever cloud a pool may use, as users and the interfaces of clouds see them (aeolus.md
/// 2.8, 3.1).
@NullMarked
package holdfast.orchestrator.instances;

import org.jspecify.annotations.NullMarked;
