package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The generic client of others, as it is. It is no part of this product: where the variable `HOLDFAST_GDAPI` does not
/// name its file `gdapi.py`, or `python3` cannot run it, this is skipped and says so.
@Timeout(300)
class StockClientTest {
    private static final String VARIABLE = "HOLDFAST_GDAPI";

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(db, SimulatedSettings.PERFECT);

    @TempDir
    private Path scratch;

    @Test
    void the_unmodified_client_makes_lists_changes_and_removes() throws Exception {
        var file = Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of).filter(Files::isRegularFile);
        var home = file.map(Path::toAbsolutePath).map(Path::getParent);
        if (home.isEmpty() || run(home.get(), "-c", "import gdapi").status != 0) {
            var why = "no stock client was run: " + VARIABLE + " does not name a file gdapi.py that python3 can import"
                    + " (it needs the packages requests and six)";
            System.err.println("SKIPPED: " + why);
            Assumptions.abort(why);
        }
        Widgets.declare(domain);
        var key = domain.post(ALICE, "/v1/apikeys", "{}").json();
        Widgets.settled(domain, key);
        try (var script = StockClientTest.class.getResourceAsStream("/holdfast/api/gdapi-life.py")) {
            Files.copy(script, scratch.resolve("life.py"));
        }
        var ran = run(
                home.orElseThrow(),
                scratch.resolve("life.py").toString(),
                domain.server.address() + "/v1",
                key.get("publicValue").stringValue(),
                key.get("secretValue").stringValue());
        assertThat(ran.status).as(ran.text).isZero();
        assertThat(ran.text).isEqualToIgnoringWhitespace("done");
    }

    private record Ran(int status, String text) {}

    private Ran run(Path home, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(arguments));
        var output = Files.createTempFile(scratch, "output", ".txt");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("PYTHONPATH", home.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process python;
        try {
            python = builder.start();
        } catch (IOException e) {
            return new Ran(127, String.valueOf(e.getMessage()));
        }
        try {
            assertThat(python.waitFor(120, TimeUnit.SECONDS)).as("it ends").isTrue();
        } finally {
            python.destroyForcibly();
        }
        return new Ran(python.exitValue(), Files.readString(output, UTF_8));
    }
}
