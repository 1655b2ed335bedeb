package holdfast.drivers.qemu;

import java.io.IOException;

/// QEMU, or a guest, has said nothing in time: on a busy host it may yet, so nothing has failed.
final class SilentException extends IOException {
    private static final long serialVersionUID = 1L;

    SilentException(String message, Throwable cause) {
        super(message, cause);
    }
}
