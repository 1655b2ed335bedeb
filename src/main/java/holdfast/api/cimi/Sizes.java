package holdfast.api.cimi;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Sizes in the units of CIMI: KiB, whole ones (aeolus.md 2.4).
final class Sizes {
    static final BigDecimal KIB_IN_MB = BigDecimal.valueOf(1_024);
    static final BigDecimal KIB_IN_GB = BigDecimal.valueOf(1_024 * 1_024);

    /// The attribute of disks and volumes.
    static final String CAPACITY = "capacity";
    private static final int LARGEST = 1_000_000;

    private Sizes() {}

    static long fromMb(BigDecimal mb) {
        return mb.multiply(KIB_IN_MB).longValue();
    }

    static long fromGb(BigDecimal gb) {
        return gb.multiply(KIB_IN_GB).longValue();
    }

    /// @return MB
    static BigDecimal wholeMb(BigDecimal kib) {
        return kib.divide(KIB_IN_MB, 0, RoundingMode.CEILING);
    }

    /// Volumes are made in whole GB, so that nobody gets less than was asked for (aeolus.md 10).
    ///
    /// @return GB, 1..1,000,000
    static int wholeGb(BigDecimal kib) {
        var gb = kib.divide(KIB_IN_GB, 0, RoundingMode.CEILING);
        if (gb.compareTo(BigDecimal.valueOf(LARGEST)) > 0) {
            throw Problem.malformed(CAPACITY + " is more than " + LARGEST + " GB");
        }
        return Math.max(1, gb.intValue());
    }

    /// How much the one disk has that machines have of their own, if it is said.
    static Optional<BigDecimal> disk(ObjectNode configuration) {
        var disks = Fields.list(configuration, "disks");
        if (disks.size() > 1) {
            throw Problem.malformed("machines have one disk here, besides the volumes that are attached to them");
        }
        return disks.stream().findFirst().flatMap(disk -> Fields.number(disk, CAPACITY));
    }
}
