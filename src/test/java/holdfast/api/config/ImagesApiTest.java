package holdfast.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.Tx;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.ImageMapper.UnavailableException;
import holdfast.pools.clouds.TestSites;
import holdfast.pools.clouds.TestUsage;
import holdfast.pools.clouds.choice.Clouds;
import holdfast.pools.clouds.images.BrokerImages;
import holdfast.pools.clouds.images.ImageMappings;
import holdfast.pools.clouds.images.Places;
import holdfast.pools.clouds.images.ProviderImages;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Images and their mappings over the wire (aeolus.md 5.2.1).
final class ImagesApiTest {
    private final TestUsage usage = new TestUsage();

    private static final CloudAccount A = Clouds.account("a", Clouds.provider("north"));
    private static final CloudAccount B = Clouds.account("b", A.provider());
    private static final UUID FAMILY = Clouds.id("family");
    private static final String JSON = "application/json";
    private static final String XML = "application/xml";

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final HttpServer server = serve();

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpServer serve() {
        var platform = Platform.real();
        var engine = new Engine(platform, db.database());
        var images = new BrokerImages(platform, engine);
        var mappings = new ImageMappings(platform, engine, images);
        var configuration =
                new Configuration(platform, db.database(), engine, Secrets.of(new byte[32]), new TestSites(), usage);
        var api = new ImagesApi(db.database(), images, mappings, new Known(), usage, new Live());
        var frame = new ConfigApi(db.database(), configuration, api, request -> {
            var user = request.header("X-User").orElse("");
            return Optional.of(new Caller(user, "physics", !user.equals("ann"), user.equals("reader")));
        });
        return HttpServer.start(HttpServer.Options.standard().withPort(0), frame.mounts());
    }

    private static final class Known implements Places {
        @Override
        public Optional<CloudAccount> account(Tx tx, UUID id) {
            return Stream.of(A, B).filter(account -> account.id().equals(id)).findFirst();
        }

        @Override
        public boolean isProvider(Tx tx, UUID id) {
            return A.provider().id().equals(id);
        }

        @Override
        public boolean isFamily(Tx tx, UUID id) {
            return FAMILY.equals(id);
        }
    }

    private static final class Live implements ProviderImages {
        @Override
        public Optional<ProviderImage> find(UUID account, String image) {
            if (image.equals("slow")) {
                throw new UnavailableException("the provider does not answer");
            }
            return Optional.of(new ProviderImage(image, image, "", Optional.empty()))
                    .filter(_ -> image.startsWith("ami-"));
        }

        @Override
        public List<ProviderImage> list(UUID account) {
            return List.of();
        }
    }

    private HttpResponse<String> send(
            String user, String method, String path, String type, String body, String... headers) {
        try {
            var request = HttpRequest.newBuilder(URI.create(server.address() + "/broker/" + path))
                    .header("X-User", user)
                    .header("Accept", type)
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
            if (!body.isEmpty()) {
                request.header("Content-Type", type);
            }
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> json(String method, String path, String body, String... headers) {
        return send("admin", method, path, JSON, body, headers);
    }

    private static JsonNode tree(HttpResponse<String> response) {
        return Json.tree(response.body());
    }

    private static String mapping(String image, CloudAccount account, String there, String more) {
        return "{\"image\":\"%s\",\"provider_account\":\"%s\",\"provider_image\":\"%s\"%s}"
                .formatted(image, account.id(), there, more);
    }

    private String image(String id) {
        assertThat(json("POST", "images", "{\"id\":\"" + id + "\"}").statusCode())
                .isEqualTo(201);
        return id;
    }

    @Test
    void an_image_is_made_shown_changed_and_taken_out() {
        var made = json("POST", "images", """
                {"id":"web-os","name":"Web","description":"d","architecture":"x86_64","pool_family":"%s"}""".formatted(FAMILY));
        assertThat(made.statusCode()).isEqualTo(201);
        var where = server.address() + "/broker/images/web-os";
        assertThat(made.headers().firstValue("Location")).contains(where);
        var shown = tree(json("GET", "images/web-os", ""));
        assertThat(shown).isEqualTo(tree(made));
        var image = shown.path("image");
        assertThat(UUID.fromString(image.path("uuid").asString())).isNotNull();
        assertThat(image.path("creation_time").asString()).endsWith("Z");
        assertThat(((tools.jackson.databind.node.ObjectNode) image).remove(List.of("uuid", "creation_time")))
                .isEqualTo(Json.tree("""
                        {"id":"web-os","href":"%s","name":"Web","description":"d","owner":"admin","architecture":"x86_64",
                         "pool_family":"%s","state":"AVAILABLE","builds":[],"lock_version":0}""".formatted(where, FAMILY)));
        var changed = json("PUT", "images/web-os", "{\"state\":\"ERROR\",\"architecture\":null,\"lock_version\":0}");
        assertThat(tree(changed).path("image").path("state").asString()).isEqualTo("ERROR");
        assertThat(tree(changed).path("image").path("architecture").isMissingNode())
                .isTrue();
        assertThat(tree(changed).path("image").path("name").asString()).isEqualTo("Web");
        usage.booted.add("web-os");
        var kept = json("DELETE", "images/web-os", "");
        assertThat(kept.statusCode()).isEqualTo(409);
        assertThat(kept.body()).contains("there are instances of the image web-os; destroy them first");
        usage.booted.clear();
        assertThat(json("DELETE", "images/web-os", "").statusCode()).isEqualTo(204);
        assertThat(json("GET", "images/web-os", "").statusCode()).isEqualTo(404);
    }

    @Test
    void a_mapping_is_made_shown_changed_and_taken_out() {
        image("web-os");
        var made = json("POST", "image_mappings", mapping("web-os", A, "ami-0a1", ",\"build\":null"));
        assertThat(made.statusCode()).isEqualTo(201);
        var where = made.headers().firstValue("Location").orElseThrow();
        var path = where.substring(where.indexOf("image_mappings"));
        var shown = tree(json("GET", path, "")).path("image_mapping");
        assertThat(shown.path("image").asString()).isEqualTo("web-os");
        assertThat(shown.path("build").isMissingNode()).isTrue();
        assertThat(shown.path("provider_account").asString()).isEqualTo(A.id().toString());
        assertThat(shown.path("provider_image").asString()).isEqualTo("ami-0a1");
        assertThat(shown.path("status").asString()).isEqualTo("COMPLETE");
        assertThat(shown.path("created_at").asString()).endsWith("Z");
        var changed = json("PUT", path, "{\"image_mapping\":{\"status\":\"PUSHING\"}}");
        assertThat(tree(changed).path("image_mapping").path("status").asString())
                .isEqualTo("PUSHING");
        assertThat(json("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(json("GET", path, "").statusCode()).isEqualTo(404);
        assertThat(json("DELETE", path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void the_same_image_and_build_is_mapped_to_a_place_once() {
        image("web-os");
        assertThat(json("POST", "image_mappings", mapping("web-os", A, "x", "")).statusCode())
                .isEqualTo(201);
        assertThat(json("POST", "image_mappings", mapping("web-os", A, "y", "")).statusCode())
                .isEqualTo(409);
        assertThat(json("POST", "image_mappings", mapping("web-os", A, "y", ",\"build\":\"7\""))
                        .statusCode())
                .isEqualTo(201);
        assertThat(json("POST", "images", "{\"id\":\"web-os\"}").statusCode()).isEqualTo(409);
    }

    @Test
    void what_counts_at_an_account_can_be_looked_up() {
        image("web-os");
        var all = "{\"image\":\"web-os\",\"provider\":\"%s\",\"provider_image\":\"shared\"}"
                .formatted(A.provider().id());
        json("POST", "image_mappings", all);
        json("POST", "image_mappings", mapping("web-os", B, "own", ",\"status\":\"IMPORTED\""));
        assertThat(lookup("web-os", A.id())).contains("shared COMPLETE");
        assertThat(lookup("web-os", B.id())).contains("own IMPORTED");
        assertThat(lookup("other", A.id())).isEmpty();
        assertThat(lookup("web-os", Clouds.id("stranger"))).isEmpty();
    }

    private Optional<String> lookup(String image, UUID account) {
        var found = json("GET", "image_mappings/lookup?image=" + image + "&provider_account=" + account, "");
        var mapping = tree(found).path("image_mapping");
        return Optional.of(mapping.path("provider_image").asString("") + " "
                        + mapping.path("status").asString(""))
                .filter(_ -> found.statusCode() == 200)
                .or(() -> {
                    assertThat(found.statusCode()).isEqualTo(404);
                    return Optional.empty();
                });
    }

    @ParameterizedTest
    @CsvSource({"ami-1,true,201", "nothing,true,422", "nothing,false,201", "slow,true,503"})
    void an_image_at_a_provider_is_verified_if_that_is_asked_for(String there, boolean verify, int status) {
        image("web-os");
        var answer = json("POST", "image_mappings?verify=" + verify, mapping("web-os", A, there, ""));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Retry-After").isPresent()).isEqualTo(status == 503);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "images         | {\"id\":\"two words\"}                               | id",
                "images         | {\"id\":\"i\",\"state\":\"GONE\"}                    | state",
                "images         | {\"id\":\"i\",\"pool_family\":\"7\"}                 | pool_family",
                "image_mappings | {\"image\":\"web-os\",\"provider_image\":\"x\"}      | provider_account",
                "image_mappings | {\"image\":\"web-os\",\"provider_account\":\"9\"}    | provider_account",
                "image_mappings | {\"image\":\"web-os\",\"status\":\"DONE\"}           | status"
            })
    void a_rule_that_is_broken_is_named_by_its_field(String path, String body, String field) {
        var answer = json("POST", path, body);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(tree(answer).path("errors").path(0).path("field").asString()).isEqualTo(field);
    }

    @Test
    void who_read_an_older_version_changes_nothing() {
        image("web-os");
        assertThat(json("PUT", "images/web-os", "{\"name\":\"one\",\"lock_version\":0}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(json("PUT", "images/web-os", "{\"name\":\"two\",\"lock_version\":0}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(json("PUT", "images/web-os", "{\"name\":\"two\"}", "If-Match", "\"1\"")
                        .statusCode())
                .isEqualTo(412);
        assertThat(json("PUT", "images/web-os", "{\"name\":\"two\"}", "If-Match", "\"2\"")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void lists_are_filtered_and_paged() {
        for (var id : List.of("a", "b", "c")) {
            image(id);
            json("POST", "image_mappings", mapping(id, A, "ami-" + id, ""));
        }
        json("POST", "image_mappings", mapping("a", B, "x", ",\"status\":\"NEW\""));
        var page = json("GET", "images?limit=2&offset=1", "");
        assertThat(page.headers().firstValue("X-Total-Count")).contains("3");
        assertThat(tree(page)
                        .path("images")
                        .valueStream()
                        .map(image -> image.path("id").asString()))
                .containsExactly("b", "c");
        assertThat(count("image_mappings")).isEqualTo(4);
        assertThat(count("image_mappings?image=a")).isEqualTo(2);
        assertThat(count("image_mappings?provider_account=" + A.id())).isEqualTo(3);
        assertThat(count("image_mappings?status=NEW")).isEqualTo(1);
        assertThat(count("image_mappings?image=a&provider_account=" + A.id())).isEqualTo(1);
        assertThat(count("image_mappings?provider=" + A.provider().id())).isZero();
        assertThat(json("GET", "images?limit=501", "").statusCode()).isEqualTo(400);
    }

    private int count(String path) {
        return tree(json("GET", path, "")).path("image_mappings").size();
    }

    @Test
    void xml_says_the_same_as_json() {
        var body = """
                <image id="web-os"><name>Web</name><builds><build>1</build><build>2</build></builds></image>""";
        var made = send("admin", "POST", "images", XML, body);
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().firstValue("Content-Type").orElseThrow()).startsWith(XML);
        assertThat(made.body())
                .contains("<image id=\"web-os\" href=\"" + server.address() + "/broker/images/web-os\">")
                .contains("<name>Web</name>")
                .contains("<builds><build>1</build><build>2</build></builds>");
        var mapping = """
                <image_mapping><image>web-os</image><provider_account id="%s"/><provider_image>a&amp;b</provider_image></image_mapping>""".formatted(A.id());
        assertThat(send("admin", "POST", "image_mappings", XML, mapping).statusCode())
                .isEqualTo(201);
        assertThat(send("admin", "GET", "image_mappings", "*/*", "").body())
                .contains("<image_mappings><image_mapping id=")
                .contains("<provider_image>a&amp;b</provider_image>");
        assertThat(send("admin", "GET", "images/none", XML, "").body())
                .contains("<error><code>RecordNotFound</code><message>there is no image none</message></error>");
        assertThat(send("admin", "POST", "images", XML, "<image id='two words'/>")
                        .body())
                .contains("<errors><error><field>id</field><value>two words</value><message>");
    }

    @Test
    void what_cannot_be_read_is_refused_and_no_entity_is_taken() {
        for (var bad : Map.of(
                        "<image", 400,
                        "<pool/>", 400,
                        "<!DOCTYPE image [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><image><name>&e;</name></image>",
                                400)
                .entrySet()) {
            assertThat(send("admin", "POST", "images", XML, bad.getKey()).statusCode())
                    .as(bad.getKey())
                    .isEqualTo(bad.getValue());
        }
        assertThat(json("POST", "images", "{").statusCode()).isEqualTo(400);
        assertThat(json("POST", "images", "[]").statusCode()).isEqualTo(422);
        assertThat(json("POST", "images", "{\"id\":\"" + "x".repeat(70_000) + "\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(json("POST", "images", "{\"id\":\"" + "x".repeat(1_100_000) + "\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(send("admin", "POST", "images", "text/plain", "x").statusCode())
                .isEqualTo(406);
        assertThat(json("PATCH", "images", "{}").statusCode()).isEqualTo(405);
        assertThat(json("GET", "images/a/b", "").statusCode()).isEqualTo(404);
    }

    @Test
    void users_see_images_and_only_administrators_change_them_or_see_where_they_are() {
        image("web-os");
        assertThat(send("ann", "GET", "images/web-os", JSON, "").statusCode()).isEqualTo(200);
        assertThat(send("ann", "GET", "images", JSON, "").statusCode()).isEqualTo(200);
        assertThat(send("ann", "POST", "images", JSON, "{\"id\":\"x\"}").statusCode())
                .isEqualTo(403);
        assertThat(send("ann", "PUT", "images/web-os", JSON, "{}").statusCode()).isEqualTo(403);
        assertThat(send("ann", "DELETE", "images/web-os", JSON, "").statusCode())
                .isEqualTo(403);
        assertThat(send("ann", "GET", "image_mappings", JSON, "").statusCode()).isEqualTo(403);
        assertThat(send("reader", "GET", "image_mappings", JSON, "").statusCode())
                .isEqualTo(200);
        assertThat(send("reader", "DELETE", "images/web-os", JSON, "").statusCode())
                .isEqualTo(403);
    }
}
