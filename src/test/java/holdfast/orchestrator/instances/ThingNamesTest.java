package holdfast.orchestrator.instances;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.RefusedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class ThingNamesTest {
    private static final UUID ACCOUNT = UUID.fromString("0190f0d3-0000-7000-8000-000000000001");

    private static ThingNames names() {
        return new ThingNames(ACCOUNT, _ -> Map.of(), _ -> Optional.empty(), Optional.empty());
    }

    @Property
    void whatever_a_provider_calls_a_thing_its_id_is_a_word_that_leads_back(
            @ForAll @StringLength(min = 1, max = 200) String key) {
        var names = names();
        var id = names.id(key);
        assertThat(id).matches("[A-Za-z0-9_.~-]{1,128}");
        assertThat(names.key(id)).isEqualTo(key);
        assertThat(ThingNames.account(id)).contains(ACCOUNT);
        assertThat(ThingNames.isSurrogate(ThingNames.rest(id)))
                .as("what cannot be read back is noted")
                .isEqualTo(names.odd().contains(key));
        if (names.odd().isEmpty()) assertThat(ThingNames.rest(id)).isEqualTo(key);
    }

    @Test
    void a_key_that_looks_like_a_short_name_is_taken_for_no_other() {
        var names = names();
        var odd = names.id("a b");
        var like = names.id(ThingNames.rest(odd));
        assertThat(like).isNotEqualTo(odd);
        assertThat(names.key(odd)).isEqualTo("a b");
        assertThat(names.odd()).hasSize(2);
    }

    @Test
    void what_is_no_id_of_ours_has_no_account() {
        assertThat(ThingNames.account("vol1")).isEmpty();
        assertThat(ThingNames.account("web~vol1")).isEmpty();
        assertThat(ThingNames.account("0-0-0-0-1~vol1")).as("written otherwise").isEmpty();
        assertThatThrownBy(() -> names().key(ACCOUNT + "~vol1"))
                .as("never told")
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void instances_that_are_met_together_are_looked_up_together() {
        var asked = new ArrayList<Collection<String>>();
        var id = new UUID(1, 2);
        var names = new ThingNames(
                ACCOUNT,
                keys -> {
                    asked.add(keys);
                    return Map.of("i-1", id);
                },
                _ -> Optional.empty(),
                Optional.empty());
        names.meet(List.of("i-1", "i-2", "i-1"));
        assertThat(names.instance("i-1")).contains(id);
        assertThat(names.instance("i-2")).isEmpty();
        assertThat(asked).containsExactly(List.of("i-1", "i-2"));
    }
}
