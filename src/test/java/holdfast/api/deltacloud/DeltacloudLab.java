package holdfast.api.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.Scratch;
import holdfast.TestDatabase;
import holdfast.api.Credentials;
import holdfast.api.Gate;
import holdfast.api.Keys;
import holdfast.api.Sessions;
import holdfast.api.Tokens;
import holdfast.api.cimi.CimiApi;
import holdfast.engine.Engine;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.CloudTemplates;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.pools.Projects;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;

/// The faces of Deltacloud and CIMI over a pool in memory, behind a real socket. `ann` may do all, `eve` may look only;
/// time stands still.
public final class DeltacloudLab implements AutoCloseable {
    private static final String ANN = "token-of-ann-in-physics";
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final String EVE = "token-of-eve-in-physics";

    private final TestDatabase test = TestDatabase.fresh();
    private final Scratch data = Scratch.directory();
    private final HttpClient client = HttpClient.newHttpClient();
    public final MemoryCloud cloud = new MemoryCloud(Platform.seeded(7, () -> Instant.parse("2031-02-03T10:00:00Z")));
    public final MemoryDeployments deployments = new MemoryDeployments(cloud);
    public final HttpServer server;

    public DeltacloudLab(AccountThings.Finder things) {
        var platform = Platform.real();
        var database = test.database();
        var engine = new Engine(platform, database);
        var resources = engine.resources();
        try {
            Files.writeString(
                    data.path().resolve("tokens.yaml"),
                    "- {name: ann, project: physics, sha256: %s}\n- {name: eve, project: physics, sha256: %s, readOnly: true}\n"
                            .formatted(sha256(ANN), sha256(EVE)));
            var secrets = Secrets.of(new byte[32]);
            var credentials = new Credentials(
                    Tokens.open(data.path(), platform), new Keys(platform, database, resources, secrets));
            var sessions = new Sessions(platform, database, new Projects(resources), secrets, credentials);
            var gate = new Gate(credentials, sessions, Optional.empty());
            var kept = new CloudTemplates(platform, database, engine);
            server = HttpServer.start(
                    HttpServer.Options.standard().withPort(0).withProxies(Set.of(InetAddress.getLoopbackAddress())),
                    Stream.of(
                                    new DeltacloudApi(platform, gate, cloud, things, PATIENCE).mounts(),
                                    new CimiApi(platform, gate, cloud, deployments, things, kept, PATIENCE).mounts())
                            .flatMap(List::stream)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// An answer.
    public record Reply(HttpResponse<byte[]> response) {
        public int status() {
            return response.statusCode();
        }

        public String text() {
            return new String(response.body(), UTF_8);
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public JsonNode json() {
            return Json.tree(text());
        }

        /// What an expression finds in XML, as text.
        public String xml(String expression) {
            try {
                var document = DocumentBuilderFactory.newDefaultInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(text())));
                return XPathFactory.newDefaultInstance().newXPath().evaluate(expression, document);
            } catch (SAXException | ParserConfigurationException | XPathExpressionException | IOException e) {
                throw new AssertionError(text(), e);
            }
        }
    }

    String root() {
        return server.address() + "/api";
    }

    /// A request that can be made more of.
    public final class Call {
        private final HttpRequest.Builder request;

        private Call(String method, String target, BodyPublisher body) {
            var address = target.startsWith("http") ? target : root() + target;
            request = HttpRequest.newBuilder(URI.create(address)).method(method, body);
        }

        public Call with(String header, String value) {
            request.header(header, value);
            return this;
        }

        public Call ann() {
            return basic("ann", ANN);
        }

        public Call eve() {
            return basic("eve", EVE);
        }

        Call basic(String user, String password) {
            return with(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8)));
        }

        public Call xml() {
            return with("Accept", "application/xml");
        }

        public Call json() {
            return with("Accept", "application/json");
        }

        /// Sends its body only when it is asked to go on.
        Call expecting() {
            request.expectContinue(true);
            return this;
        }

        public Reply send() {
            try {
                return new Reply(client.send(request.build(), BodyHandlers.ofByteArray()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    public Call get(String target) {
        return call("GET", target);
    }

    public Call call(String method, String target) {
        return new Call(method, target, BodyPublishers.noBody());
    }

    public Call call(String method, String target, BodyPublisher body) {
        return new Call(method, target, body);
    }

    /// With fields in the body.
    Call post(String target, String form) {
        return new Call("POST", target, BodyPublishers.ofString(form)).with("Content-Type", Fields.FORM);
    }

    /// How many bytes are at an address, which are not kept.
    long bytes(String target) {
        try (var body = client.send(get(target).ann().request.build(), BodyHandlers.ofInputStream())
                .body()) {
            return body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Takes no more than the beginning of what is at an address, and goes.
    public String beginning(Call call, int bytes) {
        try (var body =
                client.send(call.request.build(), BodyHandlers.ofInputStream()).body()) {
            return new String(body.readNBytes(bytes), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Launches one and gives its id.
    public String launched() {
        var reply = post("/instances", "image_id=web-os&name=web-1").ann().xml().send();
        return reply.xml("/instance/@id");
    }

    @Override
    public void close() {
        client.close();
        server.close();
        test.close();
        data.close();
    }
}
