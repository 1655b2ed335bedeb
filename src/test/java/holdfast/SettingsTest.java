package holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.authority.Fabric;
import holdfast.drivers.simulated.SimulatedFabric;
import holdfast.federation.peers.Neighbours.Policy;
import holdfast.federation.peers.Peers;
import holdfast.federation.trust.Caller;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.trust.Rights;
import holdfast.platform.CannotStartException;
import holdfast.platform.Platform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What an operator may say in the settings file.
class SettingsTest {
    @TempDir
    private Path folder;

    private Settings trusting(String proxies) throws IOException {
        var file = Files.writeString(folder.resolve("settings.yaml"), "trustedProxies: [" + proxies + "]\n");
        return Settings.read(Optional.of(file));
    }

    @Test
    void trusted_proxies_are_addresses_however_they_are_written() throws IOException {
        assertThat(trusting("'10.0.0.1', '::1', '0:0:0:0:0:0:0:1'").proxies())
                .containsExactlyInAnyOrder(InetAddress.ofLiteral("10.0.0.1"), InetAddress.ofLiteral("::1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "10.0.0.0/8", "10.0.0.1:80", "10.0.0.256", ""})
    void a_trusted_proxy_that_is_no_address_is_told_at_the_start(String wrong) throws IOException {
        var settings = trusting("'" + wrong + "'");
        assertThatThrownBy(settings::proxies)
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("trustedProxies")
                .hasMessageContaining("'" + wrong + "'");
    }

    @Test
    void callbacks_go_to_what_is_listed_and_a_block_that_is_none_is_told_at_the_start() throws IOException {
        var file = folder.resolve("settings.yaml");
        Files.writeString(file, "callbacks:\n  allow: [127.0.0.0/8]\n");
        var here = URI.create("http://127.0.0.1/");
        assertThat(Settings.read(Optional.of(file)).callbackPolicy().mayBeNamed(here))
                .isTrue();
        assertThat(Settings.read(Optional.empty()).callbackPolicy().mayBeNamed(here))
                .isFalse();
        Files.writeString(file, "callbacks:\n  allow: [localhost]\n");
        assertThatThrownBy(() -> Settings.read(Optional.of(file)).callbackPolicy())
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("callbacks.allow")
                .hasMessageContaining("'localhost'");
    }

    private Settings.Identity identity(String... lines) throws IOException {
        var file =
                Files.writeString(folder.resolve("settings.yaml"), "identity:\n  " + String.join("\n  ", lines) + "\n");
        return Settings.read(Optional.of(file)).identity().orElseThrow();
    }

    @Test
    void a_keystone_needs_an_address_and_an_account() throws IOException {
        var told = identity("keystone: https://k.example:5000/v3", "username: holdfast", "project: service");
        var account = told.account(Map.of("HOLDFAST_KEYSTONE_PASSWORD", "hidden"));
        assertThat(account.credentials().password()).isEqualTo("hidden");
        assertThat(account.credentials().userDomain()).isEqualTo("Default");
        assertThat(account.adminRoles()).containsExactly("admin");
        assertThat(account.readerRoles()).containsExactly("reader");
        assertThatThrownBy(() -> told.account(Map.of()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("identity.password")
                .hasMessageContaining("HOLDFAST_KEYSTONE_PASSWORD");
        var whole = identity(
                "keystone: http://k", "username: u", "password: hidden", "project: p", "adminRoles: [boss, chief]");
        assertThat(whole.account(Map.of()).adminRoles()).containsExactlyInAnyOrder("boss", "chief");
        assertThat(whole.toString()).doesNotContain("hidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"k.example:5000", "ftp://k.example", "'https://'", "'a b'"})
    void a_keystone_that_is_no_address_is_told_at_the_start(String wrong) throws IOException {
        var told = identity("keystone: " + wrong, "username: u", "password: p", "project: p");
        assertThatThrownBy(() -> told.account(Map.of()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("identity.keystone");
    }

    private FederationSettings federation(String... lines) throws IOException {
        var file = Files.writeString(
                folder.resolve("settings.yaml"), "federation:\n  " + String.join("\n  ", lines) + "\n");
        return Settings.read(Optional.of(file)).federation().orElseThrow();
    }

    @Test
    void who_sells_to_other_domains_says_who_it_is_and_that_callers_prove_nothing() throws IOException {
        var told = federation(
                "nodeId: n4tor1no00", "domain: alps.example", "advertised: 10.20.0.7:30001", "port: 0", "auth: none");
        assertThat(told.node().id()).isEqualTo("n4tor1no00");
        assertThat(told.node().address()).isEqualTo("10.20.0.7:30001");
        assertThat(told.address().orElseThrow().host()).isEqualTo("127.0.0.1");
        assertThat(told.address().orElseThrow().port()).isZero();
        assertThat(Settings.read(Optional.empty()).federation()).isEmpty();
    }

    @Test
    void what_is_missing_for_selling_is_told_at_the_start() throws IOException {
        assertThatThrownBy(() -> federation("auth: none").node())
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("federation.nodeId");
        assertThatThrownBy(() -> federation("nodeId: a", "domain: 'Not a name'", "advertised: a:1")
                        .node())
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("federation.domain")
                .hasMessageContaining("'Not a name'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auth: password",
                "port: 30000",
                "auth: none|listen: 0.0.0.0",
                "auth: none|listen: 10.0.0.1",
                "auth: none|listen: node.example",
                "auth: none|port: 65536"
            })
    void nobody_outside_is_served_while_callers_prove_nothing(String lines) throws IOException {
        var told = federation(lines.split("\\|"));
        assertThatThrownBy(told::address)
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("federation.");
    }

    @Test
    void who_lets_callers_prove_who_they_are_may_be_reached_by_others() throws IOException {
        assertThat(federation("auth: mtls", "listen: 10.0.0.1")
                        .address()
                        .orElseThrow()
                        .host())
                .isEqualTo("10.0.0.1");
        assertThat(federation("auth: bearer", "listen: 0.0.0.0").way().word()).isEqualTo("bearer");
        assertThat(federation("auth: none").rules()).isEqualTo(Rights.ALL);
        assertThat(federation("auth: mtls").rules()).isEqualTo(Rights.USUAL);
        assertThat(federation("auth: mtls", "signatures: both").bothSign()).isTrue();
    }

    @Test
    void rights_and_limits_are_read_as_they_are_said() throws IOException {
        var told = federation(
                "auth: mtls",
                "rights: [{deny: [reserve, purchase], domain: '*.rival.example', flavor: type=service},",
                "  {permit: [all], from: own}]",
                "limits: {perSecond: 5, holdSeconds: 60, holds: 3, share: 50, contracts: 7, held: {cpu: 64, memory: 1Ti}}");
        assertThat(told.rules().rules()).hasSize(2 + Rights.USUAL.rules().size());
        assertThat(told.rules().rules().getFirst().permits()).isFalse();
        assertThat(told.rules().rules().getFirst().messages())
                .containsExactlyInAnyOrder(Rights.Message.RESERVE, Rights.Message.PURCHASE);
        assertThat(told.pace().orElseThrow()).isEqualTo(new FederationLimits.Pace(5, 40));
        assertThat(told.holds().life().toSeconds()).isEqualTo(60);
        assertThat(told.holds().contracts()).isEqualTo(7);
        assertThat(told.holds().held().get(holdfast.protocol.rear.Dimension.CPU))
                .isEqualTo(holdfast.core.Quantity.of(64));
        assertThat(federation("auth: none").pace()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rights: [{domain: a.example}]",
                "rights: [{permit: [list], deny: [list]}]",
                "rights: [{permit: [steal]}]",
                "rights: [{permit: [list], from: everybody}]",
                "rights: [{permit: [list], flavor: nice}]",
                "limits: {perSecond: 0}",
                "limits: {holdSeconds: 29}",
                "limits: {held: {cpu: many}}",
                "limits: {held: {gold: 1}}",
                "signatures: none",
                "signatures: both"
            })
    void what_is_wrong_with_rights_and_limits_is_told_at_the_start(String line) throws IOException {
        var told = federation(line.equals("signatures: both") ? "auth: none" : "auth: mtls", line);
        assertThatThrownBy(() -> {
                    told.rules();
                    told.holds();
                    told.pace();
                    told.bothSign();
                })
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("federation." + line.substring(0, line.indexOf(':')));
    }

    @Test
    void nodes_find_each_other_only_if_that_is_said() throws IOException {
        assertThat(federation("auth: none").nearby()).isEmpty();
        var told = federation("auth: none", "nearby: {}").nearby().orElseThrow();
        told.check();
        assertThat(told.policy()).isEqualTo(Policy.SIGNED);
        assertThat(federation("nearby: {use: none}").nearby().orElseThrow().policy())
                .isEqualTo(Policy.NONE);
    }

    @Test
    void a_node_that_proves_nothing_signs_nothing_and_one_that_cannot_be_called_says_nothing() throws IOException {
        var who = new String[] {"nodeId: n1", "domain: alps.example", "advertised: 127.0.0.1:30000", "auth: none"};
        var keys = NodeKeys.fresh();
        assertThat(federation(who).announced(keys).orElseThrow().notary()).isEmpty();
        who[3] = "auth: bearer";
        assertThat(federation(who).announced(keys).orElseThrow().notary()).isPresent();
        assertThat(federation("nodeId: n1", "domain: alps.example").announced(keys))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{group: 10.0.0.1}", "{group: 'ff02::1'}", "{group: here}", "{port: 0}", "{use: some}"})
    void what_is_wrong_with_being_found_is_told_at_the_start(String nearby) throws IOException {
        var told = federation("auth: none", "nearby: " + nearby).nearby().orElseThrow();
        assertThatThrownBy(told::check)
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("federation.nearby.");
    }

    @Test
    void nodes_find_each_other_afar_only_if_that_is_said() throws IOException {
        assertThat(federation("auth: none").afar()).isEmpty();
        var told = federation("afar: {address: 'amqp://127.0.0.1/', name: bay, rule: {MAXlatency: 20}}")
                .afar()
                .orElseThrow();
        told.line(Optional.of("x"));
        assertThat(told.policy()).isEqualTo(Policy.SIGNED);
        var self = told.self(Optional.empty());
        assertThat(self.announced()).as("nobody could call it").isEmpty();
        assertThat(self.rule().orElseThrow().wire()).isEqualTo("\"{\\\"MAXlatency\\\":20}\"");
        assertThat(federation("afar: {name: bay, role: publisher}")
                        .afar()
                        .orElseThrow()
                        .self(Optional.empty())
                        .rule())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: a.b}",
                "{address: 'amqps://b/'}",
                "{name: bay}",
                "{name: bay, address: 'http://b/'}",
                "{name: bay, address: 'amqp://u:p@127.0.0.1/'}",
                "{name: bay, address: 'amqp://b.example/'}",
                "{name: bay, address: 'amqps://b.example/'}",
                "{name: bay, address: 'amqps://b.example/', certificate: /nowhere.p12}",
                "{name: bay, address: 'amqp://127.0.0.1/', certificate: /nowhere.p12}",
                "{name: bay, address: 'amqp://127.0.0.1/', role: all}",
                "{name: bay, address: 'amqp://127.0.0.1/', metric: {a: LONG}}",
                "{name: bay, address: 'amqp://127.0.0.1/', use: some}"
            })
    void what_is_wrong_with_being_found_afar_is_told_at_the_start(String afar) throws IOException {
        var told = federation("afar: " + afar.replace("LONG", "x".repeat(300)))
                .afar()
                .orElseThrow();
        assertThatThrownBy(() -> {
                    told.self(Optional.empty());
                    told.policy();
                    told.line(Optional.of("x"));
                })
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("federation.afar.")
                .hasMessageNotContaining("u:p");
    }

    @Test
    void a_catalog_refers_unless_it_is_to_stand_between_and_lets_peers_publish() throws IOException {
        var refers = federation("auth: mtls", "role: catalog");
        assertThat(refers.isCatalog()).isTrue();
        assertThat(refers.speaking()).isEmpty();
        var peer = new Caller(Caller.Standing.PEER, "bay.example", false, "node");
        assertThat(refers.rules().permits(peer, Rights.Message.CATALOG)).isTrue();
        assertThat(federation("auth: mtls").rules().permits(peer, Rights.Message.CATALOG))
                .isFalse();
        assertThat(federation("role: catalog", "mode: brokered")
                        .speaking()
                        .orElseThrow()
                        .broker())
                .isTrue();
    }

    @Test
    void where_to_publish_is_an_address_with_a_key_or_without() throws IOException {
        var told = federation("port: 1", "catalogs: [{address: \"K.example:30000\"}]");
        assertThat(told.publishing()).extracting(Peers.Wish::address).containsExactly("k.example:30000");
        for (var wrong : List.of("[{}]", "[{address: nowhere}]", "[{address: \"k:1\", key: short}]")) {
            var settings = federation("port: 1", "catalogs: " + wrong);
            assertThatThrownBy(settings::publishing)
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("federation.catalogs");
        }
        var modeless = federation("mode: brokered");
        assertThatThrownBy(modeless::speaking).hasMessageContaining("federation.mode");
    }

    @Test
    void services_run_in_a_cluster_of_ours_or_in_none() throws IOException {
        Fabric milan = new SimulatedFabric("milan", List.of(), Platform.real());
        Fabric none = new SimulatedFabric("none", List.of(), Platform.real());
        assertThat(federation("services: milan").serving(Map.of("milan", milan), () -> none))
                .contains(milan);
        assertThat(federation("services: simulated").serving(Map.of("milan", milan), () -> none))
                .contains(none);
        assertThat(federation("domain: alps.example").serving(Map.of("milan", milan), () -> none))
                .isEmpty();
        assertThatThrownBy(() -> federation("services: rome").serving(Map.of("milan", milan), () -> none))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("services");
    }
}
