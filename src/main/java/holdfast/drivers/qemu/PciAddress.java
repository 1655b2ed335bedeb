package holdfast.drivers.qemu;

import java.util.regex.Pattern;

/// PCI addresses in the form `domain:bus:slot.function`, all hexadecimal, such as `0000:25:00.0`.
final class PciAddress {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\\.[0-7]");

    private PciAddress() {}

    static boolean isValid(String address) {
        return FORM.matcher(address).matches();
    }

    /// The address of a function in domain 0.
    static String of(int bus, int slot, int function) {
        return "0000:%02x:%02x.%x".formatted(bus, slot, function);
    }
}
