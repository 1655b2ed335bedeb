package holdfast.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;

/// The stock command line of OpenStack, with the real one that `openstack/up` has brought up.
public final class LabClient implements AutoCloseable {
    private static final Pattern SETTING = Pattern.compile("(OS_AUTH_URL|OS_PASSWORD)=(\\S+)");

    private final Path scratch;
    private final Path state;
    private final Map<String, String> settings;
    private final FileChannel turns;

    private LabClient(Path scratch, Path state, Map<String, String> settings, FileChannel turns) {
        this.scratch = scratch;
        this.state = state;
        this.settings = settings;
        this.turns = turns;
    }

    /// Waits until no other test uses it; a loud skip where none is up.
    ///
    /// @param lost what was not tested then
    public static LabClient open(Path scratch, String lost) {
        var state = Optional.ofNullable(System.getenv("HOLDFAST_OPENSTACK"))
                .map(Path::of)
                .orElse(ServerProcess.ROOT.resolve("var/openstack"));
        try {
            var settings = settings(state.resolve("openrc"));
            if (settings.size() < 2 || !listens(URI.create(settings.get("OS_AUTH_URL")))) {
                throw skip(
                        lost + " There is none up in " + state,
                        "no OpenStack is up; mend it with: openstack/up, or ./check --with-openstack");
            }
            @SuppressWarnings("resource")
            var turns = FileChannel.open(state.resolve(".tests"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            turns.lock();
            return new LabClient(scratch, state, settings, turns);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> settings(Path file) throws IOException {
        var found = new TreeMap<String, String>();
        if (Files.exists(file)) {
            var words = SETTING.matcher(Files.readString(file));
            while (words.find()) found.put(words.group(1), words.group(2));
        }
        return found;
    }

    private static boolean listens(URI url) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Says loudly that something was not tested, and ends the test.
    static RuntimeException skip(String lost, String why) {
        System.err.println("SKIPPED: " + lost + ". " + why);
        return Assumptions.abort(why);
    }

    /// The file that says who an administrator is there.
    Path openrc() {
        return state.resolve("openrc");
    }

    public String keystone() {
        return settings.get("OS_AUTH_URL");
    }

    public String password() {
        return settings.get("OS_PASSWORD");
    }

    /// The address of its message bus, with its user.
    String bus() {
        return "amqp://lab@127.0.0.1:" + (URI.create(keystone()).getPort() + 7) + "/";
    }

    public record Ran(int status, String out, String err) {}

    /// @param user who has a project of the same name
    public Ran run(String user, String... words) throws Exception {
        var err = Files.createTempFile(scratch, "client-", ".err");
        var builder = new ProcessBuilder(
                Stream.concat(Stream.of("openstack"), Stream.of(words)).toList());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("OS_"));
        environment.putAll(settings);
        environment.putAll(Map.of(
                "OS_USERNAME", user,
                "OS_PROJECT_NAME", user,
                "OS_USER_DOMAIN_NAME", "Default",
                "OS_PROJECT_DOMAIN_NAME", "Default",
                "OS_IDENTITY_API_VERSION", "3"));
        var process = builder.redirectError(err.toFile()).start();
        process.getOutputStream().close();
        var out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out, Files.readString(err));
    }

    public String as(String user, String... words) throws Exception {
        var ran = run(user, words);
        assertThat(ran.status).as(ran.out + ran.err).isZero();
        return ran.out;
    }

    public JsonNode json(String user, String... words) throws Exception {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-f", "json"));
        var out = as(user, all.toArray(String[]::new));
        var begin = Stream.of(out.indexOf("{\n"), out.indexOf("[\n"), out.indexOf("[]"))
                .filter(at -> at >= 0)
                .min(Integer::compare);
        return Json.tree(out.substring(begin.orElseThrow()));
    }

    @Override
    public void close() throws IOException {
        turns.close();
    }
}
