package holdfast.api.cimi;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Caller;
import holdfast.core.HardwareProfile;
import holdfast.core.Property.Any;
import holdfast.core.Property.Fixed;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.Action;
import holdfast.orchestrator.instances.InstanceFilter;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.VirtualCloud;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// What of a filter of machines the database is asked.
final class MachineFilterTest {
    private static final Instant NOW = Instant.parse("2031-02-03T10:00:00Z");
    private static final Face FACE = new Face(
            "http://b.example/cimi",
            new Caller("ann", "physics", false),
            (VirtualCloud) Proxy.newProxyInstance(
                    VirtualCloud.class.getClassLoader(), new Class<?>[] {VirtualCloud.class}, (_, method, _) -> {
                        throw new AssertionError(method);
                    }),
            Optional.empty(),
            Query.ALL,
            AccountThings.Offer.NOTHING,
            () -> {
                throw new AssertionError();
            },
            List::of);
    private static final HardwareProfile SMALL = new HardwareProfile(
            "small", "small", new Any(), new Fixed(BigDecimal.TWO), new Any(), List.of(), Optional.empty());

    @Provide
    static Arbitrary<InstanceView> machines() {
        return Combinators.combine(
                        Arbitraries.of("web", "db", "o'k"),
                        Arbitraries.of(InstanceState.values()),
                        Arbitraries.of(Action.values()).optional(0.5),
                        Arbitraries.maps(Arbitraries.of("tier", "role"), Arbitraries.of("front", "back")),
                        Arbitraries.longs().between(1, 2))
                .as((name, state, doing, properties, id) -> new InstanceView(
                        new UUID(7, id),
                        name,
                        Optional.empty(),
                        "ann",
                        "web-os",
                        Optional.empty(),
                        state,
                        SMALL,
                        Map.of(),
                        Set.of(),
                        NOW,
                        NOW,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        properties,
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        doing));
    }

    @Provide
    static Arbitrary<String> filters() {
        var sign = Arbitraries.of("=", "!=");
        var times = Combinators.combine(
                        Arbitraries.of("=", "!=", "<", "<=", ">", ">="),
                        Arbitraries.integers().between(9, 11))
                .as((word, hour) -> "created%s2031-02-03T%02d:00:00Z".formatted(word, hour));
        var sizes = Combinators.combine(
                        Arbitraries.of("cpu", "memory"),
                        Arbitraries.of("=", "!=", "<", "<=", ">", ">="),
                        Arbitraries.integers().between(1, 3))
                .as((name, word, size) -> name + word + size);
        var known = Combinators.combine(
                        Arbitraries.of(
                                "name%s'web'",
                                "name%s\"o'k\"",
                                "name%s7",
                                "state%s'STARTED'",
                                "state%s'STARTING'",
                                "state%s'CREATING'",
                                "state%s'DELETING'",
                                "state%s'STOPPING'",
                                "state%s'STOPPED'",
                                "state%s'ERROR'",
                                "state%s'PAUSED'",
                                "property['tier']%s'front'",
                                "property['none']%s'x'",
                                "property['tier']%s4",
                                "id%s'http://b.example/cimi/machines/" + new UUID(7, 1) + "'",
                                "id%s'" + new UUID(7, 1) + "'",
                                "cpu%s'2'",
                                "description%s'x'",
                                "machineImage%s'x'"),
                        sign)
                .as(String::formatted);
        return Arbitraries.recursive(
                () -> Arbitraries.oneOf(known, times, sizes),
                inner -> Combinators.combine(inner, Arbitraries.of(" and ", " or "), inner)
                        .as((one, word, other) -> "(" + one + word + other + ")"),
                0,
                3);
    }

    @Property(tries = 3_000)
    void the_database_is_asked_for_all_that_match_and_for_no_others_where_it_says_so(
            @ForAll("machines") InstanceView machine, @ForAll("filters") String text) {
        var filter = Filter.read(text).orThrow();
        var asked = MachineFilter.of(FACE, List.of(filter));
        boolean matches = filter.matches(Machines.document(FACE, machine));
        if (asked.exact()) assertThat(asked.which().holds(machine)).as(text).isEqualTo(matches);
        else if (matches) assertThat(asked.which().holds(machine)).as(text).isTrue();
    }

    @Test
    void name_state_id_size_and_properties_are_asked_of_the_database_and_the_rest_is_looked_at() {
        for (var exact : List.of(
                "name='a'",
                "state!='ERROR' or name='b'",
                "id='x'",
                "property['a']!='b'",
                "cpu>=2 and memory<1048576",
                "created>2031-02-03T10:00:00Z"))
            assertThat(MachineFilter.of(FACE, List.of(Filter.read(exact).orThrow()))
                            .exact())
                    .as(exact)
                    .isTrue();
        var part = MachineFilter.of(
                FACE, List.of(Filter.read("name='a' and description='x'").orThrow()));
        assertThat(part.exact()).isFalse();
        assertThat(part.which().toString()).as("few are looked at").contains(new InstanceFilter.Named("a").toString());
    }
}
