package holdfast.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Answer;
import holdfast.platform.CallbackPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeconfigTest {
    private static final String FORM = """
            apiVersion: v1
            kind: Config
            current-context: b
            contexts: [{name: a, context: {cluster: no, user: no}}, {name: b, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {%s}}]
            users: [{name: u, user: {%s}}]
            """;
    private static final String SERVER = "server: 'https://192.0.2.1:6443'";

    @Test
    void the_current_context_counts_and_what_lets_in_is_never_printed() {
        var read = Kubeconfig.of(FORM.formatted(SERVER, "token: s3cret")).orThrow();
        assertThat(read.server()).hasToString("https://192.0.2.1:6443");
        assertThat(read.toString()).isEqualTo("https://192.0.2.1:6443");
        var again = Kubeconfig.of(read.forToken("another", "space")).orThrow();
        assertThat(again.server()).isEqualTo(read.server());
        assertThat(again.proof()).isEqualTo(new Kubeconfig.Proof.Token("another"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server: 'https://h:1' | exec: {command: sh} | has exec, which is not taken",
                "server: 'https://h:1' | auth-provider: {name: x} | has auth-provider, which is not taken",
                "server: 'https://h:1' | tokenFile: /etc/passwd | has tokenFile, which is not taken",
                "server: 'https://h:1' | client-key: /k | has client-key, which is not taken",
                "server: 'https://h:1' | client-key-data: '%%', client-certificate-data: YQ== | must have a token",
                "server: 'http://h:1' | token: t | must have a server such as https://",
                "server: 'ftp://h:1' | token: t | must have a server such as https://",
                "certificate-authority: /ca, server: 'https://h:1' | token: t | certificate-authority-data",
                "insecure-skip-tls-verify: true, server: 'https://h:1' | token: t | certificate-authority-data"
            })
    void what_reaches_for_this_machine_is_refused(String cluster, String user, String why) {
        assertThat(Kubeconfig.of(FORM.formatted(cluster, user)))
                .isInstanceOfSatisfying(
                        Answer.No.class,
                        no -> assertThat(no.why().message()).contains(why).doesNotContain("passwd"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[1, 2 | not YAML", "a: b | current-context", "'' | current-context"})
    void what_is_none_is_refused(String text, String why) {
        assertThat(Kubeconfig.of(text == null ? "" : text))
                .isInstanceOfSatisfying(
                        Answer.No.class, no -> assertThat(no.why().message()).contains(why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://169.254.169.254/latest", "https://[::1]:6443", "http://127.0.0.1:8080"})
    void what_only_this_machine_and_its_cloud_can_reach_is_not_called_for_others(String server) {
        var said = FORM.formatted("server: '" + server + "'", "token: t");
        try (var clusters = new Clusters(CallbackPolicy.opening(List.of()));
                var opened = new Clusters(CallbackPolicy.opening(List.of("127.0.0.0/8", "::1", "169.254.0.0/16")))) {
            assertThatThrownBy(() -> clusters.of(said))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("callbacks.allow");
            assertThat(clusters.of(FORM.formatted(SERVER, "token: t"))).isNotNull();
            assertThat(opened.of(said)).isNotNull();
        }
    }
}
