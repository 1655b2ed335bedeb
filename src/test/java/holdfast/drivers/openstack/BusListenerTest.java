package holdfast.drivers.openstack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Bus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Listening where there is no bus, or none that makes sense.
@Timeout(300)
class BusListenerTest {
    private static final Duration PAUSE = Duration.ofMillis(5);

    @AutoClose
    private final ServerSocket port = port();

    private final Told told = new Told();

    /// What a listener says.
    static final class Told implements holdfast.authority.Cloud.Ear {
        final BlockingQueue<String> changes = new LinkedBlockingQueue<>();
        final BlockingQueue<Optional<String>> states = new LinkedBlockingQueue<>();

        @Override
        public void changed(String what) {
            changes.add(what);
        }

        @Override
        public void hears(Optional<String> trouble) {
            states.add(trouble);
        }

        /// The next.
        static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
            return Optional.ofNullable(queue.poll(60, TimeUnit.SECONDS))
                    .orElseThrow(() -> new AssertionError("waited in vain"));
        }
    }

    private static ServerSocket port() {
        try {
            // one that nobody is given by chance while it is closed
            return new ServerSocket(holdfast.platform.Ports.free(), 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private BusListener listener() {
        var bus = Bus.of("amqp://me@127.0.0.1:" + port.getLocalPort() + "/", Bus.TOPICS)
                .orThrow();
        return new BusListener(bus, Optional.of("Tr0ub4dor"), told, PAUSE);
    }

    @Test
    void a_bus_that_is_not_there_is_told_once_and_tried_again() throws Exception {
        int number = port.getLocalPort();
        port.close();
        try (var _ = listener()) {
            assertThat(Told.next(told.states).orElseThrow()).contains("the bus cannot be heard", "refused");
            try (var back = new ServerSocket(number, 10, InetAddress.getLoopbackAddress());
                    var _ = back.accept()) {
                assertThat(told.states).as("not again for each try").isEmpty();
            }
        }
    }

    @Test
    void what_is_no_bus_is_tried_again_with_the_reason_and_without_the_password() throws Exception {
        try (var _ = listener()) {
            for (int i = 0; i < 3; i++) {
                try (var caller = port.accept()) {
                    caller.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                }
            }
            assertThat(Told.next(told.states).orElseThrow())
                    .startsWith("the bus ")
                    .doesNotContain("Tr0ub4dor");
            assertThat(told.changes).isEmpty();
        }
    }

    @Test
    void closed_it_leaves_the_bus_at_once_also_in_the_middle_of_a_greeting() throws Exception {
        var listener = listener();
        try (Socket caller = port.accept()) {
            listener.close();
            caller.getInputStream().readAllBytes(); // ends when the other side has hung up
        }
        assertThat(told.states).isEmpty();
    }
}
