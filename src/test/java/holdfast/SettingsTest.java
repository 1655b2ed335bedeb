package holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.platform.CannotStartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertThat(told.address().host()).isEqualTo("127.0.0.1");
        assertThat(told.address().port()).isZero();
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
                "auth: bearer",
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
}
