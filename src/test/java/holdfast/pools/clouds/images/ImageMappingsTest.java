package holdfast.pools.clouds.images;

import static holdfast.pools.clouds.choice.Clouds.account;
import static holdfast.pools.clouds.choice.Clouds.id;
import static holdfast.pools.clouds.choice.Clouds.pool;
import static holdfast.pools.clouds.choice.Clouds.provider;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.ImageMapper.Mapped;
import holdfast.pools.clouds.images.BrokerImages.State;
import holdfast.pools.clouds.images.ImageMapping.Content;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Images and mappings that are written down, and what they mean (aeolus.md 2.9, 4.6, 5.2.1).
final class ImageMappingsTest {
    private static final CloudAccount A = account("a", provider("north"));
    private static final CloudAccount B = account("b", A.provider());
    private static final CloudAccount C = account("c", provider("south"));
    private static final List<CloudAccount> ALL = List.of(A, B, C);
    private static final BrokerImages.Content USUAL = new BrokerImages.Content(
            "Web OS", "for the web", "ann", Optional.of("x86_64"), Optional.empty(), List.of());

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    private final Database database = db.database();
    private final Engine engine = new Engine(Platform.real(), database);
    private final BrokerImages images = new BrokerImages(Platform.real(), engine);
    private final ImageMappings mappings = new ImageMappings(Platform.real(), engine, images);
    private final TableMapper mapper = new TableMapper(database, images, mappings);

    private <T> T in(Function<Tx, T> work) {
        return database.inTransaction(work);
    }

    private void image(String name) {
        in(tx -> images.add(tx, name, State.AVAILABLE, USUAL, "ann")).orThrow();
    }

    private Answer<ImageMapping> map(
            String image, String build, Optional<UUID> account, String there, MappingStatus status) {
        var content = new Content(
                Optional.of(build).filter(text -> !text.isEmpty()),
                account,
                account.isPresent()
                        ? Optional.empty()
                        : Optional.of(A.provider().id()),
                there,
                status);
        return in(tx -> mappings.add(tx, image, content, "ann"));
    }

    private ImageMapping at(CloudAccount account, String build, String there, MappingStatus status) {
        return map("web-os", build, Optional.of(account.id()), there, status).orThrow();
    }

    private ImageMapping atNorth(String build, String there, MappingStatus status) {
        return map("web-os", build, Optional.empty(), there, status).orThrow();
    }

    private Mapped mapped(CloudAccount account, String... build) {
        return mapper.map("web-os", List.of(build).stream().findFirst(), ALL).get(account.id());
    }

    private static Refusal.Kind kind(Answer<?> answer) {
        return answer instanceof Answer.No<?>(var why) ? why.kind() : null;
    }

    @Test
    void an_image_is_at_each_account_what_was_written_down_for_it() {
        image("web-os");
        at(A, "", "ami-0a1", MappingStatus.COMPLETE);
        at(C, "", "img-7", MappingStatus.IMPORTED);
        assertThat(mapper.map("web-os", Optional.empty(), ALL))
                .isEqualTo(Map.of(
                        A.id(), new Mapped.Usable("ami-0a1"),
                        B.id(), new Mapped.None("no image"),
                        C.id(), new Mapped.Usable("img-7")));
        assertThat(mapper.map("other", Optional.empty(), List.of(A)))
                .isEqualTo(Map.of(A.id(), new Mapped.None("no image")));
    }

    @Test
    void what_is_not_there_yet_cannot_be_booted_and_the_reason_is_told() {
        image("web-os");
        at(A, "", "ami-1", MappingStatus.PUSHING);
        at(B, "", "ami-2", MappingStatus.NEW);
        at(C, "", "ami-3", MappingStatus.FAILED);
        assertThat(mapper.map("web-os", Optional.empty(), ALL))
                .isEqualTo(Map.of(
                        A.id(), new Mapped.None("in progress"),
                        B.id(), new Mapped.None("in progress"),
                        C.id(), new Mapped.None("failed")));
    }

    @Test
    void a_mapping_of_a_provider_holds_for_all_its_accounts_unless_one_has_its_own() {
        image("web-os");
        atNorth("", "shared", MappingStatus.COMPLETE);
        var own = at(B, "", "own", MappingStatus.COMPLETE);
        assertThat(mapped(A)).isEqualTo(new Mapped.Usable("shared"));
        assertThat(mapped(B)).isEqualTo(new Mapped.Usable("own"));
        assertThat(mapped(C)).isEqualTo(new Mapped.None("no image"));
        in(tx -> mappings.change(tx, own.id(), "own", MappingStatus.PUSHING, Optional.empty(), "ann"))
                .orThrow();
        assertThat(mapped(B)).isEqualTo(new Mapped.None("in progress"));
    }

    @Test
    void the_newest_build_that_can_be_booted_is_taken_unless_one_is_named() {
        image("web-os");
        at(A, "", "plain", MappingStatus.COMPLETE);
        at(A, "one", "ami-1", MappingStatus.COMPLETE);
        at(A, "two", "ami-2", MappingStatus.COMPLETE);
        at(A, "three", "ami-3", MappingStatus.PUSHING);
        assertThat(mapped(A)).isEqualTo(new Mapped.Usable("ami-2"));
        assertThat(mapped(A, "one")).isEqualTo(new Mapped.Usable("ami-1"));
        assertThat(mapped(A, "three")).isEqualTo(new Mapped.None("in progress"));
        assertThat(mapped(A, "four")).isEqualTo(new Mapped.None("no image"));
        assertThat(in(tx -> images.find(tx, "web-os")).orElseThrow().content().builds())
                .containsExactly("one", "two", "three");
    }

    @Test
    void there_is_one_mapping_for_each_image_build_and_place() {
        image("web-os");
        image("db-os");
        at(A, "", "x", MappingStatus.COMPLETE);
        at(A, "one", "x", MappingStatus.COMPLETE);
        at(B, "", "x", MappingStatus.COMPLETE);
        atNorth("", "x", MappingStatus.COMPLETE);
        assertThat(kind(map("db-os", "", Optional.of(A.id()), "x", MappingStatus.COMPLETE)))
                .isNull();
        for (var again : List.of(
                map("web-os", "", Optional.of(A.id()), "y", MappingStatus.NEW),
                map("web-os", "one", Optional.of(A.id()), "y", MappingStatus.NEW),
                map("web-os", "", Optional.empty(), "y", MappingStatus.NEW))) {
            assertThat(kind(again)).isEqualTo(Refusal.Kind.CLASH);
        }
    }

    @Test
    void a_place_is_free_again_when_its_mapping_is_taken_out() {
        image("web-os");
        var mapping = at(A, "", "x", MappingStatus.COMPLETE);
        in(tx -> mappings.remove(tx, mapping.id(), Optional.of(1L), "ann")).orThrow();
        assertThat(mapped(A)).isEqualTo(new Mapped.None("no image"));
        at(A, "", "y", MappingStatus.COMPLETE);
        assertThat(mapped(A)).isEqualTo(new Mapped.Usable("y"));
    }

    @Test
    void who_read_an_older_version_changes_nothing() {
        image("web-os");
        var mapping = at(A, "", "x", MappingStatus.NEW);
        in(tx -> mappings.change(tx, mapping.id(), "x", MappingStatus.COMPLETE, Optional.of(1L), "ann"))
                .orThrow();
        assertThat(kind(in(tx -> mappings.change(tx, mapping.id(), "y", MappingStatus.FAILED, Optional.of(1L), "bob"))))
                .isEqualTo(Refusal.Kind.CLASH);
        assertThat(mapped(A)).isEqualTo(new Mapped.Usable("x"));
        assertThat(kind(in(tx -> images.change(tx, "web-os", State.ERROR, USUAL, Optional.of(9L), "bob"))))
                .isEqualTo(Refusal.Kind.CLASH);
    }

    @Test
    void rules_of_images_and_mappings_name_the_field() {
        image("web-os");
        var bad = new BrokerImages.Content("n", "", "ann", Optional.empty(), Optional.empty(), List.of("one", "one"));
        assertThat(field(in(tx -> images.add(tx, "two words", State.AVAILABLE, USUAL, "ann"))))
                .contains("id");
        assertThat(field(in(tx -> images.add(tx, "i", State.AVAILABLE, bad, "ann"))))
                .contains("builds");
        assertThat(kind(in(tx -> images.add(tx, "web-os", State.AVAILABLE, USUAL, "ann"))))
                .isEqualTo(Refusal.Kind.CLASH);
        assertThat(field(map("nothing", "", Optional.of(A.id()), "x", MappingStatus.NEW)))
                .contains("image");
        for (var wrong : List.of(" ", "two\nlines", "x".repeat(256))) {
            assertThat(field(map("web-os", "", Optional.of(A.id()), wrong, MappingStatus.NEW)))
                    .contains("provider_image");
        }
        assertThat(field(map("web-os", "two words", Optional.of(A.id()), "x", MappingStatus.NEW)))
                .contains("build");
    }

    private static Optional<String> field(Answer<?> answer) {
        return answer instanceof Answer.No<?>(var why) ? why.field() : Optional.empty();
    }

    @Test
    void an_image_that_is_taken_out_takes_its_mappings_along() {
        image("web-os");
        at(A, "", "x", MappingStatus.COMPLETE);
        in(tx -> mappings.removeImage(tx, "web-os", Optional.empty(), "ann")).orThrow();
        Optional<BrokerImages.Stored> left = in(tx -> images.find(tx, "web-os"));
        assertThat(left).isEmpty();
        image("web-os");
        assertThat(mapped(A)).isEqualTo(new Mapped.None("no image"));
    }

    @Test
    void pools_list_what_is_available_for_their_family() {
        var pool = pool(ALL);
        var theirs = new BrokerImages.Content(
                "theirs", "", "bob", Optional.empty(), Optional.of(id("elsewhere")), List.of());
        var ours = new BrokerImages.Content(
                "ours", "", "bob", Optional.empty(), Optional.of(pool.family().id()), List.of());
        image("for-all");
        in(tx -> images.add(tx, "theirs", State.AVAILABLE, theirs, "bob")).orThrow();
        in(tx -> images.add(tx, "ours", State.AVAILABLE, ours, "bob")).orThrow();
        in(tx -> images.add(tx, "later", State.CREATING, USUAL, "bob")).orThrow();
        assertThat(mapper.list(pool)).extracting(BrokerImage::id).containsExactly("for-all", "ours");
        assertThat(mapper.describe(pool, "ours")).isPresent();
        assertThat(mapper.describe(pool, "theirs")).isEmpty();
        assertThat(mapper.describe(pool, "later")).isEmpty();
    }

    @Test
    void a_captured_image_can_be_booted_at_its_account_only() {
        in(tx -> mappings.captured(tx, "web-os", USUAL, B.id(), "snap-1", "ann"))
                .orThrow();
        assertThat(mapped(B)).isEqualTo(new Mapped.Usable("snap-1"));
        assertThat(mapped(A)).isEqualTo(new Mapped.None("no image"));
    }
}
