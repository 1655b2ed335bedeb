package holdfast.drivers.openstack;

import holdfast.drivers.openstack.Wire.Asked;
import holdfast.drivers.openstack.Wire.Peer;
import holdfast.drivers.openstack.Wire.Told;
import holdfast.platform.WebClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/// The real OpenStack that `openstack/up` brings up, or a loud skip where it is not up.
///
/// As a peer it is all of its services behind one address: `/0` is the first of its ports, and so on.
final class Lab implements Peer, AutoCloseable {
    private static final Pattern SETTING = Pattern.compile("(OS_AUTH_URL|OS_PASSWORD)=(\\S+)");
    private static final Pattern PATH = Pattern.compile("/(\\d+)(.*)");

    private final int port;
    private final String password;
    private final FileLock lock;
    private final WebClient web = new WebClient(Duration.ofSeconds(3), 32 << 20);

    private Lab(int port, String password, FileLock lock) {
        this.port = port;
        this.password = password;
        this.lock = lock;
    }

    String password() {
        return password;
    }

    /// The port of its message bus, whose user is `lab`.
    int bus() {
        return port + 7;
    }

    /// Waits until no other test uses it.
    static Lab open() {
        var state = Optional.ofNullable(System.getenv("HOLDFAST_OPENSTACK"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("holdfast.root", "."), "var", "openstack"));
        try {
            var settings = Files.exists(state.resolve("openrc")) ? settings(state) : Map.<String, String>of();
            int port = URI.create(settings.getOrDefault("OS_AUTH_URL", "http://x:0"))
                    .getPort();
            if (port == 0 || !listens(port)) {
                System.err.println("SKIPPED: no test ran with a real OpenStack. There is none up in " + state
                        + ". Mend it with: openstack/up, or ./check --with-openstack");
                Assumptions.abort("no OpenStack is up; mend it with: openstack/up");
            }
            if (!Files.readString(state.resolve("etc/nova.conf")).contains("HoldfastFilter")) {
                System.err.println("SKIPPED: the OpenStack in " + state + " keeps nobody off what is held."
                        + " Mend it with: openstack/down --wipe; openstack/up");
                Assumptions.abort("the OpenStack that is up is an older one");
            }
            @SuppressWarnings("resource")
            var file = FileChannel.open(state.resolve(".tests"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new Lab(port, settings.get("OS_PASSWORD"), file.lock());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> settings(Path state) throws IOException {
        var found = new TreeMap<String, String>();
        var words = SETTING.matcher(Files.readString(state.resolve("openrc")));
        while (words.find()) found.put(words.group(1), words.group(2));
        return found;
    }

    private static boolean listens(int port) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public Optional<Told> answer(Asked asked) {
        var path = PATH.matcher(asked.path());
        if (!path.matches()) return Optional.of(Told.json(404, "{}"));
        var url = URI.create("http://127.0.0.1:" + (port + Integer.parseInt(path.group(1))) + path.group(2));
        var headers = new TreeMap<>(asked.headers());
        headers.keySet().retainAll(java.util.Set.of("x-auth-token", "openstack-api-version", "content-type"));
        var body = Optional.of(asked.body()).filter(text -> !text.isBlank());
        try {
            var got = web.call(new WebClient.Call(asked.method(), url, headers, body), Duration.ofSeconds(60));
            return Optional.of(new Told(got.status(), kept(got), here(got.text())));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Map<String, String> kept(WebClient.Answer got) {
        var headers = new TreeMap<>(got.headers());
        headers.keySet().retainAll(java.util.Set.of("x-subject-token", "retry-after", "content-type"));
        return headers;
    }

    private String here(String text) {
        var found = text;
        for (int n = 0; n <= 5; n++) found = found.replace("http://127.0.0.1:" + (port + n), Wire.HERE + "/" + n);
        return found;
    }

    @Override
    public void close() {
        web.close();
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
