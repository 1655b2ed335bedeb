package holdfast.drivers.openstack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import holdfast.federation.afar.Line;
import holdfast.federation.afar.RabbitLine;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// The line over which nodes find each other afar, to the RabbitMQ of a real OpenStack (fluidos.md 5.8).
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabLineTest {
    private static final String EXCHANGE = "holdfast-test-announcements";
    private static final String QUEUE = "holdfast-test-bay";
    private static final Duration TTL = Duration.ofSeconds(30);

    private Lab lab;
    private Connection connection;
    private Channel channel;

    @BeforeAll
    void come_in() throws Exception {
        lab = Lab.open();
        var factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(lab.bus());
        factory.setUsername("lab");
        factory.setPassword(lab.password());
        connection = factory.newConnection("a test");
        channel = connection.createChannel();
        channel.exchangeDeclare(EXCHANGE, BuiltinExchangeType.FANOUT, false, true, null);
    }

    @AfterAll
    void leave() throws Exception {
        if (connection != null) connection.close();
        if (lab != null) lab.close();
    }

    private Line line(String password) throws IOException {
        return RabbitLine.to(
                        URI.create("amqp://127.0.0.1:" + lab.bus() + "/"),
                        "lab",
                        Optional.empty(),
                        Optional.of(password))
                .open();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return Optional.ofNullable(queue.poll(60, TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("waited in vain"));
    }

    @Test
    void what_is_said_says_who_said_it_and_for_how_long_it_counts() throws Exception {
        var came = new LinkedBlockingQueue<BasicProperties>();
        var queue = channel.queueDeclare().getQueue();
        channel.queueBind(queue, EXCHANGE, "");
        channel.basicConsume(queue, true, (_, delivery) -> came.add(delivery.getProperties()), _ -> {});
        try (var line = line(lab.password())) {
            line.say(EXCHANGE, "lab", TTL, "{}".getBytes(UTF_8));
            assertThat(next(came).getUserId()).isEqualTo("lab");
            line.say(EXCHANGE, "lab", TTL, "{}".getBytes(UTF_8));
            assertThat(next(came).getExpiration()).isEqualTo("30000");
        }
    }

    @Test
    void what_comes_is_heard_until_there_is_no_queue_any_more() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        channel.queueDeclare(QUEUE, false, false, true, null);
        try (var line = line(lab.password())) {
            line.hear(QUEUE, body -> heard.add(new String(body, UTF_8)));
            channel.basicPublish("", QUEUE, null, "for bay".getBytes(UTF_8));
            assertThat(next(heard)).isEqualTo("for bay");
            assertThat(line.isOpen()).isTrue();
            channel.queueDelete(QUEUE);
            for (int tries = 0; tries < 2_000 && line.isOpen(); tries++) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(line.isOpen()).as("it must be opened anew").isFalse();
        }
    }

    @Test
    void who_is_not_known_there_gets_no_line() {
        assertThatThrownBy(() -> line("Tr0ub4dor")).isInstanceOf(IOException.class);
    }
}
