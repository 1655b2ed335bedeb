package holdfast.api.blazar;

import static holdfast.api.blazar.BlazarLab.ALICE;
import static holdfast.api.blazar.BlazarLab.HOSTS;
import static holdfast.api.blazar.BlazarLab.LEASES;
import static holdfast.api.blazar.BlazarLab.hosts;
import static holdfast.api.blazar.BlazarLab.instances;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is refused, how, and in which words (promise.md 5.4).
@Timeout(300)
class ErrorsTest {
    private static final Path GOLDEN =
            Path.of(System.getProperty("holdfast.root", "."), "src/test/resources/golden/blazar/errors.txt");

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final BlazarLab lab = new BlazarLab(test);

    private final StringBuilder story = new StringBuilder();

    private void told(String what, String method, String path, String token, String body, String... headers) {
        var answer = lab.call(method, path, token, body, headers);
        story.append("# %s\n> %s %s\n< %d %s\n\n".formatted(what, method, path, answer.status(), answer.text()));
    }

    private void asked(String what, String body) {
        told(what, "POST", LEASES, ALICE, body);
    }

    @Test
    void each_line_of_the_table() throws IOException {
        var good = BlazarLab.lease("expo", hosts(1, 1, ""));
        for (var field : new String[] {"name", "start_date", "end_date"})
            asked("without " + field, good.replace("\"" + field + "\"", "\"x\""));
        for (var field : new String[] {"resource_type", "min", "max", "hypervisor_properties", "resource_properties"})
            asked("without " + field, good.replace("\"" + field + "\"", "\"x\""));
        for (var field : new String[] {"vcpus", "memory_mb", "disk_gb", "amount"})
            asked("without " + field, BlazarLab.lease("x", instances(1, "null")).replace("\"" + field + "\"", "\"x\""));
        asked("no name", BlazarLab.lease(""));
        asked("a bad date", BlazarLab.between("2031-05-02", "2031-05-03 08:00", "x"));
        asked("a date in words", BlazarLab.between("2031-05-02 08:00", "tomorrow", "x"));
        asked("a start in the past", BlazarLab.between("2031-04-30 08:00", "2031-05-03 08:00", "x"));
        asked("an end before the start", BlazarLab.between("2031-05-02 08:00", "2031-05-02 08:00", "x"));
        asked("an end that is now", BlazarLab.between("now", "now", "x"));
        asked("a warning after the end", good.replace("null", "\"2031-05-04 08:00\""));
        asked("too long", BlazarLab.between("2031-05-02 08:00", "2032-05-10 08:00", "x"));
        asked("too far ahead", BlazarLab.between("2033-05-02 08:00", "2033-05-03 08:00", "x"));
        asked("min below 1", BlazarLab.lease("x", hosts(0, 1, "")));
        asked("max below min", BlazarLab.lease("x", hosts(2, 1, "")));
        asked("min is no number", good.replace("\"min\": 1", "\"min\": \"many\""));
        asked("min is beyond all numbers", good.replace("\"min\": 1", "\"min\": 9223372036854775808"));
        asked("a bad query", BlazarLab.lease("x", hosts(1, 1, "[\"almost\", \"$vcpus\", \"16\"]")));
        asked("a query that is no list", BlazarLab.lease("x", hosts(1, 1, "vcpus")));
        asked("an unknown property", BlazarLab.lease("x", hosts(1, 1, "[\"=\", \"$colour\", \"red\"]")));
        asked("an unknown type", good.replace("physical:host", "virtual:cat"));
        asked(
                "a bad before_end",
                good.replace("\"resource_properties\"", "\"before_end\": \"dance\", \"resource_properties\""));
        asked("a bad affinity", BlazarLab.lease("x", instances(1, "\"maybe\"")));
        asked("an unknown event", good.replace("\"events\": []", "\"events\": [{\"event_type\": \"party\"}]"));
        asked("reservations are no list", good.replaceAll("\\[\\{.*}]", "{}"));
        asked("a reservation is no object", BlazarLab.lease("x", "7"));
        asked("more hosts than there are", BlazarLab.lease("x", hosts(5, 5, "")));
        asked("no host is like that", BlazarLab.lease("x", hosts(1, 1, "[\">\", \"$vcpus\", \"64\"]")));
        asked("no JSON", "{");
        asked("no object", "[]");
        asked("nested too deep", "[".repeat(50) + "]".repeat(50));
        told("another media type", "POST", LEASES, ALICE, good, "Content-Type", "text/plain");
        told("an unknown lease", "GET", LEASES + "/0c9f3c1e-4a0e-4f57-9d0a-3f0d6c1f6a11", ALICE, "");
        told("no id", "GET", LEASES + "/expo", ALICE, "");
        told("an unknown host", "GET", HOSTS + "/77", lab.admin, "");
        told("a host that no provider has", "POST", HOSTS, lab.admin, "{\"name\": \"nowhere\"}");
        told("a host without a name", "POST", HOSTS, lab.admin, "{}");
        told("no rights", "GET", HOSTS, ALICE, "");
        told("no token", "GET", LEASES, "", "");
        told("an unknown path", "GET", "/blazar/v1/plans", ALICE, "");
        told("an unknown version", "GET", "/blazar/v2/leases", ALICE, "");
        told("a wrong method", "PUT", LEASES, ALICE, "{}");
        told("a version that is not spoken", "GET", LEASES, ALICE, "", "OpenStack-API-Version", "reservation 9.9");
        told("a version that is none", "GET", LEASES, ALICE, "", "OpenStack-API-Version", "reservation 1.a");
        check();
        assertThat(lab.json("GET", LEASES, lab.admin, "").get("leases"))
                .as("nothing was made")
                .isEmpty();
    }

    /// The story must be as it was recorded; `-Dholdfast.bless=true` records it anew.
    private void check() throws IOException {
        var text = story.toString().replaceAll("2031-05-01T[0-9:.]+Z", "NOW");
        if (Boolean.getBoolean("holdfast.bless")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, text);
        }
        assertThat(text).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void a_body_that_is_too_large_is_not_read() {
        var answer = lab.call("POST", LEASES, ALICE, "{\"name\": \"" + "x".repeat(300_000) + "\"}");
        assertThat(answer.status()).isEqualTo(413);
    }
}
