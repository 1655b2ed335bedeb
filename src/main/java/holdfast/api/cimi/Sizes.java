package holdfast.api.cimi;

import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Sizes in the units of CIMI: KiB, whole ones (aeolus.md 2.4).
final class Sizes {
    private static final BigDecimal KIB_IN_MB = BigDecimal.valueOf(1_024);
    private static final BigDecimal KIB_IN_GB = BigDecimal.valueOf(1_024 * 1_024);

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

    /// Whether a profile has at least what a machine configuration says by value.
    static boolean has(HardwareProfile profile, ObjectNode configuration) {
        var disk = configuration.path("disks") instanceof ArrayNode disks && !disks.isEmpty()
                ? Fields.number(disks.get(0), CAPACITY)
                : Optional.<BigDecimal>empty();
        return has(profile.cpu(), Fields.number(configuration, "cpu"), BigDecimal.ONE)
                && has(profile.memory(), Fields.number(configuration, "memory"), KIB_IN_MB)
                && has(profile.storage(), disk, KIB_IN_GB);
    }

    private static boolean has(Property property, Optional<BigDecimal> wanted, BigDecimal unit) {
        return wanted.isEmpty()
                || property.standard()
                        .filter(has -> has.multiply(unit).compareTo(wanted.get()) >= 0)
                        .isPresent();
    }
}
