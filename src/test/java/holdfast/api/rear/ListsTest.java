package holdfast.api.rear;

import static holdfast.protocol.rear.Samples.quantity;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.federation.wire.Published;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Location;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// LIST_FLAVORS over HTTP (fluidos.md 5.3, 5.4).
@Timeout(300)
final class ListsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain domain = new RearDomain(test);

    private static List<String> ids(RearDomain.Answer answer, String key) {
        return StreamSupport.stream(answer.json().spliterator(), false)
                .map(flavor -> flavor.path(key).asString(""))
                .toList();
    }

    @Test
    void everything_available_is_listed_in_both_dialects_and_nothing_is_204_for_nodes() {
        assertThat(domain.get(RearDomain.LIST)).satisfies(nothing -> {
            assertThat(nothing.status()).isEqualTo(204);
            assertThat(nothing.text()).isEmpty();
        });
        assertThat(domain.get(RearDomain.LIST, "Accept", "application/json; profile=\"rear-doc\""))
                .satisfies(nothing -> {
                    assertThat(nothing.status()).isEqualTo(200);
                    assertThat(nothing.text()).isEqualTo("[]");
                });
        var slice = domain.offer();
        var machine = domain.offer(Samples.vm());
        var sold = domain.offer();
        assertThat(domain.post(RearDomain.RESERVE, RearDomain.reservation(sold, "anna", "", "", ""))
                        .status())
                .isEqualTo(200);

        var listed = domain.get(RearDomain.LIST);
        assertThat(listed.header("content-type")).contains("application/json");
        assertThat(ids(listed, "flavorID")).containsExactlyInAnyOrder(slice, machine);
        Published.assertConforms("wire/node-flavor-list", listed.text());
        var documented = domain.get(RearDomain.LIST, "Accept", "application/json; profile=\"rear-doc\"");
        assertThat(ids(documented, "flavorId")).containsExactlyInAnyOrder(slice, machine);
        documented.json().forEach(flavor -> Published.assertConforms("schemas/flavor", flavor.toString()));
    }

    @Test
    void the_cheapest_is_listed_first_and_what_has_no_price_last() {
        var dear = domain.offer(priced("0.90"));
        var free = domain.offer(priced("call us"));
        var cheap = domain.offer(priced("0.10"));
        assertThat(ids(domain.get(RearDomain.LIST), "flavorID")).containsExactly(cheap, dear, free);
    }

    private static Flavor priced(String amount) {
        var sample = Samples.flavor("root", Samples.slice());
        return new Flavor(
                sample.id(),
                sample.provider(),
                sample.owner(),
                sample.kind(),
                Optional.of(new Price(amount, "EUR", "hour")),
                true,
                sample.network(),
                sample.place(),
                sample.since(),
                Map.of());
    }

    /// Twenty flavors: n CPUs, n Gi, 10 n pods; each second with storage, each fourth of another architecture.
    private Map<String, Integer> twenty() {
        var names = new java.util.TreeMap<String, Integer>();
        for (int n = 1; n <= 20; n++) {
            var amounts = vector("" + n, n + "Gi", "" + 10 * n);
            var kind = new K8Slice(
                    n % 4 == 0 ? "arm64" : "amd64",
                    n % 2 == 0 ? amounts.with(Dimension.STORAGE, quantity(n + "Gi")) : amounts,
                    Optional.empty(),
                    Properties.NONE,
                    Policy.FREE);
            var sample = Samples.flavor("root-" + n, kind);
            names.put(
                    domain.offer(new Flavor(
                            sample.id(),
                            sample.provider(),
                            sample.owner(),
                            kind,
                            sample.price(),
                            true,
                            sample.network(),
                            new Location("", "", n > 10 ? "Italy" : "France", "", ""),
                            sample.since(),
                            Map.of())),
                    n);
        }
        return names;
    }

    private static String encoded(String query) {
        return List.of(query.split("&")).stream()
                .map(part -> {
                    var sides = part.split("=", 2);
                    return encode(sides[0]) + "=" + encode(sides[1]);
                })
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void selectors_over_twenty_flavors() {
        var names = twenty();
        Map<String, List<Integer>> expected = Map.ofEntries(
                Map.entry("filter[cpu][match]=4", List.of(4)),
                Map.entry("filter[cpu][exact]=4000m", List.of(4)),
                Map.entry("filter[cpu][range][min]=18", List.of(18, 19, 20)),
                Map.entry("filter[cpu][range][max]=2", List.of(1, 2)),
                Map.entry("filter[cpu][range][min]=5&filter[cpu][range][max]=6500m", List.of(5, 6)),
                Map.entry("filter[memory][range][min]=19Gi", List.of(19, 20)),
                Map.entry("filter[memory][match]=3221225472", List.of(3)),
                Map.entry("filter[pods][match]=70", List.of(7)),
                Map.entry("filter[pods][range][max]=10", List.of(1)),
                Map.entry("filter[storage][range][min]=17Gi", List.of(18, 20)),
                Map.entry("[storage][match]=8Gi", List.of(8)),
                Map.entry("filter[storage][match]=0&filter[cpu][range][max]=5", List.of(1, 3, 5)),
                Map.entry("filter[architecture][match]=arm64", List.of(4, 8, 12, 16, 20)),
                Map.entry("filter[architecture][regex]=^arm&filter[cpu][range][min]=16", List.of(16, 20)),
                Map.entry("filter[architecture][regex]=m6&filter[cpu][range][max]=5", List.of(4)),
                Map.entry("filter[location.country][match]=Italy&filter[cpu][range][max]=12", List.of(11, 12)),
                Map.entry("filter[cpu][match]=4&filter[memory][match]=5Gi", List.of()),
                Map.entry("filter[cpu][match]=4&filter[cpu][match]=5", List.of(4)),
                Map.entry("limit=3&filter[cpu][match]=4", List.of(4)));
        expected.forEach((query, flavors) -> {
            for (var path : List.of("/k8slice?", "/k8slices?")) {
                var answer = domain.get(RearDomain.LIST + path + encoded(query));
                assertThat(answer.status()).as(query + ": " + answer.text()).isEqualTo(200);
                var key = path.contains("slices") ? "flavorId" : "flavorID";
                assertThat(ids(answer, key).stream().map(names::get))
                        .as(path + query)
                        .containsExactlyInAnyOrderElementsOf(flavors);
            }
        });
        assertThat(domain.get(RearDomain.LIST + "/vm").text()).isEqualTo("[]");
        assertThat(domain.get(RearDomain.LIST + "/service").text()).isEqualTo("[]");
        assertThat(domain.get(RearDomain.LIST + "/sensors").text()).isEqualTo("[]");
    }

    @Test
    void a_list_is_told_in_parts_if_that_is_asked_for() {
        var names = twenty();
        var found = new ArrayList<Integer>();
        var next = Optional.of(RearDomain.LIST + "/k8slice?" + encoded("filter[cpu][range][min]=6") + "&limit=7");
        int parts = 0;
        while (next.isPresent()) {
            var part = domain.get(next.get());
            assertThat(part.status()).as(part.text()).isEqualTo(200);
            ids(part, "flavorID").stream().map(names::get).forEach(found::add);
            next = part.header("link").map(link -> link.replaceFirst("<(.*)>; rel=\"next\"", "$1"));
            parts++;
        }
        assertThat(parts).isEqualTo(3);
        assertThat(found).doesNotHaveDuplicates().hasSize(15).allMatch(n -> n >= 6);
        var all = domain.get(RearDomain.LIST + "?limit=2");
        assertThat(ids(all, "flavorID")).hasSize(2);
        for (var wrong : List.of("?limit=x", "?limit=0", "?limit=1001", "/k8slice?cursor=x")) {
            assertThat(domain.get(RearDomain.LIST + wrong).status()).as(wrong).isEqualTo(400);
        }
        var untyped = domain.get(RearDomain.LIST + "?" + encoded("filter[cpu][match]=1"));
        assertThat(untyped.status()).isEqualTo(400);
        assertThat(untyped.text()).contains("flavors/k8slice");
    }

    @Test
    void documented_lists_of_each_kind_fit_the_schemas_and_exact_is_match() {
        var names = Map.of(
                "k8slices", domain.offer(),
                "vm", domain.offer(Samples.vm()),
                "service", domain.offer(Samples.service()),
                "sensors", domain.offer(Samples.sensor()));
        names.forEach((path, name) -> {
            var listed = domain.get(RearDomain.LIST + "/" + path, "Accept", "application/json; profile=\"rear-doc\"");
            assertThat(ids(listed, "flavorId")).as(path).containsExactly(name);
            Published.assertConforms("schemas/flavor", listed.json().get(0).toString());
        });
        var vm = RearDomain.LIST + "/vm?" + encoded("filter[cpu][exact]=4");
        assertThat(ids(domain.get(vm), "flavorID")).containsExactly(names.get("vm"));
        var sensor = RearDomain.LIST + "/sensors?" + encoded("filter[sampling_rate][exact]=7");
        assertThat(domain.get(sensor).text()).isEqualTo("[]");
    }

    @Test
    void a_flavor_is_found_by_its_name_and_what_was_withdrawn_is_gone() {
        var name = domain.offer();
        var one = domain.get(RearDomain.LIST + "/" + name);
        assertThat(one.status()).isEqualTo(200);
        assertThat(one.get("flavorID")).isEqualTo(name);
        domain.reserve(name, "anna");
        assertThat(domain.get(RearDomain.LIST + "/" + name).status())
                .as("retired")
                .isEqualTo(200);
        domain.withdraw(name);
        assertThat(domain.get(RearDomain.LIST + "/" + name).status()).isEqualTo(410);
        assertThat(domain.get(RearDomain.LIST + "/nobody").status()).isEqualTo(404);
    }

    @Test
    void each_wrong_query_is_refused_and_says_why() {
        var wrong = new ArrayList<String>(List.of(
                "filter[cpu][match]=1&filter[cpu][range][min]=1",
                "filter[cpu][range]=1",
                "filter[cpu][range][min]=4&filter[cpu][range][max]=2",
                "filter[architecture][range][min]=a",
                "filter[cpu][match]=many",
                "filter[colour][match]=red",
                "filter[architecture][regex]=(",
                "filter[architecture][regex]=(?=a)",
                "cpu=4"));
        for (var query : wrong) {
            var answer = domain.get(RearDomain.LIST + "/k8slice?" + encoded(query));
            assertThat(answer.status()).as(query + ": " + answer.text()).isEqualTo(400);
            assertThat(answer.header("content-type")).contains("text/plain; charset=utf-8");
            assertThat(answer.text()).endsWith("\n").hasLineCount(1);
        }
    }
}
