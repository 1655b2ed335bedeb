package holdfast.inventory;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// The characters of a bounded stream of UTF-8 bytes. Bytes that are none are refused here, with the line, because
/// the platform's XML parser would print its complaint on the console.
final class Utf8 extends FilterReader {
    private int line = 1;
    private boolean started;

    Utf8(InputStream in, long limit) {
        super(new InputStreamReader(
                new Bounded(in, limit),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    @Override
    public int read() {
        var one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] buffer, int offset, int length) {
        try {
            int got = in.read(buffer, offset, started ? length : Math.min(length, 1));
            if (!started && got > 0) {
                started = true;
                if (buffer[offset] == '\uFEFF') { // a byte order mark says nothing in UTF-8
                    return read(buffer, offset, length);
                }
            }
            for (int at = offset; at < offset + got; at++) {
                line += buffer[at] == '\n' ? 1 : 0;
            }
            return got;
        } catch (CharacterCodingException _) {
            throw Assembly.refuse(
                    "line " + line, "bytes at this line or after it are not UTF-8, the only encoding that is read");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
