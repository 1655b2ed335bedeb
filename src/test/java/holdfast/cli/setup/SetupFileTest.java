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
        return SetupFile.read(text, name -> Optional.of(name).filter("KNOWN"::equals), _ -> "");
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
            pool_families: [{name: '${UNKNOWN}'}]               | the variable UNKNOWN is not set
            provider_accounts: [{name: a, credentials: {password: open}}] | does not stand in this file: write ${NAME}
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
                permissions: [{user: bob, role: Pool User, pool: a}, {user: bob, role: Pool User, pool: b}]
                """);
        assertThat(items.stream().map(Item::key))
                .containsExactly(
                        "f-KNOWN",
                        "f-KNOWN/a",
                        "user=bob/Pool User/pool=f-KNOWN/a",
                        "user=bob/Pool User/pool=default/b");
    }
}
