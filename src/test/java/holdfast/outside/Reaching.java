package holdfast.outside;

import static holdfast.Talk.all;
import static holdfast.Talk.echoed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.WebClient;
import holdfast.platform.WebClient.Dialled;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Connections to the one machine of a slice, as its users make them.
final class Reaching implements AutoCloseable {
    private static final int LARGE = 4 << 20;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final WebClient web = new WebClient(LIMIT, 1 << 20);
    private final DomainServer server;
    private final String sliver;

    Reaching(DomainServer server, String slice) {
        this.server = server;
        this.sliver = server.all("slices/" + slice + "/slivers")
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
    }

    String path(int port) {
        return "/v1/slivers/" + sliver + "/connect?port=" + port;
    }

    /// Which way it goes.
    String way() {
        return server.api().get(path(7)).path("way").asString();
    }

    Dialled dial(int port) throws IOException, InterruptedException {
        return dial(server.api().url() + path(port), server.token());
    }

    Dialled dial(String url, String token) throws IOException, InterruptedException {
        var headers = Map.of("Authorization", "Bearer " + token);
        return web.dial(new WebClient.Call("GET", URI.create(url), headers, Optional.empty()), LIMIT);
    }

    ByteChannel opened(int port) throws IOException, InterruptedException {
        var dialled = dial(port);
        assertThat(dialled).isInstanceOf(Dialled.Open.class);
        return ((Dialled.Open) dialled).channel();
    }

    static int refused(Dialled dialled, String why) {
        assertThat(dialled).isInstanceOf(Dialled.Refused.class);
        var answer = ((Dialled.Refused) dialled).answer();
        assertThat(answer.text()).contains(why);
        return answer.status();
    }

    /// What its machine says of itself.
    String page() throws IOException, InterruptedException {
        try (var channel = opened(80)) {
            channel.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8)));
            return new String(all(channel), UTF_8);
        }
    }

    /// Megabytes there and back at once, and eight at the same time.
    void echoes() throws Exception {
        var noise = new byte[LARGE];
        new Random(1).nextBytes(noise);
        echoes(noise);
        var many = IntStream.range(0, 8)
                .mapToObj(n -> CompletableFuture.runAsync(
                        () -> echoes(Arrays.copyOfRange(noise, n * 1_000, n * 1_000 + 100_000)),
                        task -> Thread.ofVirtual().start(task)))
                .toList();
        for (var one : many) {
            one.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void echoes(byte[] bytes) {
        try (var channel = opened(7)) {
            assertThat(Arrays.equals(echoed(channel, bytes), bytes)).isTrue();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        web.close();
    }
}
