package holdfast.federation.catalog;

import holdfast.protocol.rear.Flavor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a publisher has to tell a catalog (fluidos.md 4.4 step 3), as a pure function: what is new or has changed or
/// was not told for a third of its ttl, and what there is no more.
///
/// @param say to be published
/// @param drop to be withdrawn: names
record Plan(List<Row> say, List<String> drop) {
    Plan {
        say = List.copyOf(say);
        drop = List.copyOf(drop);
    }

    /// An offer as it is published somewhere.
    ///
    /// @param epoch when it was published for the first time, in milliseconds
    /// @param sequence of what was said last
    /// @param told when the catalog has heard that; empty if it may not have
    record Row(Flavor flavor, long epoch, long sequence, Optional<Instant> told) {
        Row next(Flavor now) {
            return new Row(now, epoch, sequence + 1, Optional.empty());
        }

        /// Counted anew: the catalog knows of a later word than we.
        Row anew(Instant now) {
            return new Row(flavor, Math.max(now.toEpochMilli(), epoch + 1), 1, Optional.empty());
        }
    }

    /// @param known what is published there, by name
    /// @param offered what there is now
    /// @param every a third of the ttl
    static Plan of(Map<String, Row> known, List<Flavor> offered, Instant now, Duration every) {
        var say = new ArrayList<Row>();
        Set<String> there = new HashSet<>();
        for (var flavor : offered) {
            if (!there.add(flavor.id())) {
                continue;
            }
            var row = Optional.ofNullable(known.get(flavor.id()));
            if (row.isEmpty()) {
                say.add(new Row(flavor, now.toEpochMilli(), 1, Optional.empty()));
            } else if (!same(row.get().flavor(), flavor)
                    || row.get()
                            .told()
                            .filter(told -> now.isBefore(told.plus(every)))
                            .isEmpty()) {
                say.add(row.get().next(flavor));
            }
        }
        return new Plan(
                say,
                known.keySet().stream()
                        .filter(name -> !there.contains(name))
                        .sorted()
                        .toList());
    }

    /// Whether nothing has changed but the time when it was seen.
    private static boolean same(Flavor one, Flavor other) {
        return one.kind().vector().equals(other.kind().vector())
                && one.price().equals(other.price())
                && one.available() == other.available();
    }
}
