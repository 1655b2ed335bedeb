package holdfast.api.cimi;

import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import java.math.BigDecimal;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Sizes in the units of CIMI: KiB, whole ones (aeolus.md 2.4).
final class Sizes {
    private static final BigDecimal KIB_IN_MB = BigDecimal.valueOf(1_024);
    private static final BigDecimal KIB_IN_GB = BigDecimal.valueOf(1_024 * 1_024);

    private Sizes() {}

    static long fromMb(BigDecimal mb) {
        return mb.multiply(KIB_IN_MB).longValue();
    }

    static long fromGb(BigDecimal gb) {
        return gb.multiply(KIB_IN_GB).longValue();
    }

    /// Whether a profile has at least what a machine configuration says by value.
    static boolean has(HardwareProfile profile, ObjectNode configuration) {
        var disk = configuration.path("disks") instanceof ArrayNode disks && !disks.isEmpty()
                ? Fields.number(disks.get(0), "capacity")
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
