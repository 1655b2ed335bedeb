package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;

/// Recorded exchanges: what a client said and what it was answered, with ids, times and addresses replaced by names
/// that stay the same from
/// run to run. With `-Dholdfast.bless=true` the files are written anew.
final class Exchange {
    private static final Path FOLDER =
            Path.of(System.getProperty("holdfast.root", "."), "src/test/resources/golden/api");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern NUMBER = Pattern.compile("\\b1(a|s|l|r|d|pi)\\d+\\b");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
    private static final Pattern STAMP = Pattern.compile("(\"\\w+TS\" : )\\d{13}");
    private static final Pattern MARKER = Pattern.compile("marker=[A-Za-z0-9_-]+");

    private final Map<String, String> ids = new LinkedHashMap<>();
    private final String address;

    Exchange(String address) {
        this.address = address;
    }

    /// The exchange must be as it was recorded.
    void check(String name, String request, TestDomain.Reply reply) {
        var text = stable("> " + request + "\n< " + reply.status() + "\n" + pretty(reply.text()) + "\n");
        var file = FOLDER.resolve(name + ".txt");
        try {
            if (Boolean.getBoolean("holdfast.bless")) {
                Files.createDirectories(FOLDER);
                Files.writeString(file, text);
            }
            assertThat(text)
                    .as("exchange %s; bless it if it should be so", name)
                    .isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pretty(String text) {
        try {
            return Json.mapper()
                    .rebuild()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build()
                    .writeValueAsString(Json.read(text, Object.class));
        } catch (JacksonException _) {
            return new String(text.getBytes(UTF_8), UTF_8);
        }
    }

    private String stable(String text) {
        var named = ID.matcher(text.replace(address, "http://server"))
                .replaceAll(id -> ids.computeIfAbsent(id.group(), _ -> "ID-" + (ids.size() + 1)));
        var numbered = NUMBER.matcher(named)
                .replaceAll(id -> ids.computeIfAbsent(id.group(), _ -> "1" + id.group(1) + "-" + (ids.size() + 1)));
        var timeless = STAMP.matcher(TIME.matcher(numbered).replaceAll("TIME")).replaceAll("$1TIME");
        return MARKER.matcher(timeless).replaceAll("marker=MARKER");
    }
}
