package holdfast.api.promise;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.api.promise.PromiseDomain.Reply;
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

/// What went over the wire, with ids, times and numbers of notices replaced by names that stay the same from run to
/// run. With `-Dholdfast.bless=true` the files are written anew.
final class Recording {
    private static final Path FOLDER =
            Path.of(System.getProperty("holdfast.root", "."), "src/test/resources/golden/promise");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?(\\.\\d+)?Z");
    private static final Pattern SEQUENCE = Pattern.compile("(\"(?:sequence|version)\" : )\\d+");
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:\\d+");

    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> ids = new LinkedHashMap<>();

    /// One exchange, as the next of the recording.
    Reply add(String what, String request, Reply reply) {
        text.append("# ").append(what).append("\n> ").append(request.strip()).append("\n< ");
        text.append(reply.status()).append('\n').append(pretty(reply.text())).append("\n\n");
        return reply;
    }

    /// It must be as it was recorded.
    void check(String name) {
        var file = FOLDER.resolve(name + ".txt");
        var stable = stable(text.toString());
        try {
            if (Boolean.getBoolean("holdfast.bless")) {
                Files.createDirectories(FOLDER);
                Files.writeString(file, stable);
            }
            assertThat(stable)
                    .as("recording %s; bless it if it should be so", name)
                    .isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pretty(String json) {
        try {
            return Json.mapper()
                    .rebuild()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(Json.read(json, Object.class));
        } catch (JacksonException _) {
            return json;
        }
    }

    private String stable(String all) {
        var named = ID.matcher(all).replaceAll(id -> ids.computeIfAbsent(id.group(), _ -> "ID-" + (ids.size() + 1)));
        var timeless = TIME.matcher(named).replaceAll("TIME");
        return PORT.matcher(SEQUENCE.matcher(timeless).replaceAll("$1N")).replaceAll("receiver");
    }
}
