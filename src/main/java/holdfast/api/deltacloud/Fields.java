package holdfast.api.deltacloud;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import holdfast.platform.HttpRequest;
import holdfast.platform.Utf8;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;

/// The fields of a request: those of its path, its query and its body in one (aeolus.md 5.3.1).
final class Fields {
    static final String FORM = "application/x-www-form-urlencoded";
    static final String MULTIPART = "multipart/form-data";
    /// Bytes of a body of fields, and of one field in a stream of parts.
    static final int LARGEST = 1 << 20;

    /// What stands for the bytes of an address that are no UTF-8.
    private static final char REPLACED = '\ufffd';
    private static final int MOST = 500;
    private static final int LONGEST_HEADERS = 4_096;

    private Fields() {}

    /// @param body whether the body is read as well
    /// @return of fields that come twice the one that counts: the body before the query before the path, the first
    ///     before others
    static Map<String, String> of(HttpRequest request, Way way, boolean body) {
        var fields = new LinkedHashMap<>(way.matrix());
        request.query().forEach((name, values) -> fields.put(name, values.getFirst()));
        if (body) {
            var told = body(request);
            mustFit(Stream.concat(told.keySet().stream(), told.values().stream()));
            fields.putAll(told);
        }
        return fields;
    }

    /// @throws Problem if there is a character in it that no store of ours takes
    static void mustFit(Stream<String> words) {
        if (words.anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw Problem.malformed("a request may have no character 0 in it");
        }
    }

    /// The same of fields of an address, which are decoded already.
    static void mustBeText(Collection<String> values) {
        mustFit(values.stream());
        if (values.stream().anyMatch(value -> value.indexOf(REPLACED) >= 0)) {
            throw Problem.malformed("a field of the address is not in UTF-8");
        }
    }

    private static Map<String, String> body(HttpRequest request) {
        var bytes = switch (request.body(LARGEST)) {
            case HttpRequest.Body.Whole(var all) -> all;
            case HttpRequest.Body.TooLarge _ -> throw new Problem(413, "the body is larger than " + LARGEST + " bytes");
            case HttpRequest.Body.TooSlow _ -> throw new Problem(408, "the body did not arrive in time");
            case HttpRequest.Body.Crowded _ -> throw Problem.unavailable("too many large requests at the same time");
        };
        if (bytes.length == 0) {
            return Map.of();
        }
        return switch (request.mediaType()) {
            case FORM, "" -> form(new String(bytes, ISO_8859_1));
            case MULTIPART -> parts(request, bytes);
            default -> throw new Problem(415, "a body must be " + FORM + " or " + MULTIPART);
        };
    }

    /// @param text each of its characters is a byte
    private static Map<String, String> form(String text) {
        var fields = new LinkedHashMap<String, String>();
        var pairs = text.split("&", MOST + 1);
        if (pairs.length > MOST) {
            throw tooMany();
        }
        for (var pair : pairs) {
            var sides = pair.split("=", 2);
            try {
                if (!pair.isBlank()) {
                    fields.putIfAbsent(Utf8.unescaped(sides[0]), sides.length == 1 ? "" : Utf8.unescaped(sides[1]));
                }
            } catch (IllegalArgumentException _) {
                throw Problem.malformed("the body is not properly encoded");
            }
        }
        return fields;
    }

    private static String text(byte[] bytes) {
        return Utf8.read(bytes).orElseThrow(() -> Problem.malformed("a field of the body is not in UTF-8"));
    }

    private static Map<String, String> parts(HttpRequest request, byte[] bytes) {
        var fields = new LinkedHashMap<String, String>();
        each(request, new ByteArrayInputStream(bytes), (head, parts) -> {
            var value = new ByteArrayOutputStream();
            parts.readBodyData(value);
            fields.putIfAbsent(head.name, text(value.toByteArray()));
        });
        return fields;
    }

    private static Problem tooMany() {
        return Problem.malformed("the body has more than " + MOST + " fields");
    }

    /// The head of a part.
    ///
    /// @param type its media type
    record Head(String name, Optional<String> file, Optional<String> type) {
        private static Head of(String headers) {
            var disposition = header(headers, "content-disposition").map(Head::parameters);
            return new Head(
                    disposition
                            .map(parameters -> parameters.get("name"))
                            .filter(name -> !name.isEmpty())
                            .orElseThrow(() -> Problem.malformed(
                                    "a part has no header Content-Disposition with the name of a field")),
                    disposition.map(parameters -> parameters.get("filename")),
                    header(headers, "content-type"));
        }

        private static Optional<String> header(String headers, String name) {
            return headers.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .findFirst()
                    .map(line -> line.substring(name.length() + 1).strip());
        }

        private static Map<String, String> parameters(String text) {
            var parser = new ParameterParser();
            parser.setLowerCaseNames(true);
            return parser.parse(text, ';');
        }
    }

    /// Takes one part.
    interface Taker {
        void take(Head head, MultipartInput parts) throws IOException;
    }

    /// Goes through the parts of a body, without holding them.
    static void each(HttpRequest request, InputStream body, Taker taker) {
        var boundary = request.header("Content-Type")
                .map(Head::parameters)
                .map(parameters -> parameters.get("boundary"))
                .orElseThrow(() -> Problem.malformed("Content-Type names no boundary between the parts"));
        try {
            var parts = MultipartInput.builder()
                    .setInputStream(body)
                    .setBoundary(boundary.getBytes(ISO_8859_1))
                    .setMaxPartHeaderSize(LONGEST_HEADERS)
                    .get();
            int count = 0;
            for (boolean more = parts.skipPreamble(); more; more = parts.readBoundary()) {
                if (++count > MOST) {
                    throw tooMany();
                }
                taker.take(Head.of(parts.readHeaders()), parts);
            }
            if (count == 0) {
                throw Problem.malformed("the body has no parts between the boundaries that Content-Type names");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw Problem.malformed("the parts of the body cannot be told apart: it ends too early, or its boundary or"
                    + " the headers of a part are not right");
        }
    }
}
