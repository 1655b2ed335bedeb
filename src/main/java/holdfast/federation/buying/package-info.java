/// How room is bought in other domains (fluidos.md 3.1, 3.4, 3.7, 6.2): solvers look for offers, hold some, buy the
/// best and have it peered. The courses are pure; the services around them keep the records and make the calls.
@NullMarked
package holdfast.federation.buying;

import org.jspecify.annotations.NullMarked;
