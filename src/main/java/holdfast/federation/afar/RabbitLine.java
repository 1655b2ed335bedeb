package holdfast.federation.afar;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultSaslConfig;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A line to a RabbitMQ by AMQP 0-9-1 (fluidos.md 5.8): by TLS, known by a certificate; on this machine also in clear,
/// by a password.
public final class RabbitLine implements Line {
    private static final Logger LOG = LoggerFactory.getLogger(RabbitLine.class);
    private static final int CONNECT_MILLIS = 3_000;
    private static final int SHAKE_HANDS_MILLIS = 10_000;
    private static final int HEARTBEAT_SECONDS = 5;
    private static final int LARGEST = 1 << 16;
    /// Taken, and not yet acknowledged.
    private static final int AT_ONCE = 50;

    private final Connection connection;
    private final Channel out;
    private volatile boolean lost;

    private RabbitLine(Connection connection, Channel out) {
        this.connection = connection;
        this.out = out;
    }

    /// @param address such as `amqps://broker.example:5671/`
    /// @param name as whom, as the certificate says it
    /// @param tls what proves that, and whom to believe; needed for `amqps`
    /// @param password for `amqp`
    public static Opening to(URI address, String name, Optional<SSLContext> tls, Optional<String> password) {
        var factory = new ConnectionFactory();
        tls.ifPresentOrElse(
                context -> {
                    factory.useSslProtocol(context);
                    factory.enableHostnameVerification();
                    factory.setSaslConfig(DefaultSaslConfig.EXTERNAL);
                },
                () -> factory.setPassword(password.orElse("")));
        factory.setUsername(name);
        var path = Optional.ofNullable(address.getPath()).orElse("");
        factory.setVirtualHost(path.length() < 2 ? "/" : path.substring(1));
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(CONNECT_MILLIS);
        factory.setHandshakeTimeout(SHAKE_HANDS_MILLIS);
        factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
        factory.setMaxInboundMessageBodySize(LARGEST);
        factory.setExceptionHandler(new Quiet());
        factory.setThreadFactory(Thread.ofPlatform().daemon().name("afar-", 0).factory());
        int port = address.getPort() < 0 ? ConnectionFactory.USE_DEFAULT_PORT : address.getPort();
        var where = new Address(address.getHost(), port);
        return () -> open(factory, where);
    }

    private static RabbitLine open(ConnectionFactory factory, Address where) throws IOException {
        try {
            var connection = factory.newConnection(List.of(where), "holdfast");
            try {
                return new RabbitLine(connection, channel(connection));
            } catch (IOException | RuntimeException e) {
                connection.abort(CONNECT_MILLIS);
                throw e;
            }
        } catch (TimeoutException e) {
            throw new IOException("the broker does not answer in time", e);
        }
    }

    private static Channel channel(Connection connection) throws IOException {
        return connection.openChannel().orElseThrow(() -> new IOException("the broker gives no channel"));
    }

    /// What goes wrong is told by who uses it, once.
    private static final class Quiet extends ForgivingExceptionHandler {
        @Override
        protected void log(String message, Throwable why) {
            LOG.debug("{}", message, why);
        }
    }

    @Override
    public void say(String exchange, String user, Duration ttl, byte[] body) throws IOException {
        var properties = new BasicProperties.Builder()
                .userId(user)
                .contentType("application/json")
                .expiration(Long.toString(ttl.toMillis()))
                .build();
        out.basicPublish(exchange, "", properties, body);
    }

    @Override
    public void hear(String queue, Consumer<byte[]> ear) throws IOException {
        var in = channel(connection);
        in.basicQos(AT_ONCE);
        in.addShutdownListener(_ -> lost = true);
        in.basicConsume(
                queue,
                false,
                (_, delivery) -> {
                    ear.accept(delivery.getBody());
                    in.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                },
                _ -> lost = true);
    }

    @Override
    public boolean isOpen() {
        return !lost && out.isOpen();
    }

    @Override
    public void close() {
        connection.abort(CONNECT_MILLIS);
    }
}
