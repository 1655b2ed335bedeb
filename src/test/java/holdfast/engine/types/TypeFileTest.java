package holdfast.engine.types;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.types.ResourceType.Origin;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The types that come with the product, against the tables of cattle.md 3.1 and 3.2.
final class TypeFileTest {
    /// Lived in 2014 and 2015 only.
    private static final Set<String> OLD = Set.of(
            "vnet",
            "hostVnetMap",
            "subnetVnetMap",
            "networkService",
            "networkServiceProvider",
            "networkServiceProviderInstanceMap",
            "offering");

    private static final List<ResourceType> ALL = TypeFile.standard();

    private static ResourceType type(String name) {
        return ALL.stream().filter(type -> type.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void with_restore_and_backup_apart_there_are_the_306_processes_on_61_types_of_2020() {
        var types = ALL.stream()
                .filter(type -> type.origin() == Origin.FILE && type.base().isEmpty())
                .filter(type -> !OLD.contains(type.name()))
                .toList();
        assertThat(types).hasSize(61);
        assertThat(types.stream()
                        .flatMap(type -> type.processes().stream())
                        .filter(process -> !process.verb().equals("restore")
                                && !process.name().equals("snapshot.backup")))
                .hasSize(306);
    }

    @Test
    void subtypes_live_the_life_of_their_base() {
        var types = new Types();
        types.replace(ALL);
        assertThat(ALL.stream().filter(type -> type.base().isPresent()).map(ResourceType::name))
                .containsExactlyInAnyOrder(
                        "project",
                        "apiKey",
                        "registrationToken",
                        "sshKey",
                        "password",
                        "agentApiKey",
                        "usernamePassword",
                        "container",
                        "virtualMachine");
        assertThat(types.root(type("container"))).isEqualTo(type("instance"));
        assertThat(types.transitioning("virtualMachine")).contains("starting").doesNotContain("activating");
    }

    @Test
    void types_are_found_by_plural_and_alias_in_any_case() {
        var types = new Types();
        types.replace(ALL);
        assertThat(types.named("IPADDRESSES")).contains(type("ipAddress"));
        assertThat(types.named("serviceindexes")).contains(type("serviceIndex"));
        assertThat(types.named("environments")).contains(type("stack"));
        assertThat(types.named("environment")).contains(type("stack"));
    }

    @Test
    void every_type_has_a_description_and_its_fields_have() {
        assertThat(ALL).allSatisfy(type -> {
            assertThat(type.description()).as(type.name()).endsWith(".");
            assertThat(type.fields())
                    .allSatisfy(field -> assertThat(field.description())
                            .as(type.name() + "." + field.name())
                            .isNotBlank());
        });
    }

    @Test
    void types_of_the_settings_go_on_from_create() {
        assertThat(ALL.stream()
                        .filter(ResourceType::activates)
                        .map(ResourceType::name)
                        .collect(Collectors.toSet()))
                .contains("instance", "container", "account", "externalHandler", "physicalHost", "vnet")
                .doesNotContain("volume", "host", "service", "pool");
        assertThat(type("instance").process("create").orElseThrow().delegate()).contains("instance.start");
    }
}
