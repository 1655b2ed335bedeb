package holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The clients of Apache Deltacloud in Ruby and in Java, unchanged, and a pool over two simulated clouds. Skipped
/// without `HOLDFAST_DELTACLOUD_SUITE`.
final class DeltacloudClientsTest {
    private static final String JAVA_CLIENT = "clients/java/org.apache.deltacloud.client/src";
    /// What of javax.xml.bind the client in Java names; Java had it until version 10.
    private static final Map<String, String> ANNOTATIONS =
            Map.of("XmlAttribute", "", "XmlElement", "String name() default \"\";", "XmlList", "", "XmlType", "");

    private final RubySuite suite = RubySuite.open();

    @AutoClose
    private final CloudBrokerLab lab = new CloudBrokerLab();

    /// Called as what the tests of the client expect of a server whose driver is `mock`.
    @BeforeEach
    void what_is_there() {
        var type = lab.type("Simulated", "simulated", "simulated");
        var us = lab.account(type, "us", "http://us.example/", "ann", "secret");
        var eu = lab.account(type, "eu", "http://eu.example/", "ann", "secret");
        Stream.of("m1-small", "m1-large").forEach(name -> lab.profile(name, 512));
        Stream.of("img1", "img2", "img3").forEach(name -> lab.image(name, Map.of(us, "image-1", eu, "image-1")));
        Stream.of("us", "eu").forEach(this::realm);
    }

    /// A realm that is the provider of the same name.
    private void realm(String name) {
        var provider = lab.get("/broker/providers")
                .path("providers")
                .valueStream()
                .filter(one -> one.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
        var realm = lab.post("/broker/frontend_realms", "{\"frontend_realm\": {\"name\": \"%s\"}}".formatted(name))
                .at("/frontend_realm/id")
                .asString();
        lab.post(
                "/broker/frontend_realms/" + realm + "/mappings",
                "{\"mapping\": {\"provider\": {\"id\": \"%s\"}}}"
                        .formatted(provider.path("id").asString()));
    }

    @Test
    void the_client_in_ruby_lists_makes_stops_and_destroys() {
        var ended = suite.ruby(
                Duration.ofMinutes(2),
                Map.of("API_URL", lab.url("/api")),
                "-W0",
                "-I",
                suite.checkout().resolve("client/lib").toString(),
                suite.own("client.rb").toString());
        assertThat(ended).isEqualTo(new RubySuite.Ended(0, """
                broker of any, eu, us with img1, img2, img3
                walker is RUNNING at eu of img1 as m1-large
                STOPPED, RUNNING, RUNNING, STOPPED
                destroyed: true, NotFound
                m1-none: ClientFailure
                """));
    }

    @Test
    void the_client_in_java_lists_makes_stops_and_destroys(@TempDir Path work) throws Exception {
        assertThat(javaWalk(work)).isEqualTo("""
                [any, eu, us] [img1, img2, img3] [m1-large, m1-small]
                walker is RUNNING at eu of img1 as m1-large
                STOPPED, RUNNING, RUNNING, STOPPED
                destroyed, DeltaCloudNotFoundClientException
                """);
    }

    private String javaWalk(Path work) throws Exception {
        var sources = new ArrayList<Path>();
        var bind = Files.createDirectories(work.resolve("javax/xml/bind/annotation"));
        for (var annotation : ANNOTATIONS.entrySet()) {
            var text = "package javax.xml.bind.annotation; public @interface %s { %s }"
                    .formatted(annotation.getKey(), annotation.getValue());
            sources.add(Files.writeString(bind.resolve(annotation.getKey() + ".java"), text));
        }
        sources.add(suite.own("JavaWalk.java"));
        try (var theirs = Files.walk(suite.checkout().resolve(JAVA_CLIENT))) {
            theirs.filter(path -> path.toString().endsWith(".java")).forEach(sources::add);
        }
        compile(work, sources);
        try (var loader = new URLClassLoader(new URL[] {work.toUri().toURL()})) {
            var walk = loader.loadClass("JavaWalk").getMethod("walk", String.class, String.class, String.class);
            return (String) walk.invoke(null, lab.url(""), CloudBrokerLab.MOCK_USER, CloudBrokerLab.MOCK_PASSWORD);
        }
    }

    private static void compile(Path work, List<Path> sources) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            var task = compiler.getTask(
                    said,
                    files,
                    null,
                    List.of("-d", work.toString(), "-nowarn", "-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(sources));
            assertThat(task.call()).as(said.toString()).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The tests of the client in Ruby, of what is there in a pool: they are played from records else.
    @TestFactory
    Stream<DynamicNode> the_tests_of_the_client_in_ruby_pass() {
        return Stream.of(
                        "methods/hardware_profile",
                        "methods/image",
                        "methods/instance",
                        "methods/instance_state",
                        "methods/realm",
                        "models/image",
                        "client/connection")
                .map(name -> suite.tests(
                        "client/tests/" + name + "_test.rb",
                        "api_url: " + lab.url("/api"),
                        "-r",
                        suite.own("client-tests.rb").toString()));
    }
}
