package holdfast.cli.setup;

import static holdfast.cli.setup.Field.text;

import holdfast.cli.setup.Field.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// All that is set up of a cloud broker, under the names that the interface has (aeolus.md 5.1), in the order in which
/// it is made. A kind refers only to those before it: the compiler takes no other reference, and so each plan makes
/// first what the rest refers to.
public enum Kind {
    PROVIDER_TYPE(
            "provider_types",
            text("name").key(),
            text("deltacloud_driver"),
            text("through"),
            text("ssh_user"),
            text("home_dir"),
            Field.of("goes_to_stop_after_creation", Shape.FLAG),
            Field.of("stopped_instances_disappear", Shape.FLAG),
            Field.of("destroy_supported", Shape.FLAG),
            Field.of("ignored_hardware_profiles", Shape.SET),
            Field.of("credential_definitions", Shape.DEFINITIONS)),
    PROVIDER(
            "providers",
            text("name").key(),
            text("url"),
            text("provider_type"),
            text("deltacloud_provider"),
            Field.of("enabled", Shape.FLAG)),
    PROVIDER_ACCOUNT(
            "provider_accounts",
            text("name").key(),
            Field.ref("provider", PROVIDER),
            Field.of("credentials", Shape.CREDENTIALS),
            Field.of("quota", Shape.QUOTA),
            Field.of("priority", Shape.NUMBER)),
    /// Only looked at: `PROVIDER/NAME`.
    PROVIDER_REALM(
            "provider_realms",
            Field.ref("provider", PROVIDER).key(),
            text("name").key()),
    /// Only looked at: `PROVIDER/NAME`.
    PROVIDER_PROFILE(
            "hardware_profiles",
            Field.ref("provider", PROVIDER).key(),
            text("name").key()),
    POOL_FAMILY(
            "pool_families",
            text("name").key(),
            text("description"),
            Field.of("quota", Shape.QUOTA),
            text("mapper_url"),
            Field.refs("provider_accounts", PROVIDER_ACCOUNT)),
    POOL(
            "pools",
            Field.ref("pool_family", POOL_FAMILY).key().usually("default"),
            text("name").key(),
            text("description"),
            Field.of("quota", Shape.QUOTA),
            Field.of("enabled", Shape.FLAG),
            Field.of("deterministic", Shape.FLAG),
            text("exported_as")),
    SELECTION_STRATEGIES(
            "selection_strategies", Field.ref("pool", POOL).key(), Field.of("selection_strategies", Shape.STRATEGIES)),
    PRIORITY_GROUP(
            "priority_groups",
            Field.ref("pool", POOL).key(),
            text("name").key(),
            Field.of("score", Shape.NUMBER),
            Field.refs("providers", PROVIDER),
            Field.refs("provider_accounts", PROVIDER_ACCOUNT)),
    ACCOUNT_OPTION(
            "account_options",
            Field.ref("pool", POOL).key(),
            Field.ref("provider_account", PROVIDER_ACCOUNT).key(),
            Field.of("score", Shape.NUMBER)),
    HARDWARE_PROFILE(
            "hardware_profiles",
            text("name").key(),
            Field.of("memory", Shape.MEASURE),
            Field.of("cpu", Shape.MEASURE),
            Field.of("storage", Shape.MEASURE),
            Field.of("architecture", Shape.ARCHITECTURES),
            text("root_type")),
    FRONTEND_REALM(
            "frontend_realms",
            text("name").key(),
            text("description"),
            Field.refs("provider_realms", PROVIDER_REALM),
            Field.refs("providers", PROVIDER)),
    IMAGE(
            "images",
            text("id").key(),
            text("name"),
            text("description"),
            text("owner"),
            text("architecture"),
            Field.ref("pool_family", POOL_FAMILY),
            Field.of("builds", Shape.WORDS)),
    IMAGE_MAPPING(
            "image_mappings",
            Field.ref("image", IMAGE).key(),
            text("build").among(),
            Field.ref("provider_account", PROVIDER_ACCOUNT).among(),
            Field.ref("provider", PROVIDER).among(),
            text("provider_image"),
            text("status")),
    COST(
            "costs",
            Field.ref("hardware_profile", PROVIDER_PROFILE).key(),
            text("chargeable_type").key().usually("hardware_profile"),
            Field.of("price", Shape.PRICE),
            text("billing_model")),
    DEPLOYABLE(
            "deployables",
            Field.ref("pool", POOL).key(),
            text("name").key(),
            text("description"),
            Field.of("assemblies", Shape.ASSEMBLIES),
            text("xml")),
    CATALOG(
            "catalogs",
            Field.ref("pool", POOL).key(),
            text("name").key(),
            text("description"),
            Field.refs("deployables", DEPLOYABLE)),
    ROLE(
            "roles",
            text("name").key(),
            text("scope"),
            Field.of("assign_to_owner", Shape.FLAG),
            Field.of("privileges", Shape.PRIVILEGES)),
    USER("users", text("name").key(), Field.of("quota", Shape.QUOTA)),
    USER_GROUP("user_groups", text("name").key(), text("description"), Field.refs("users", USER)),
    PERMISSION(
            "permissions",
            Field.ref("user", USER).among(),
            Field.ref("user_group", USER_GROUP).among(),
            Field.ref("role", ROLE).key(),
            Field.ref("pool_family", POOL_FAMILY).among(),
            Field.ref("pool", POOL).among(),
            Field.ref("catalog", CATALOG).among(),
            Field.ref("deployable", DEPLOYABLE).among(),
            Field.ref("provider", PROVIDER).among(),
            Field.ref("provider_account", PROVIDER_ACCOUNT).among(),
            Field.ref("hardware_profile", HARDWARE_PROFILE).among(),
            Field.ref("frontend_realm", FRONTEND_REALM).among());

    private final String collection;
    private final List<Field> fields;

    Kind(String collection, Field... fields) {
        this.collection = collection;
        this.fields = List.of(fields);
    }

    /// As the interface calls all of them.
    public String collection() {
        return collection;
    }

    /// As the interface calls one of them.
    public String singular() {
        return this == PROVIDER_PROFILE ? HARDWARE_PROFILE.singular() : name().toLowerCase(Locale.ROOT);
    }

    /// As people call one of them.
    public String called() {
        return singular().replace('_', ' ');
    }

    List<Field> fields() {
        return fields;
    }

    Optional<Field> field(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    /// Whether providers say what there is, and nobody else.
    public boolean onlySeen() {
        return this == PROVIDER_REALM || this == PROVIDER_PROFILE;
    }

    /// Those that are written within another in a file, and are below it at the server or refer to it.
    List<Kind> parts() {
        return switch (this) {
            case POOL -> List.of(SELECTION_STRATEGIES, PRIORITY_GROUP, ACCOUNT_OPTION, DEPLOYABLE, CATALOG);
            case IMAGE -> List.of(IMAGE_MAPPING);
            default -> List.of();
        };
    }

    /// Whether it is below a pool at the server.
    public boolean belowPool() {
        return this == SELECTION_STRATEGIES || this == PRIORITY_GROUP || this == ACCOUNT_OPTION;
    }

    /// Whether what is changed of it is sent with all the rest of it.
    boolean whole() {
        return this == COST || this == DEPLOYABLE;
    }

    /// Whether one can be taken out: prices end with the next ones, and strategies are switched off.
    boolean removable() {
        return !onlySeen() && this != COST && this != SELECTION_STRATEGIES;
    }

    /// Whether those of another kind go with the one that they are of.
    public boolean takes(Kind part) {
        return switch (this) {
            case PROVIDER -> part == PROVIDER_ACCOUNT;
            case POOL_FAMILY -> part == POOL;
            case POOL -> part == DEPLOYABLE || part == CATALOG;
            case IMAGE -> part == IMAGE_MAPPING;
            case USER, USER_GROUP -> part == PERMISSION;
            default -> false;
        };
    }

    /// The one within which it is written, if it is.
    Optional<Kind> within() {
        return Stream.of(POOL, IMAGE)
                .filter(kind -> kind.parts().contains(this))
                .findFirst();
    }

    /// Those that stand at the top of a file.
    static List<Kind> tops() {
        return Arrays.stream(values())
                .filter(kind -> !kind.onlySeen() && kind.within().isEmpty())
                .toList();
    }

    /// Those that it refers to, and those to which they refer.
    public Stream<Kind> needs() {
        return fields.stream()
                .flatMap(field -> field.of().stream())
                .flatMap(kind -> Stream.concat(Stream.of(kind), kind.needs()));
    }
}
