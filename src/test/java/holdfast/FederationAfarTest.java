package holdfast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import holdfast.authority.Bus;
import holdfast.authority.Cloud;
import holdfast.drivers.openstack.Account;
import holdfast.drivers.openstack.Limits;
import holdfast.drivers.openstack.OpenStack;
import holdfast.federation.afar.Line;
import holdfast.platform.KeystoneCredentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How nodes find each other afar, as it is written in the settings, over a real RabbitMQ that knows them by their
/// certificates (fluidos.md 5.8); and what a cloud tells by one. Skipped where none is installed.
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FederationAfarTest {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final String ANNOUNCEMENTS = "announcements_exchange";

    private static final Account NOBODY = new Account(
            new KeystoneCredentials(URI.create("http://127.0.0.1:1/v3"), "nobody", "Default", "", "none", "Default"),
            Optional.empty());

    @TempDir
    static Path folder;

    private RabbitServer server;
    private Connection router;
    private Channel channel;

    @BeforeAll
    void start() throws Exception {
        boolean there = RabbitServer.installed().isPresent();
        if (!there) System.out.println("SKIPPED: there is no RabbitMQ (Debian: apt install rabbitmq-server)");
        assumeTrue(there);
        server = new RabbitServer(folder, "bay", "alps");
        router = server.router();
        channel = router.createChannel();
    }

    @AfterAll
    void stop() throws Exception {
        if (router != null) router.close();
        if (server != null) server.close();
    }

    private Line.Opening line(String name, String certificate) {
        var settings = new FederationAfar(
                Optional.of("amqps://127.0.0.1:" + server.secure + "/"),
                Optional.of(name),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(server.certificate(certificate).toString()),
                Optional.empty());
        return settings.line(Optional.of(RabbitServer.PASSWORD));
    }

    private BlockingQueue<Delivery> heard(String queue) throws IOException {
        var heard = new LinkedBlockingQueue<Delivery>();
        channel.basicConsume(queue, true, (_, delivery) -> heard.add(delivery), _ -> {});
        return heard;
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return Optional.ofNullable(queue.poll(60, TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("waited in vain"));
    }

    private static void isLost(Line line) throws InterruptedException {
        for (int tries = 0; tries < 3_000 && line.isOpen(); tries++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(line.isOpen()).as("it must be opened anew").isFalse();
    }

    @Test
    void what_is_said_says_who_by_its_certificate_and_for_how_long_it_counts() throws Exception {
        var heard = heard("announcements_queue");
        try (var line = line("bay", "bay").open()) {
            line.say(ANNOUNCEMENTS, "bay", TTL, "{}".getBytes(UTF_8));
            var came = next(heard);
            assertThat(came.getProperties().getUserId()).isEqualTo("bay");
            assertThat(came.getProperties().getExpiration()).isEqualTo("30000");
            assertThat(new String(came.getBody(), UTF_8)).isEqualTo("{}");
        }
    }

    @Test
    void who_speaks_in_the_name_of_another_or_hears_what_is_for_another_loses_the_line() throws Exception {
        try (var line = line("bay", "bay").open()) {
            line.say(ANNOUNCEMENTS, "alps", TTL, "{}".getBytes(UTF_8));
            isLost(line);
        }
        try (var line = line("bay", "bay").open()) {
            assertThatThrownBy(() -> line.hear("alps", _ -> {})).isInstanceOf(IOException.class);
        }
    }

    @Test
    void what_is_routed_to_a_node_is_heard_until_its_queue_is_gone() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        try (var line = line("alps", "alps").open()) {
            line.hear("alps", body -> heard.add(new String(body, UTF_8)));
            channel.basicPublish("routing_exchange", "bay.alps", new BasicProperties(), "for both".getBytes(UTF_8));
            assertThat(next(heard)).isEqualTo("for both");
            assertThat(line.isOpen()).isTrue();
            channel.queueDelete("alps");
            isLost(line);
        }
    }

    @Test
    void who_is_not_known_there_or_does_not_know_it_gets_no_line() {
        assertThatThrownBy(() -> line("stranger", "stranger").open()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> line("bay", "unbelieving").open())
                .as("does not believe it")
                .isInstanceOf(IOException.class);
    }

    /// The notifications of a cloud (promise.md 4.6), whose bus is such a server as well.
    @Test
    void a_bus_of_a_cloud_is_heard_by_tls_if_its_certificate_is_believed() throws Exception {
        var states = new LinkedBlockingQueue<Optional<String>>();
        var changes = new LinkedBlockingQueue<String>();
        var ear = new Cloud.Ear() {
            @Override
            public void changed(String what) {
                changes.add(what);
            }

            @Override
            public void hears(Optional<String> trouble) {
                states.add(trouble);
            }
        };
        channel.exchangeDeclare("nova", "topic");
        var usual = SSLContext.getDefault();
        try (var cloud = new OpenStack(new UUID(0, 1), NOBODY, Limits.STANDARD, Instant::now)) {
            var bus = Bus.of("amqps://router@127.0.0.1:" + server.secure + "/", Bus.TOPICS)
                    .orThrow();
            try (var _ = cloud.listen(bus, Optional.of(RabbitServer.PASSWORD), ear)) {
                assertThat(next(states).orElseThrow()).contains("the bus cannot be heard", "PKIX");
            }
            SSLContext.setDefault(server.believing());
            try (var _ = cloud.listen(bus, Optional.of(RabbitServer.PASSWORD), ear)) {
                assertThat(next(states)).isEmpty();
                var told = "{\"event_type\": \"compute.instance.delete.end\", \"payload\": {\"instance_id\": \"x\"}}";
                channel.basicPublish("nova", "notifications.info", null, told.getBytes(UTF_8));
                assertThat(next(changes)).isEqualTo("compute.instance.delete.end x");
            }
        } finally {
            SSLContext.setDefault(usual);
        }
    }
}
