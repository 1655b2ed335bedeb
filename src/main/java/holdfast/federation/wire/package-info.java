/// What goes between domains, as text: the messages of REAR in both of its dialects, read and written in one place for
/// those who serve and those who ask (fluidos.md 5). No other folder knows how a field is spelled.
///
/// Reading is one for both ([RearReader]): the dialects differ in capitals, which nobody minds on reading, and in a few
/// names, of which each is taken. Writing is [NodeDialect] and [DocDialect].
///
/// Pure, but for what implements [Wire].
@NullMarked
package holdfast.federation.wire;

import org.jspecify.annotations.NullMarked;
