package holdfast;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import holdfast.platform.Json;
import holdfast.platform.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A RabbitMQ of a test, where that is installed (Debian: `rabbitmq-server`), set up as the one over which nodes of
/// FLUIDOS find each other (fluidos.md 5.8). By TLS it knows who has a certificate that it believes, by the common name
/// in it; by a password the user `router`, who may do everything.
final class RabbitServer implements AutoCloseable {
    static final String PASSWORD = "not secret";
    private static final Path ALL = Path.of("/usr/lib/rabbitmq/lib");

    private final Path folder;
    private final int clear = Ports.free();
    final int secure = Ports.free();
    private final List<Process> processes = new ArrayList<>();

    /// @param nodes that are known, each with a queue of its name; [#certificate] is there for each, and for
    ///     `stranger` and `unbelieving`
    RabbitServer(Path folder, String... nodes) throws Exception {
        this.folder = folder;
        for (var authority : List.of("authority", "nobody")) {
            generate(authority, "-ext", "bc:c");
            keytool(authority, "-exportcert", "-rfc", "-alias", authority, "-file", file(authority + ".crt"));
        }
        for (var name : nodes) {
            certify(name, "authority");
        }
        certify("broker", "authority");
        certify("stranger", "nobody");
        keytool("stranger", "-importcert", "-noprompt", "-alias", "broker's", "-file", file("authority.crt"));
        keytool("unbelieving", "-importkeystore", "-srckeystore", file("bay.p12"), "-srcstorepass", PASSWORD);
        keytool("unbelieving", "-delete", "-alias", "authority");
        pem();
        configure(nodes);
        run();
    }

    /// Where its parts are; empty if it is not installed.
    static Optional<Path> installed() throws IOException {
        if (!Files.isDirectory(ALL)) return Optional.empty();
        try (var versions = Files.list(ALL)) {
            return versions.map(version -> version.resolve("sbin/rabbitmq-server"))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }

    /// PKCS#12 file of a node: its certificate and key, and the certificate of this server.
    Path certificate(String node) {
        return folder.resolve(node + ".p12");
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void generate(String name, String... more) throws Exception {
        var command = new ArrayList<>(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name, "-keyalg", "EC"));
        command.addAll(List.of(more));
        keytool(name, command.toArray(String[]::new));
    }

    private void certify(String name, String authority) throws Exception {
        generate(name);
        keytool(name, "-certreq", "-alias", name, "-file", file(name + ".csr"));
        keytool(
                authority,
                "-gencert",
                "-rfc",
                "-alias",
                authority,
                "-infile",
                file(name + ".csr"),
                "-outfile",
                file(name + ".crt"),
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost");
        keytool(name, "-importcert", "-noprompt", "-alias", authority, "-file", file(authority + ".crt"));
        keytool(name, "-importcert", "-noprompt", "-alias", name, "-file", file(name + ".crt"));
    }

    private void keytool(String store, String... what) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(what));
        boolean imports = command.contains("-importkeystore");
        command.addAll(List.of(imports ? "-destkeystore" : "-keystore", file(store + ".p12")));
        command.addAll(List.of(imports ? "-deststorepass" : "-storepass", PASSWORD));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) throw new IOException(command + ": " + said);
    }

    /// The key of the server in the form that it reads.
    private void pem() throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance(certificate("broker").toFile(), PASSWORD.toCharArray());
        var key = keys.getKey("broker", PASSWORD.toCharArray()).getEncoded();
        var encoded = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(key);
        Files.writeString(
                folder.resolve("broker.key"),
                "-----BEGIN PRIVATE KEY-----\n" + encoded + "\n-----END PRIVATE KEY-----\n");
    }

    private void configure(String... nodes) throws IOException {
        Files.writeString(folder.resolve("rabbitmq.conf"), """
                listeners.tcp.1 = 127.0.0.1:%d
                listeners.ssl.1 = 127.0.0.1:%d
                ssl_options.cacertfile = %3$s/authority.crt
                ssl_options.certfile = %3$s/broker.crt
                ssl_options.keyfile = %3$s/broker.key
                ssl_options.verify = verify_peer
                ssl_options.fail_if_no_peer_cert = false
                ssl_cert_login_from = common_name
                auth_mechanisms.1 = EXTERNAL
                auth_mechanisms.2 = PLAIN
                load_definitions = %3$s/definitions.json
                """.formatted(clear, secure, folder));
        Files.writeString(folder.resolve("definitions.json"), Json.text(definitions(nodes)));
        Files.writeString(folder.resolve("plugins"), "[rabbitmq_auth_mechanism_ssl].");
        Files.createDirectories(folder.resolve("home"));
    }

    /// A node may write to two exchanges and read its own queue.
    private static JsonNode definitions(String... nodes) {
        var all = Json.object();
        all.putArray("vhosts").addObject().put("name", "/");
        all.putArray("users")
                .addObject()
                .put("name", "router")
                .put("password", PASSWORD)
                .put("tags", "");
        var rights = all.putArray("permissions");
        right(rights.addObject(), "router", ".*", ".*");
        for (var name : List.of("announcements", "rules")) {
            exchange(all, name, "fanout");
            queue(all, name + "_queue");
            bind(all, name, name + "_queue", "");
        }
        exchange(all, "routing", "topic");
        for (var node : nodes) {
            all.withArray("users")
                    .addObject()
                    .put("name", node)
                    .put("password_hash", "")
                    .put("tags", "");
            right(rights.addObject(), node, "(announcements|rules)_exchange", node);
            queue(all, node);
            bind(all, "routing", node, "#." + node + ".#");
        }
        return all;
    }

    private static void right(ObjectNode right, String who, String write, String read) {
        right.put("user", who).put("vhost", "/").put("configure", who.equals("router") ? ".*" : "");
        right.put("write", "^" + write + "$").put("read", "^" + read + "$");
    }

    private static void exchange(ObjectNode all, String name, String type) {
        all.withArray("exchanges")
                .addObject()
                .put("vhost", "/")
                .put("name", name + "_exchange")
                .put("type", type)
                .put("durable", true)
                .put("auto_delete", false)
                .put("internal", false)
                .putObject("arguments");
    }

    private static void queue(ObjectNode all, String name) {
        all.withArray("queues")
                .addObject()
                .put("vhost", "/")
                .put("name", name)
                .put("durable", true)
                .put("auto_delete", false)
                .putObject("arguments");
    }

    private static void bind(ObjectNode all, String exchange, String queue, String key) {
        all.withArray("bindings")
                .addObject()
                .put("vhost", "/")
                .put("source", exchange + "_exchange")
                .put("destination", queue)
                .put("destination_type", "queue")
                .put("routing_key", key)
                .putObject("arguments");
    }

    private void run() throws Exception {
        var sbin = installed().orElseThrow().getParent();
        int names = Ports.free();
        var about = Map.of(
                "HOME", folder.resolve("home").toString(),
                "ERL_EPMD_PORT", Integer.toString(names),
                "ERL_EPMD_ADDRESS", "127.0.0.1",
                "RABBITMQ_NODENAME", "test" + clear + "@localhost",
                "RABBITMQ_DIST_PORT", Integer.toString(Ports.free()),
                "RABBITMQ_MNESIA_BASE", folder.resolve("data").toString(),
                "RABBITMQ_LOG_BASE", folder.resolve("log").toString(),
                "RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq.conf").toString(),
                "RABBITMQ_CONF_ENV_FILE", "/dev/null",
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString());
        processes.add(start(about, "epmd", "-port", Integer.toString(names), "-address", "127.0.0.1"));
        processes.add(start(about, sbin.resolve("rabbitmq-server").toString()));
        while (true) {
            try {
                router().close();
                return;
            } catch (IOException e) {
                if (processes.getLast().waitFor(200, TimeUnit.MILLISECONDS)) {
                    throw new AssertionError(Files.readString(folder.resolve("said")), e);
                }
            }
        }
    }

    private Process start(Map<String, String> about, String... command) throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("said").toFile()));
        builder.environment().putAll(about);
        return builder.start();
    }

    /// For who believes this server as only its nodes do.
    SSLContext believing() throws IOException, GeneralSecurityException {
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(certificate("broker").toFile(), PASSWORD.toCharArray()));
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /// Who may do everything.
    Connection router() throws IOException, TimeoutException {
        var factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(clear);
        factory.setUsername("router");
        factory.setPassword(PASSWORD);
        return factory.newConnection();
    }

    @Override
    public void close() {
        for (var process : processes.reversed()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }
}
