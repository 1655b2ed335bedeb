package holdfast.api.deltacloud;

import holdfast.orchestrator.instances.AccountThings.Offer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What collections can do beyond what all of them can, as the entry point says it (aeolus.md 5.3.3).
final class Features {
    private static final String INSTANCES = "instances";
    private static final String IMAGES = "images";

    /// Each with the operation and the fields that it means. First those of `create`.
    private static final Map<String, Feature> KNOWN = List.of(
                    "user_name create name",
                    "user_data create user_data",
                    "authentication_key create keyname",
                    "authentication_password create password",
                    "firewalls create firewalls",
                    "metrics create metrics",
                    "instance_count create instance_count",
                    "attach_snapshot create snapshot_id device_name",
                    "register_to_load_balancer create load_balancer_id",
                    "user_files create user_files",
                    "user_iso create user_iso",
                    "sandboxing create sandbox",
                    "first_boot_dev create first_boot_dev",
                    "image_name create name",
                    "image_description create description",
                    "bucket_location create location",
                    "import_key create public_key",
                    "volume_name create name",
                    "volume_description create description",
                    "realm_filter index realm_id",
                    "owner_id index owner_id")
            .stream()
            .map(Feature::of)
            .collect(Collectors.toUnmodifiableMap(Feature::name, feature -> feature));

    /// What the broker does itself, whatever its accounts can.
    private static final Map<String, String> OWN = Map.of(
            INSTANCES, "user_name user_data instance_count realm_filter",
            IMAGES, "owner_id");

    /// What types of providers are known for, where no account says it.
    private static final Map<String, Map<String, String>> TYPES = Map.of(
            "mock",
            Map.of(INSTANCES, "user_name authentication_key metrics realm_filter", IMAGES, "user_name"),
            "ec2",
            Map.of(
                    INSTANCES,
                    "user_data authentication_key firewalls instance_count metrics attach_snapshot",
                    IMAGES,
                    "owner_id image_name image_description",
                    "buckets",
                    "bucket_location"),
            "openstack",
            Map.of(
                    INSTANCES,
                    "user_name authentication_key authentication_password user_files user_data",
                    IMAGES,
                    "image_name",
                    "keys",
                    "import_key",
                    "storage_volumes",
                    "volume_name volume_description"),
            "rackspace",
            Map.of(INSTANCES, "user_name authentication_password user_files"),
            "rhevm",
            Map.of(INSTANCES, "user_data user_name first_boot_dev"),
            "vsphere",
            Map.of(INSTANCES, "user_iso user_data user_name"));

    private static final String LONGEST = "max_length";
    private static final Map<String, Map<String, String>> BOUNDS = Map.of("user_name", Map.of(LONGEST, "50"));

    private Features() {}

    /// @param operation `create` or `index`
    record Feature(String name, String operation, List<String> fields) {
        private static Feature of(String text) {
            var words = Arrays.asList(text.split(" "));
            return new Feature(words.getFirst(), words.get(1), words.subList(2, words.size()));
        }
    }

    /// In the order of their names.
    static List<Feature> of(String driver, String collection, Offer offer) {
        var names = new TreeSet<>(offer.features().getOrDefault(collection, Set.of()));
        var listed = driver.equals(Ask.BROKER)
                ? OWN
                : offer.features().isEmpty() ? TYPES.getOrDefault(driver, Map.of()) : Map.<String, String>of();
        names.addAll(words(listed.getOrDefault(collection, "")));
        return names.stream().filter(KNOWN::containsKey).map(KNOWN::get).toList();
    }

    /// Rules of its fields, by name.
    static Map<String, String> bounds(String driver, Feature feature) {
        return driver.equals(Ask.BROKER) || driver.equals("rhevm")
                ? BOUNDS.getOrDefault(feature.name, Map.of())
                : Map.of();
    }

    /// A name of something new, which is not longer than entry points say that it may be.
    static String fitting(String driver, String name) {
        var most = Optional.ofNullable(KNOWN.get("user_name"))
                .flatMap(feature -> Optional.ofNullable(bounds(driver, feature).get(LONGEST)))
                .map(Integer::parseInt);
        if (most.filter(longest -> name.codePointCount(0, name.length()) > longest)
                .isPresent()) {
            throw Problem.malformed("Parameter 'name' is '" + Problem.shorten(name) + "', which has more than "
                    + most.get() + " characters");
        }
        return name;
    }

    /// Whether a field of a launch may be handed on.
    ///
    /// @param field without a number at its end
    /// @return true for what is no feature
    static boolean handsOn(String field, Offer offer) {
        return KNOWN.values().stream()
                .filter(feature -> feature.fields.contains(field) && feature.operation.equals("create"))
                .allMatch(feature -> offer.has(INSTANCES, feature.name));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(" "));
    }
}
