package holdfast.drivers.openstack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import holdfast.authority.Bus;
import holdfast.drivers.openstack.BusListenerTest.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// On the bus (RabbitMQ) of a real OpenStack. Anybody may write to it, so what is heard is written here as well.
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabBusTest {
    private Lab lab;
    private Relay relay;
    private Connection connection;
    private Channel channel;
    private final Told told = new Told();

    @BeforeAll
    void come_in() throws Exception {
        lab = Lab.open();
        relay = new Relay(lab.bus());
        var factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(lab.bus());
        factory.setUsername("lab");
        factory.setPassword(lab.password());
        connection = factory.newConnection("a test");
        channel = connection.createChannel();
    }

    @AfterAll
    void leave() throws Exception {
        if (connection != null) connection.close();
        if (relay != null) relay.close();
        if (lab != null) lab.close();
    }

    private BusListener listener(String user, String password, List<String> topics) {
        var bus = Bus.of("amqp://" + user + "@127.0.0.1:" + relay.port() + "/", topics)
                .orThrow();
        return new BusListener(bus, Optional.of(password), told, Duration.ofMillis(50));
    }

    private BusListener listener() {
        return listener("lab", lab.password(), Bus.TOPICS);
    }

    private void say(String key, byte[] body) throws IOException {
        channel.basicPublish("nova", key, null, body);
    }

    private void say(String id) throws IOException {
        say(
                "notifications.info",
                "{\"event_type\": \"compute.instance.delete.end\", \"payload\": {\"instance_id\": \"%s\"}}"
                        .formatted(id)
                        .getBytes(UTF_8));
    }

    private void untilHeard(String id) throws InterruptedException {
        while (!Told.next(told.changes).endsWith(" " + id)) {
            // others use the bus, too
        }
    }

    @Test
    void what_is_said_is_heard_and_again_after_the_line_was_cut() throws Exception {
        try (var _ = listener()) {
            assertThat(Told.next(told.states)).isEmpty();
            say("first");
            untilHeard("first");
            relay.cut();
            assertThat(Told.next(told.states)).hasValue("the connection is lost");
            assertThat(Told.next(told.states)).isEmpty();
            say("second");
            untilHeard("second");
        }
    }

    @Test
    void garbage_and_what_is_too_large_do_not_end_the_hearing() throws Exception {
        try (var _ = listener()) {
            assertThat(Told.next(told.states)).isEmpty();
            for (var garbage : List.of("", "null", "{", "{\"oslo.message\": \"[[\"}")) {
                say("notifications.error", garbage.getBytes(UTF_8));
            }
            say("after-garbage");
            untilHeard("after-garbage");
            say("notifications.info", new byte[2 << 20]);
            assertThat(Told.next(told.states).orElseThrow()).isNotEmpty(); // hangs up, and comes back
            assertThat(Told.next(told.states)).isEmpty();
            say("after-too-much");
            untilHeard("after-too-much");
        }
    }

    @Test
    void only_topics_that_were_named_are_heard() throws Exception {
        try (var _ = listener("lab", lab.password(), List.of("holdfast"))) {
            assertThat(Told.next(told.states)).isEmpty();
            say("not-for-us");
            say("holdfast.info", "{\"event_type\": \"volume.delete.end\"}".getBytes(UTF_8));
            assertThat(Told.next(told.changes)).isEqualTo("volume.delete.end");
        }
    }

    @Test
    void a_wrong_password_is_told_without_it() throws Exception {
        try (var _ = listener("lab", "Tr0ub4dor", Bus.TOPICS)) {
            assertThat(Told.next(told.states)).hasValue("the bus does not know that user, or that password");
        }
    }
}
