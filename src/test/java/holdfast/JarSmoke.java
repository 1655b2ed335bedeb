package holdfast;

import static holdfast.db.Tables.JOURNAL;
import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.authority.Cloud;
import holdfast.cli.Cli;
import holdfast.drivers.kubernetes.KubernetesFabric;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Database;
import holdfast.platform.EmbeddedPostgres;
import holdfast.platform.Logging;
import holdfast.platform.Platform;
import holdfast.platform.PrivateFiles;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Run against the one jar: what works from a class path may not when all libraries are joined into one file, because
/// services, migrations and binaries are found by their names in it.
final class JarSmoke {
    private JarSmoke() {}

    public static void main(String[] args) throws IOException {
        Logging.bridge();
        if (!Main.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath()
                .endsWith("holdfast.jar")) throw new IllegalStateException("this is to be run on the jar");
        if (Cli.run(Main.wiring(), "--version") != 0) throw new IllegalStateException("command line");
        if (!LoggerFactory.getILoggerFactory().getClass().getName().startsWith("ch.qos.logback"))
            throw new IllegalStateException("no logging");
        database();
        http();
        kubernetes();
        System.out.println("ok");
        System.exit(0);
    }

    private static void database() throws IOException {
        var directory = Files.createTempDirectory("holdfast-smoke-");
        try (var postgres = EmbeddedPostgres.start(directory, EmbeddedPostgres.Options.forTests());
                var database = Database.open(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
            int rows = database.<Integer>inTransaction(tx -> tx.sql().fetchCount(JOURNAL));
            if (rows != 0) throw new IllegalStateException("rows: " + rows);
        } finally {
            PrivateFiles.deleteTree(directory);
        }
    }

    /// Its client finds its HTTP by its name; nobody is there to answer.
    private static void kubernetes() {
        var kubeconfig = """
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]
                users: [{name: u, user: {token: t}}]
                """;
        try (var fabric = KubernetesFabric.of(
                        kubeconfig, KubernetesFabric.LIQO, CallbackPolicy.opening(List.of()), Platform.real())
                .orThrow()) {
            if (!(fabric.nodes() instanceof Cloud.Look.Away)) throw new IllegalStateException("who answers?");
        }
    }

    private static void http() throws IOException {
        var json = JsonMapper.builder().build();
        var server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.get(
                        "/",
                        (request, response) -> response.send(json.writeValueAsString(
                                YAMLMapper.builder().build().readValue("name: smoke", Map.class)))))
                .build()
                .start();
        try {
            var url = URI.create("http://127.0.0.1:" + server.port() + "/").toURL();
            String answer;
            try (var in = url.openStream()) {
                answer = new String(in.readAllBytes(), UTF_8);
            }
            if (!answer.equals("{\"name\":\"smoke\"}")) throw new IllegalStateException(answer);
        } finally {
            server.stop();
        }
    }
}
