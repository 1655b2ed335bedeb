package holdfast.cli.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PlanTest {
    private static final int MOST = 4;

    /// What somebody may want: a few of each kind, which refer to each other at random.
    private static List<Item> wanted(Random dice) {
        var items = new ArrayList<Item>();
        for (var kind : Kind.values()) {
            if (kind.onlySeen() || !items.stream().map(Item::kind).toList().containsAll(needed(kind))) continue;
            for (int n = 0; n < dice.nextInt(MOST); n++) {
                var item = new Item(kind, fields(kind, items, dice));
                if (items.stream()
                        .noneMatch(one -> one.kind() == kind && one.key().equals(item.key()))) items.add(item);
            }
        }
        return items;
    }

    private static List<Kind> needed(Kind kind) {
        return kind.fields().stream()
                .flatMap(field -> field.of().stream())
                .filter(of -> !of.onlySeen())
                .toList();
    }

    private static Map<String, JsonNode> fields(Kind kind, List<Item> items, Random dice) {
        var fields = new LinkedHashMap<String, JsonNode>();
        for (var field : kind.fields()) {
            if (field.of().filter(Kind::onlySeen).isPresent() || !field.identifies() && dice.nextBoolean()) continue;
            var others = items.stream()
                    .filter(item -> field.of().filter(of -> of == item.kind()).isPresent())
                    .map(Item::key)
                    .toList();
            fields.put(
                    field.name(),
                    switch (field.shape()) {
                        case PRIVILEGES -> Json.object().set("Pool", Json.toTree(List.of("view")));
                        case REF -> Json.toTree(others.get(dice.nextInt(others.size())));
                        case REFS ->
                            Json.toTree(others.stream()
                                    .filter(_ -> dice.nextBoolean())
                                    .sorted()
                                    .toList());
                        case CREDENTIALS -> Json.object().put("password", "p" + dice.nextInt(MOST));
                        case STRATEGIES -> Json.array().add(Json.object().put("name", "s" + dice.nextInt(MOST)));
                        default -> Json.toTree(field.name() + dice.nextInt(MOST));
                    });
        }
        return fields;
    }

    /// What may be there already: some of it, some of that otherwise.
    private static Map<Item.Ref, Item> there(List<Item> wanted, Random dice) {
        var there = new LinkedHashMap<Item.Ref, Item>();
        for (var item : wanted) {
            boolean bound = item.refs().stream().allMatch(there::containsKey);
            if (!bound || dice.nextBoolean()) continue;
            var fields = new LinkedHashMap<>(item.fields());
            for (var field : item.kind().fields())
                if (!field.identifies() && field.of().isEmpty() && dice.nextInt(MOST) == 0)
                    fields.put(
                            field.name(),
                            field.shape() == Field.Shape.STRATEGIES ? Json.array() : Json.toTree("other"));
            put(there, new Item(item.kind(), fields));
        }
        return there;
    }

    private static void put(Map<Item.Ref, Item> there, Item item) {
        there.put(item.ref(), item);
    }

    @Property(tries = 300)
    void once_its_steps_are_taken_there_is_nothing_to_do_and_each_finds_what_it_refers_to(@ForAll long seed) {
        var dice = new Random(seed);
        var wanted = wanted(dice);
        var there = there(wanted, dice);
        var before = there.size();
        var plan = Plan.of(wanted, List.copyOf(there.values()), false);
        for (var step : plan.steps()) {
            assertThat(there.keySet()).as(step.name()).containsAll(step.item().refs());
            var ref = step.item().ref();
            assertThat(there.containsKey(ref)).isEqualTo(step.verb() != Step.Verb.CREATE);
            var fields = new LinkedHashMap<String, JsonNode>();
            if (step.verb() == Step.Verb.CHANGE) fields.putAll(there.get(ref).fields());
            step.fields().forEach(name -> fields.put(name, step.item().fields().get(name)));
            put(there, new Item(ref.kind(), fields));
        }
        assertThat(Plan.of(wanted, List.copyOf(there.values()), false).steps()).isEmpty();
        assertThat(there).hasSize(wanted.size());
        assertThat(plan.count(Step.Verb.CREATE)).isEqualTo(wanted.size() - before);
    }

    private static List<Item> read(String text) {
        return SetupFile.read(text, name -> java.util.Optional.of("value-of-" + name), file -> "text-of-" + file + "\n")
                .items();
    }

    @Test
    void what_is_missing_is_named_before_anything_is_done() {
        var wanted = read("""
                providers:
                  - {name: north, url: "http://north/", provider_type: mock}
                provider_accounts:
                  - {name: ours, provider: nroth, credentials: {username: ann, password: "${P}"}}
                """);
        assertThatThrownBy(() -> Plan.of(wanted, List.of(), false))
                .hasMessage("provider account ours: there is no provider nroth, neither in the file nor at the server;"
                        + " there are north");
    }

    @Test
    void parts_that_only_a_look_at_a_new_provider_shows_are_waited_for() {
        var wanted = read("""
                providers:
                  - {name: north, url: "http://north/", provider_type: mock}
                frontend_realms:
                  - {name: europe, provider_realms: [north/us]}
                """);
        assertThat(Plan.of(wanted, List.of(), false).steps()).hasSize(2);
        var seen = new Item(Kind.PROVIDER_REALM, Map.of("provider", Json.toTree("north"), "name", Json.toTree("eu")));
        assertThatThrownBy(() -> Plan.of(wanted, List.of(seen), false)).hasMessageContaining("there are north/eu");
    }

    @Test
    void a_secret_that_is_there_is_left_unless_it_is_to_be_renewed_and_never_told() {
        var wanted = read("""
                provider_accounts:
                  - name: ours
                    provider: north
                    credentials: {username: ann, password: "${P}", x509public: {file: cert.pem}}
                """);
        var names = new Directory();
        Request.shown(Kind.PROVIDER, Json.object().put("id", "1").put("name", "north"), none(), names);
        var account = Json.tree("""
                {"id": "2", "name": "ours", "provider": {"id": "1"}, "quota": {"maximum_running_instances": "unlimited"},
                 "credentials": {"username": "ann", "password": "********", "x509public": "********"}}""");
        var there = new ArrayList<Item>();
        there.add(new Item(Kind.PROVIDER, Map.of("name", Json.toTree("north"))));
        there.addAll(Request.shown(Kind.PROVIDER_ACCOUNT, account, none(), names).stream()
                .toList());
        assertThat(Plan.of(wanted, there, false).steps()).isEmpty();
        var step = Plan.of(wanted, there, true).steps().getFirst();
        assertThat(step.lines() + step.json().toString())
                .contains("password=********")
                .doesNotContain("value-of", "text-of");
        assertThat(Request.of(step, names)
                        .body()
                        .at("/provider_account/credentials")
                        .toString())
                .isEqualTo("{\"password\":\"value-of-P\",\"username\":\"ann\",\"x509public\":\"text-of-cert.pem\"}");
    }

    private static java.util.Optional<String> none() {
        return java.util.Optional.empty();
    }

    @Test
    void measures_are_compared_by_what_they_mean() {
        var wanted = read("""
                hardware_profiles:
                  - {name: a, memory: 512.0, cpu: {first: 1, last: 4}, storage: [20, 40], architecture: x86_64}
                """);
        var there = Json.tree("""
                {"id": "1", "name": "a", "memory": {"id": "1.memory", "unit": "MB", "value": 512},
                 "cpu": {"unit": "count", "kind": "range", "first": 1, "last": "4", "value": "nil"},
                 "storage": {"unit": "GB", "kind": "enum", "entries": ["20", 40], "value": "nil"},
                 "architecture": {"unit": "label", "value": "x86_64"}}""");
        var item = Request.shown(Kind.HARDWARE_PROFILE, there, none(), new Directory());
        assertThat(Plan.of(wanted, item.stream().toList(), false).steps()).isEmpty();
    }

    @Test
    void steps_are_in_the_order_of_kinds_whatever_the_order_of_the_file() {
        var wanted = read("""
                permissions: [{user: bob, role: Looker, pool: dev}]
                roles: [{name: Looker, scope: Pool, privileges: {Pool: [view]}}]
                users: [{name: bob}]
                pools: [{name: dev, pool_family: trial, selection_strategies: [weighting]}]
                pool_families: [{name: trial}]
                """);
        assertThat(Plan.of(wanted, List.of(), false).steps().stream()
                        .map(Step::name)
                        .collect(Collectors.toList()))
                .containsExactly(
                        "pool family trial",
                        "pool trial/dev",
                        "selection strategies trial/dev",
                        "role Looker",
                        "user bob",
                        "permission user=bob/Looker/pool=trial/dev");
    }

    /// Which lists a file names: all, or those that the dice choose.
    private static Set<Wanted.ListOf> lists(List<Item> items, Random dice) {
        return items.stream().map(Item::list).filter(_ -> dice.nextBoolean()).collect(Collectors.toSet());
    }

    @Property(tries = 300)
    void what_is_pruned_is_in_a_list_that_is_named_and_goes_before_what_it_refers_to(@ForAll long seed) {
        var dice = new Random(seed);
        var all = wanted(dice);
        var wanted = all.stream().filter(_ -> dice.nextBoolean()).toList();
        var staying =
                all.stream().map(Item::ref).filter(_ -> dice.nextInt(MOST) == 0).collect(Collectors.toSet());
        var lists = lists(all, dice);
        var there = new There(all, staying);
        var plan = new Plan(List.of()).pruning(new Wanted(wanted, lists), there);
        var left = all.stream().collect(Collectors.toMap(Item::ref, item -> item));
        for (var step : plan.steps()) {
            assertThat(step.verb()).isEqualTo(Step.Verb.REMOVE);
            assertThat(lists).contains(step.item().list());
            assertThat(staying).doesNotContain(step.item().ref());
            assertThat(wanted).doesNotContain(step.item());
            left.remove(step.item().ref());
            assertThat(plan.steps().stream()
                            .map(Step::item)
                            .filter(item -> left.containsKey(item.ref()))
                            .flatMap(item -> item.refs().stream()))
                    .as("what goes later refers to nothing that is gone")
                    .allMatch(left::containsKey);
        }
        var rest = new There(List.copyOf(left.values()), staying);
        assertThat(new Plan(List.of()).pruning(new Wanted(wanted, lists), rest).steps())
                .isEmpty();
        assertThat(left.keySet())
                .containsAll(wanted.stream().map(Item::ref).toList())
                .containsAll(staying);
    }

    @Test
    void what_something_that_is_wanted_refers_to_is_not_pruned_and_what_goes_along_is_told() {
        var all = read("""
                providers: [{name: north, url: "http://n/"}, {name: south, url: "http://s/"}]
                provider_accounts:
                  - {name: ours, provider: north, credentials: {username: a}}
                  - {name: theirs, provider: south, credentials: {username: a}}
                pool_families: [{name: trial, provider_accounts: [ours]}]
                """);
        var file = SetupFile.read(
                "providers: []\npool_families: [{name: trial, provider_accounts: [ours]}]", _ -> none(), _ -> "");
        var steps = new Plan(List.of()).pruning(file, new There(all, Set.of())).steps();
        assertThat(steps.stream().map(Step::name)).containsExactly("provider south");
        assertThat(steps.getFirst().lines()).containsExactly("and its provider account theirs");
    }

    @Test
    void nobody_prunes_itself_nor_what_is_there_from_the_start() {
        var names = new Directory();
        var found = new ArrayList<Item>();
        for (var shown : List.of(
                Map.entry(Kind.ROLE, "{'id': 'r1', 'name': 'Pool User', 'scope': 'Pool', 'built_in': true}"),
                Map.entry(Kind.ROLE, "{'id': 'r2', 'name': 'Looker', 'scope': 'BasePermissionObject'}"),
                Map.entry(Kind.USER, "{'id': 'u1', 'name': 'ann', 'self': true}"),
                Map.entry(Kind.USER, "{'id': 'u2', 'name': 'bob'}"),
                Map.entry(Kind.PERMISSION, "{'id': 'p1', 'entity': {'id': 'u1'}, 'role': {'id': 'r2'}}"),
                Map.entry(Kind.PERMISSION, "{'id': 'p2', 'entity': {'id': 'u2'}, 'role': {'id': 'r2'}}"),
                Map.entry(
                        Kind.PERMISSION,
                        "{'id': 'p3', 'entity': {'id': 'u2'}, 'role': {'id': 'r2'}, 'object': {'type': 'Instance', 'id': 'i'}}")))
            Request.shown(shown.getKey(), Json.tree(shown.getValue().replace('\'', '"')), none(), names)
                    .ifPresent(found::add);
        var file = SetupFile.read("roles: []\nusers: []\npermissions: []\n", _ -> none(), _ -> "");
        var plan = new Plan(List.of()).pruning(file, new There(found, names.staying()));
        assertThat(plan.steps().stream().map(Step::name))
                .containsExactly("permission user=bob/Looker", "user bob", "role Looker");
        assertThat(Request.of(plan.steps().getFirst(), names))
                .isEqualTo(new Request("DELETE", List.of("permissions", "p2"), Json.object()));
    }
}
