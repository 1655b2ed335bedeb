package holdfast.platform;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/// Text out of bytes from outside.
public final class Utf8 {
    private Utf8() {}

    /// @return empty if they are not UTF-8: whoever kept what can be made of them would keep another text
    public static Optional<String> read(byte[] bytes) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    /// What stands behind the escapes of an address or a form.
    ///
    /// @param escaped each of its characters is a byte
    /// @throws IllegalArgumentException if it is not properly escaped, or no UTF-8
    public static String unescaped(String escaped) {
        return read(URLDecoder.decode(escaped, ISO_8859_1).getBytes(ISO_8859_1))
                .orElseThrow(() -> new IllegalArgumentException("not in UTF-8"));
    }
}
