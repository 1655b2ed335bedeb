package holdfast.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetupFileTest {
    private static List<Item> read(String text) {
        return SetupFile.read(text, name -> Optional.of(name).filter("KNOWN"::equals), file -> "text of " + file + "\n")
                .items();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pool: []                                            | there is no pool to be set up; there are provider_types
            pools: {name: a}                                    | pools must be a list
            pools: [a]                                          | pools[0] must be a mapping
            pools: [{name: a, size: 3}]                         | pools[0]: a pool has no size; it has pool_family, name
            pools: [{description: a}]                           | pools[0]: name is missing
            pools: [{name: a}, {name: a}]                       | pools[1]: pool default/a is there twice
            pools: [{name: a, enabled: perhaps}]                | pools[0]: enabled must be true or false
            pools: [{name: a, quota: {running: 1}}]             | pools[0]: quota knows no running; it has maximum_running
            pools: [{name: a, priority_groups: [{name: g, score: high}]}] | pools[0].priority_groups[0]: score must be a whole
            hardware_profiles: [{name: a, memory: much}]        | hardware_profiles[0]: memory must be a number
            images: [{id: a, image_mappings: [{provider_image: b}]}] | say either provider_account or provider
            permissions: [{role: Pool User}]                    | permissions[0]: say either user or user_group
            pool_families: [{name: '${UNKNOWN}'}]               | the variable UNKNOWN is not set; set it first: export UNKNOWN=...
            provider_accounts: [{name: a, credentials: {password: open}}] | does not stand in this file: write ${NAME}
            permissions: [{user: a, role: b, pool: p, provider: q}] | a permission is on one thing, or on all
            pools: [{name: a, deployables: [{name: d}]}]        | pools[0].deployables[0]: say either assemblies or xml
            pools: [{name: a, deployables: [{name: d, assemblies: [{nam: b}]}]}] | assemblies knows no nam; it has name, hwp
            roles: [{name: a, privileges: [{on: b}]}]           | roles[0]: privileges knows no on; it has target_type, action
            users: [{name: "a\\e[31m"}]                         | users[0]: name has control characters
            pools: [                                            | line
            """)
    void what_is_wrong_is_told_with_its_place(String text, String expected) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(SetupException.class).hasMessageContaining(expected);
    }

    @Test
    void a_key_that_is_there_twice_hides_nothing() {
        assertThatThrownBy(() -> read("pools: []\npools: []\n")).hasMessageContaining("uplicate");
    }

    @Test
    void variables_are_filled_in_and_a_pool_is_found_by_its_own_name() {
        var items = read("""
                pool_families: [{name: "f-${KNOWN}"}]
                pools: [{name: a, pool_family: "f-${KNOWN}"}]
                permissions:
                  - {user: bob, role: Pool User, pool: a}
                  - {user: bob, role: Pool User, pool: b}
                  - {user: bob, role: Catalog User, catalog: a/best}
                """);
        assertThat(items.stream().map(Item::key))
                .containsExactly(
                        "f-KNOWN",
                        "f-KNOWN/a",
                        "user=bob/Pool User/pool=f-KNOWN/a",
                        "user=bob/Pool User/pool=default/b",
                        "user=bob/Catalog User/catalog=f-KNOWN/a/best");
    }

    @Test
    void a_catalog_names_deployables_of_its_pool_whose_xml_may_be_a_file() {
        var items = read("""
                pools:
                  - name: a
                    deployables: [{name: d, xml: {file: d.xml}}]
                    catalogs: [{name: c, deployables: [d]}]
                """);
        assertThat(items.get(1).fields().get("xml").asString()).isEqualTo("text of d.xml");
        assertThat(items.get(2).refs()).contains(items.get(1).ref());
    }
}
