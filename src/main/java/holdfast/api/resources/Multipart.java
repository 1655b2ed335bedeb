package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;

/// A form whose fields come as parts (RFC 7578), files among them. Every field is a text in UTF-8.
final class Multipart {
    /// Bytes of a whole form.
    static final int LARGEST = 100 << 10;

    static final String TYPE = "multipart/form-data";
    private static final int MOST = 200;
    private static final int LONGEST_HEADERS = 4_096;

    private Multipart() {}

    /// Values by field, in the order of the parts.
    ///
    /// @param contentType the whole header, with the boundary
    /// @throws Problem if it is not such a form
    static Map<String, List<String>> read(byte[] body, String contentType) {
        var boundary = Optional.ofNullable(parameters(contentType).get("boundary"))
                .orElseThrow(() -> Problem.badBody("Content-Type names no boundary between the parts"));
        var fields = new TreeMap<String, List<String>>();
        try {
            var parts = MultipartInput.builder()
                    .setByteArray(body)
                    .setBoundary(boundary.getBytes(ISO_8859_1))
                    .setMaxPartHeaderSize(LONGEST_HEADERS)
                    .get();
            int count = 0;
            for (boolean more = parts.skipPreamble(); more; more = parts.readBoundary()) {
                if (++count > MOST) {
                    throw Problem.badBody("the form has more than " + MOST + " parts");
                }
                var name = name(parts.readHeaders());
                var value = new ByteArrayOutputStream();
                parts.readBodyData(value);
                fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(text(name, value.toByteArray()));
            }
            if (count == 0) {
                throw Problem.badBody("the form has no parts between the boundaries that Content-Type names");
            }
            return fields;
        } catch (IOException | IllegalArgumentException e) {
            throw Problem.badBody(
                    "the parts of the form cannot be told apart: it ends too early, or its boundary or the"
                            + " headers of a part are not right");
        }
    }

    private static String name(String headers) {
        return headers.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-disposition:"))
                .findFirst()
                .map(line -> parameters(line).get("name"))
                .filter(name -> !name.isEmpty())
                .orElseThrow(
                        () -> Problem.badBody("a part has no header Content-Disposition with the name of a field"));
    }

    private static Map<String, String> parameters(String header) {
        var parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        return parser.parse(header, ';');
    }

    private static String text(String name, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw Problem.badBody("the field " + Form.shorten(name) + " is no text in UTF-8");
        }
    }
}
