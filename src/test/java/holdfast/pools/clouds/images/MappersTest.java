package holdfast.pools.clouds.images;

import static holdfast.pools.clouds.choice.Clouds.account;
import static holdfast.pools.clouds.choice.Clouds.id;
import static holdfast.pools.clouds.choice.Clouds.pool;
import static holdfast.pools.clouds.choice.Clouds.provider;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import holdfast.TestDatabase;
import holdfast.engine.Engine;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.WebhookClient;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.ImageMapper;
import holdfast.pools.clouds.ImageMapper.Mapped;
import holdfast.pools.clouds.ImageMapper.UnavailableException;
import holdfast.pools.clouds.Limits;
import holdfast.pools.clouds.PoolFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Mappers that answer instead of what is written down here (aeolus.md 4.6, 5.2.2, 5.2.3).
final class MappersTest {
    private static final CloudAccount A = account("a", provider("north"));
    private static final CloudAccount B = account("b", provider("south"));
    private static final List<CloudAccount> BOTH = List.of(A, B);

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final WebhookClient client = new WebhookClient(CallbackPolicy.opening(List.of("127.0.0.0/8")));

    private Instant now = Instant.parse("2031-02-03T10:00:00Z");
    private final Platform platform = Platform.seeded(1, () -> now);
    private final List<JsonNode> asked = new ArrayList<>();
    private volatile int status = 200;
    private volatile String answer = "";
    private Optional<HttpServer> elsewhere = Optional.empty();

    @AfterEach
    void stop() {
        elsewhere.ifPresent(server -> server.stop(0));
    }

    private ImageMappers mappers(Optional<ImageMapper> installed, WebhookClient http) {
        var engine = new Engine(platform, db.database());
        var images = new BrokerImages(platform, engine);
        var table = new TableMapper(db.database(), images, new ImageMappings(platform, engine, images));
        return new ImageMappers(installed, table, new SameIdMapper(new Live()), http, platform);
    }

    private ImageMapper of(String mapper) {
        return mappers(Optional.empty(), client).of(using(mapper));
    }

    private static CloudPool using(String mapper) {
        var usual = pool(BOTH);
        var family = new PoolFamily(id("family"), "default", Limits.NONE, BOTH, Optional.of(mapper));
        return new CloudPool(usual.id(), "dev", family, Limits.NONE, true, false, List.of(), List.of(), Map.of());
    }

    private String serve() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/map", exchange -> {
            asked.add(Json.tree(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            var bytes = answer.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        elsewhere = Optional.of(server);
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/map";
    }

    private static String result(CloudAccount account, String fields) {
        return "{\"account\":\"" + account.id() + "\"," + fields + "}";
    }

    private static String results(String... results) {
        return "{\"results\":[" + String.join(",", results) + "]}";
    }

    @Test
    void a_mapper_elsewhere_is_asked_for_all_accounts_in_one_call() throws IOException {
        var mapper = of(serve());
        answer = results(
                result(A, "\"provider_image\":\"ami-0a1\",\"status\":\"COMPLETE\""),
                result(B, "\"status\":\"NONE\",\"reason\":\"not built\""));
        assertThat(mapper.map("web-os", Optional.of("7"), BOTH))
                .isEqualTo(Map.of(A.id(), new Mapped.Usable("ami-0a1"), B.id(), new Mapped.None("not built")));
        assertThat(asked).containsExactly(Json.tree("""
                        {"image":"web-os","build":"7","accounts":[
                          {"id":"%s","provider":"%s","type":"mock","deltacloud_provider":null},
                          {"id":"%s","provider":"%s","type":"mock","deltacloud_provider":null}]}""".formatted(
                        A.id(), A.provider().id(), B.id(), B.provider().id())));
    }

    @Test
    void what_is_complete_is_remembered_for_a_minute_and_nothing_else_is() throws IOException {
        var mappers = mappers(Optional.empty(), client);
        var pool = using(serve());
        answer = results(
                result(A, "\"provider_image\":\"ami-1\",\"status\":\"COMPLETE\""),
                result(B, "\"provider_image\":\"ami-2\",\"status\":\"PUSHING\""));
        mappers.of(pool).map("web-os", Optional.empty(), BOTH);
        answer = results(result(B, "\"provider_image\":\"ami-2\",\"status\":\"IMPORTED\""));
        now = now.plusSeconds(59);
        assertThat(mappers.of(pool).map("web-os", Optional.empty(), BOTH))
                .isEqualTo(Map.of(A.id(), new Mapped.Usable("ami-1"), B.id(), new Mapped.Usable("ami-2")));
        assertThat(asked.getLast().path("accounts").size()).isEqualTo(1);
        mappers.of(pool).map("web-os", Optional.of("7"), BOTH);
        assertThat(asked.getLast().path("accounts").size()).as("another build").isEqualTo(2);
        now = now.plusSeconds(1);
        assertThat(mappers.of(pool).map("web-os", Optional.empty(), BOTH))
                .containsEntry(A.id(), new Mapped.None("no image"));
        assertThat(asked).hasSize(4);
        assertThat(asked.getLast().path("accounts").size()).isEqualTo(2);
    }

    @Test
    void a_mapper_that_is_down_or_talks_nonsense_is_unavailable_and_what_it_said_still_counts() throws IOException {
        var mappers = mappers(Optional.empty(), client);
        var pool = using(serve());
        var mapper = mappers.of(pool);
        for (var nonsense : List.of("<html>", "{}", "[]", "{\"results\":7}")) {
            answer = nonsense;
            assertThatThrownBy(() -> mapper.map("web-os", Optional.empty(), BOTH))
                    .isInstanceOf(UnavailableException.class);
        }
        answer = results(result(A, "\"provider_image\":\"ami-1\",\"status\":\"COMPLETE\""));
        assertThat(mapper.map("web-os", Optional.empty(), List.of(A))).hasSize(1);
        status = 500;
        assertThatThrownBy(() -> mapper.map("web-os", Optional.empty(), BOTH)).isInstanceOf(UnavailableException.class);
        stop();
        assertThatThrownBy(() -> mapper.map("web-os", Optional.empty(), BOTH))
                .isInstanceOf(UnavailableException.class)
                .hasMessageNotContaining("127.0.0.1");
        assertThat(mapper.map("web-os", Optional.empty(), List.of(A)))
                .isEqualTo(Map.of(A.id(), new Mapped.Usable("ami-1")));
    }

    @Test
    void a_mapper_goes_on_answering_once_it_is_back() throws IOException {
        var mapper = of(serve());
        status = 503;
        assertThatThrownBy(() -> mapper.map("web-os", Optional.empty(), BOTH)).isInstanceOf(UnavailableException.class);
        status = 200;
        answer = results(result(B, "\"provider_image\":\"ami-2\",\"status\":\"COMPLETE\""));
        assertThat(mapper.map("web-os", Optional.empty(), BOTH)).containsEntry(B.id(), new Mapped.Usable("ami-2"));
    }

    @Test
    void an_address_that_is_closed_to_callbacks_is_not_called() throws IOException {
        var where = serve();
        answer = results(result(A, "\"provider_image\":\"ami-1\",\"status\":\"COMPLETE\""));
        try (var careful = new WebhookClient(CallbackPolicy.opening(List.of()))) {
            var mapper = mappers(Optional.empty(), careful).of(using(where));
            assertThatThrownBy(() -> mapper.map("web-os", Optional.empty(), BOTH))
                    .isInstanceOf(UnavailableException.class);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void an_answer_that_does_not_come_is_not_waited_for_much_longer_than_five_seconds() throws IOException {
        var server = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress()); // takes calls, says nothing
        try (server) {
            var mapper = of("http://127.0.0.1:" + server.getLocalPort() + "/map");
            long begin = System.nanoTime();
            assertThatThrownBy(() -> mapper.map("web-os", Optional.empty(), BOTH))
                    .isInstanceOf(UnavailableException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(30));
        }
    }

    @Test
    void an_image_may_be_named_by_account_and_image_there() {
        var mapper = of(ImageMapper.SAME_ID);
        var named = A.id() + "~ami-1";
        assertThat(mapper.describe(using(ImageMapper.SAME_ID), named))
                .contains(new BrokerImage(named, "live ami-1", "", "provider", Optional.of("x86_64")));
        assertThat(mapper.describe(using(ImageMapper.SAME_ID), A.id() + "~gone"))
                .isEmpty();
        assertThat(mapper.describe(using(ImageMapper.SAME_ID), id("stranger") + "~ami-1"))
                .isEmpty();
        assertThat(mapper.describe(using(ImageMapper.SAME_ID), "web-os")).isEmpty();
        assertThat(mapper.map(named, Optional.empty(), BOTH))
                .isEqualTo(Map.of(A.id(), new Mapped.Usable("ami-1"), B.id(), new Mapped.None("no image")));
        assertThat(mapper.list(using(ImageMapper.SAME_ID)))
                .as("of two accounts")
                .isEmpty();
        assertThat(mapper.list(pool(List.of(A))))
                .extracting(BrokerImage::id)
                .containsExactly(A.id() + "~ami-1"); // not the one whose name no id can hold
    }

    private static final class Live implements ProviderImages {
        @Override
        public Optional<ProviderImage> find(UUID account, String image) {
            return image.equals("gone")
                    ? Optional.empty()
                    : Optional.of(new ProviderImage(image, "live " + image, "", Optional.of("x86_64")));
        }

        @Override
        public List<ProviderImage> list(UUID account) {
            return List.of(
                    new ProviderImage("ami-1", "one", "", Optional.empty()),
                    new ProviderImage("a/b:c", "two", "", Optional.empty()));
        }
    }

    /// As somebody might put it beside Holdfast.
    public static final class Brought implements ImageMapper {
        @Override
        public List<BrokerImage> list(CloudPool pool) {
            return List.of();
        }

        @Override
        public Optional<BrokerImage> describe(CloudPool pool, String image) {
            return Optional.empty();
        }

        @Override
        public Map<UUID, Mapped> map(String image, Optional<String> build, Collection<CloudAccount> accounts) {
            return Map.of(A.id(), new Mapped.Usable("brought-" + image));
        }
    }

    @Test
    void a_mapper_that_is_put_beside_holdfast_answers_for_all_pools(@TempDir Path directory) throws IOException {
        var services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(ImageMapper.class.getName()), Brought.class.getName());
        assertThat(ImageMappers.installed(MappersTest.class.getClassLoader())).isEmpty();
        try (var classes =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, MappersTest.class.getClassLoader())) {
            var mappers = mappers(ImageMappers.installed(classes), client);
            assertThat(mappers.of(pool(BOTH)).map("web-os", Optional.empty(), BOTH))
                    .isEqualTo(Map.of(A.id(), new Mapped.Usable("brought-web-os")));
        }
        assertThat(mappers(Optional.empty(), client).of(pool(BOTH)).map("web-os", Optional.empty(), List.of(A)))
                .isEqualTo(Map.of(A.id(), new Mapped.None("no image")));
    }
}
