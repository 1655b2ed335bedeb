package holdfast.drivers.qemu;

import java.io.IOException;

/// QEMU refused a command.
final class QmpException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String kind;

    /// @param kind QEMU's error class: `GenericError`, `DeviceNotFound`, `CommandNotFound`, ...
    /// @param description QEMU's own words
    QmpException(String kind, String description) {
        super(description);
        this.kind = kind;
    }

    String kind() {
        return kind;
    }
}
