package holdfast.api.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The fields that bodies may have. What would be passed over is refused: a limit that is spelt wrong would be none.
/// What is shown of something may be sent back with it.
final class Known {
    private static final Set<String> ALWAYS =
            words("id href created_at updated_at lock_version built_in " + Element.VALUE);
    private static final Set<String> QUOTA = words("maximum_running_instances maximum_total_instances");
    private static final Set<String> MEASURE =
            words("unit kind first last range_first range_last entries property_enum_entries");

    /// By the name of the root. Deployables are passed on with all that is in them.
    private static final Map<String, Set<String>> FIELDS = Map.ofEntries(
            of("pool_family", "name description quota provider_accounts mapper_url default pools images"),
            of(
                    "pool",
                    "name description pool_family quota enabled default deterministic exported_as deployments"
                            + " deployables catalogs selection_strategies priority_groups account_options"),
            of("selection_strategy", "name enabled position config"),
            of("priority_group", "name score providers provider_accounts"),
            of("account_option", "provider_account score"),
            of(
                    "provider_type",
                    "name deltacloud_driver through ssh_user home_dir credential_definitions"
                            + " ignored_hardware_profiles goes_to_stop_after_creation stopped_instances_disappear"
                            + " destroy_supported"),
            of(
                    "provider",
                    "name url provider_type deltacloud_provider enabled terminate available provider_accounts"
                            + " hardware_profiles provider_realms"),
            of(
                    "provider_account",
                    "label name provider provider_type credentials quota quota_used priority provider_realms"),
            of("hardware_profile", "name memory cpu storage architecture root_type provider external_key"),
            of("frontend_realm", "name description provider_realms providers"),
            of("mapping", "provider_realm provider"),
            of("cost", "hardware_profile chargeable_type price billing_model valid_from"),
            of("image", "uuid name description owner architecture pool_family state builds creation_time"),
            of("image_mapping", "image build provider_account provider provider_image status"),
            of("catalog", "name description pool deployables"),
            of(
                    "deployment",
                    "name description pool deployable deployable_xml frontend_realm partial_launch parameters"),
            of(
                    "instance",
                    "name description pool image hardware_profile instance_hwp frontend_realm ssh_key_name user_data"
                            + " properties stopped driver"),
            of("user", "name quota self"),
            of("user_group", "name description users"),
            of("role", "name scope assign_to_owner privileges"),
            of("permission", "entity role object"));

    /// The same of what is in a field.
    private static final Map<String, Set<String>> INSIDE = Map.of(
            "quota", QUOTA,
            "object", words("type id"),
            "memory", MEASURE,
            "cpu", MEASURE,
            "storage", MEASURE,
            "architecture", MEASURE);

    /// What else the fields say that have others in them; the rest of those may be one text as well.
    private static final Map<String, String> ONLY = Map.of("quota", "unlimited", "object", "");

    private Known() {}

    private static Map.Entry<String, Set<String>> of(String root, String fields) {
        return Map.entry(root, words(fields));
    }

    private static Set<String> words(String text) {
        return Set.copyOf(List.of(text.split(" ", 50)));
    }

    /// @throws Failure if it has a field that nobody would look at
    static void check(Element body) {
        var fields = Optional.ofNullable(FIELDS.get(body.name()));
        fields.ifPresent(known -> {
            check(body, known, body.name());
            for (var child : body.children()) {
                Optional.ofNullable(INSIDE.get(child.name())).ifPresent(inside -> checkInside(child, inside));
            }
        });
    }

    private static void checkInside(Element field, Set<String> known) {
        check(field, known, field.name());
        var told = field.value().map(Object::toString).map(String::strip).orElse("");
        var only = ONLY.getOrDefault(field.name(), told);
        if (!told.isEmpty() && !told.equals(only)) {
            throw Failure.invalid(field.name(), field.name() + " has " + listed(known));
        }
    }

    private static void check(Element said, Set<String> known, String where) {
        var unknown = Stream.concat(
                        said.attributes().keySet().stream(),
                        said.children().stream().map(Element::name))
                .filter(name -> !known.contains(name) && !ALWAYS.contains(name))
                .findFirst();
        if (unknown.isPresent()) {
            var name = unknown.get().substring(0, Math.min(100, unknown.get().length()));
            throw Failure.invalid(name, "there is no field " + name + " in " + where + ", which has " + listed(known));
        }
    }

    private static String listed(Set<String> known) {
        return new TreeSet<>(known).stream().collect(Collectors.joining(", "));
    }
}
