package holdfast.drivers.openstack;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import holdfast.authority.Bus;
import holdfast.authority.Cloud.Ear;
import holdfast.authority.Cloud.Hearing;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens to the notifications on the bus (RabbitMQ) of an OpenStack (promise.md 4.6), with a queue of its own, so
/// that nobody else misses what is heard here. The queue is small and goes away with the connection: what is lost then,
/// or because too much came at once, is found by the next look.
///
/// One loop connects for the first time and ever again. The library could only do the latter.
final class BusListener implements Hearing {
    private static final Logger LOG = LoggerFactory.getLogger(BusListener.class);
    /// To which services tell; those that are there.
    private static final List<String> EXCHANGES = List.of("nova", "neutron", "cinder", "openstack");

    private static final Map<String, Object> SMALL =
            Map.of("x-max-length", 1_000, "x-max-length-bytes", 16 << 20, "x-overflow", "drop-head");
    private static final int LARGEST = 1 << 20;
    /// Taken, and not yet acknowledged.
    private static final int AT_ONCE = 50;

    private static final int LONGEST_REASON = 300;
    private static final int CONNECT_MILLIS = 3_000;
    private static final int SHAKE_HANDS_MILLIS = 10_000;
    private static final int HEARTBEAT_SECONDS = 30;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    /// Between two looks for services that came later.
    private static final Duration BIND_AGAIN = Duration.ofSeconds(60);

    private final Bus bus;
    private final Optional<String> password;
    private final Ear ear;
    private final Duration firstPause;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private Optional<Optional<String>> told = Optional.empty();

    /// Begins to listen.
    ///
    /// @param firstPause after the first failure; doubles each time, up to a minute
    BusListener(Bus bus, Optional<String> password, Ear ear, Duration firstPause) {
        this.bus = bus;
        this.password = password;
        this.ear = ear;
        this.firstPause = firstPause;
        this.thread = Thread.ofVirtual()
                .name("notifications of " + bus.address().getHost())
                .start(this::run);
    }

    private void run() {
        int failures = 0;
        try {
            do {
                failures = listen() ? 0 : failures + 1;
            } while (!closed.await(pause(failures).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private Duration pause(int failures) {
        var pause = firstPause.multipliedBy(1L << Math.clamp(failures - 1L, 0, 16));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /// Until the connection is lost.
    ///
    /// @return whether there was one
    private boolean listen() throws InterruptedException {
        Connection connection;
        try {
            connection = factory().newConnection(List.of(address()), "holdfast");
        } catch (IOException | TimeoutException | GeneralSecurityException | RuntimeException e) {
            tell(Optional.of(reason(e)));
            return false;
        }
        try {
            hear(connection);
            return true;
        } catch (IOException | RuntimeException e) {
            tell(Optional.of(reason(e)));
            return false;
        } finally {
            connection.abort(CONNECT_MILLIS);
        }
    }

    private Address address() {
        var port = bus.address().getPort();
        return new Address(bus.address().getHost(), port < 0 ? ConnectionFactory.USE_DEFAULT_PORT : port);
    }

    private ConnectionFactory factory() throws GeneralSecurityException {
        var factory = new ConnectionFactory();
        if ("amqps".equals(bus.address().getScheme())) {
            factory.useSslProtocol(SSLContext.getDefault());
            factory.enableHostnameVerification();
        }
        var path = Optional.ofNullable(bus.address().getPath()).orElse("");
        factory.setVirtualHost(path.length() < 2 ? "/" : path.substring(1));
        factory.setUsername(bus.address().getUserInfo());
        factory.setPassword(password.orElse(""));
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(CONNECT_MILLIS);
        factory.setHandshakeTimeout(SHAKE_HANDS_MILLIS);
        factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
        factory.setMaxInboundMessageBodySize(LARGEST);
        factory.setExceptionHandler(new Quiet());
        factory.setThreadFactory(Thread.ofPlatform().daemon().name("bus-", 0).factory());
        return factory;
    }

    /// What goes wrong is told by [#tell], once.
    private static final class Quiet extends ForgivingExceptionHandler {
        @Override
        protected void log(String message, Throwable why) {
            LOG.debug("{}", message, why);
        }
    }

    private void hear(Connection connection) throws IOException, InterruptedException {
        var lost = new CountDownLatch(1);
        connection.addShutdownListener(_ -> lost.countDown());
        var channel = connection.openChannel().orElseThrow(() -> new IOException("the broker gives no channel"));
        channel.basicQos(AT_ONCE);
        var queue = channel.queueDeclare("", false, true, true, SMALL).getQueue();
        channel.addShutdownListener(_ -> lost.countDown());
        channel.basicConsume(queue, false, (_, delivery) -> heard(channel, delivery), _ -> lost.countDown());
        do {
            boolean anybody = bind(connection, channel, queue);
            tell(anybody ? Optional.empty() : Optional.of("nobody tells anything there: no exchange of " + EXCHANGES));
        } while (!lost.await(BIND_AGAIN.toSeconds(), TimeUnit.SECONDS));
        if (closed.getCount() > 0) tell(Optional.of("the connection is lost"));
    }

    /// What is bound already stays so.
    private boolean bind(Connection connection, Channel channel, String queue) throws IOException {
        boolean any = false;
        for (var exchange : EXCHANGES) {
            if (!isThere(connection, exchange)) continue;
            for (var topic : bus.topics()) channel.queueBind(queue, exchange, topic + ".*");
            any = true;
        }
        return any;
    }

    /// To ask for one that is missing costs the channel on which it is asked.
    private static boolean isThere(Connection connection, String exchange) throws IOException {
        var probe = connection.openChannel().orElseThrow(() -> new IOException("the broker gives no channel"));
        try {
            probe.exchangeDeclarePassive(exchange);
            return true;
        } catch (IOException e) {
            if (!connection.isOpen()) throw e;
            return false;
        } finally {
            probe.abort();
        }
    }

    private void heard(Channel channel, Delivery delivery) throws IOException {
        if (closed.getCount() == 0) return;
        try {
            BusMessage.hint(delivery.getBody()).ifPresent(ear::changed);
        } catch (RuntimeException e) { // the next look finds it
            LOG.warn("a notification of {} is lost", bus.address().getHost(), e);
        }
        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
    }

    private void tell(Optional<String> trouble) {
        var news = Optional.of(trouble);
        if (news.equals(told) || closed.getCount() == 0) return;
        try {
            ear.hears(trouble);
            told = news;
        } catch (RuntimeException e) { // told again the next time
            LOG.warn(
                    "nobody could be told how it stands with the bus {}",
                    bus.address().getHost(),
                    e);
        }
    }

    private static String reason(Exception e) {
        return switch (e) {
            case AuthenticationFailureException _ -> "the bus does not know that user, or that password";
            case UnknownHostException _ -> "nobody knows the host of the bus";
            case TimeoutException _ -> "the bus does not answer in time";
            default -> {
                var why = Optional.ofNullable(e.getMessage())
                        .or(() -> Optional.ofNullable(e.getCause()).map(Throwable::getMessage))
                        .orElse(e.getClass().getSimpleName())
                        .replaceAll("\\p{Cntrl}+", " "); // the broker may have said it
                yield "the bus cannot be heard: " + why.substring(0, Math.min(why.length(), LONGEST_REASON));
            }
        };
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
