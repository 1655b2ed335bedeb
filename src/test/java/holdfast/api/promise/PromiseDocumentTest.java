package holdfast.api.promise;

import static holdfast.api.promise.PromiseDomain.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/// The examples of the page about Promise, one after the other.
@Timeout(300)
class PromiseDocumentTest {
    private static final Path PAGE = Path.of(System.getProperty("holdfast.root", "."), "docs/api-promise.md");
    private static final Pattern EXAMPLE = Pattern.compile("^(POST|PUT) (/\\S+)\n(\\{.*})$", Pattern.MULTILINE);
    private static final Pattern SAID = Pattern.compile("<([a-z-]+)>");
    private static final Set<String> OF_ADMINISTRATORS =
            Set.of("/add-provider", "/remove-provider", "/increase-capacity", "/decrease-capacity");

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final PromiseDomain domain = new PromiseDomain(test);

    private final Map<String, String> said = new HashMap<>();

    @Test
    void every_example_runs_and_every_intent_has_one() throws IOException {
        var tomorrow = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(24, ChronoUnit.HOURS);
        said.put("NOW", Instant.now().toString());
        said.put("START", tomorrow.toString());
        said.put("END", tomorrow.plus(2, ChronoUnit.HOURS).toString());
        said.put("LATER", tomorrow.plus(4, ChronoUnit.HOURS).toString());
        var examples = EXAMPLE.matcher(Files.readString(PAGE)).results().toList();
        var shown = new TreeSet<String>();
        for (var example : examples) {
            run(example);
            shown.add(example.group(2).substring(1));
        }
        var intents =
                domain.promise.mounts().stream().map(mount -> mount.first()).toList();
        assertThat(shown)
                .containsAll(intents.stream()
                        .filter(name ->
                                !List.of("restjson", "capacity", "reservation").contains(name))
                        .toList());
    }

    private void run(MatchResult example) {
        var path = example.group(2);
        boolean admin = OF_ADMINISTRATORS.contains(path) || example.group(1).equals("PUT");
        var body = SAID.matcher(example.group(3)).replaceAll(word -> said.get(word.group(1)));
        for (var word : List.of("NOW", "START", "END", "LATER")) {
            body = body.replace("\"" + word + "\"", "\"" + said.get(word) + "\"");
        }
        var reply = domain.send(admin ? domain.admin : ALICE, example.group(1), path, body);
        assertThat(reply.status()).as(path + ": " + reply.text()).isIn(200, 201);
        assertThat(reply.get("result").asString("ok"))
                .as(path + " " + body + ": " + reply.text())
                .isEqualTo("ok");
        ((ObjectNode) reply.json())
                .properties().stream()
                        .filter(field -> field.getKey().endsWith("-id"))
                        .forEach(field ->
                                said.put(field.getKey(), field.getValue().asString("")));
        if (path.equals("/create-reservation")) {
            domain.waitFor(
                    "the reservation to be kept",
                    () -> !domain.get(ALICE, PromiseDomain.ROOT + "promise/reservations/" + said.get("reservation-id"))
                            .get("status")
                            .asString("")
                            .matches("initialized|starting"));
        }
    }
}
