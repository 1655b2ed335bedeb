package holdfast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.authority.ClusterAuthority.Plan;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.CannotStartException;
import holdfast.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an operator may say of clusters.
final class ClusterSettingsTest {
    private static final String CONFIG = """
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: 'http://127.0.0.1:1'}}]
            users: [{name: u, user: {token: verysecret}}]
            """;

    @TempDir
    private Path folder;

    private List<ClusterSettings.Known> read(String clusters, Map<String, String> environment) throws IOException {
        var settings = Files.writeString(folder.resolve("settings.yaml"), "clusters: " + clusters + "\n");
        var read = Settings.read(Optional.of(settings)).clusters().orElseThrow();
        assertThat(read.toString()).doesNotContain("verysecret");
        return ClusterSettings.open(read, environment, CallbackPolicy.opening(List.of()), Platform.real());
    }

    @Test
    void a_cluster_is_read_from_a_file_or_from_the_environment() throws IOException {
        var file = Files.writeString(folder.resolve("milan.config"), CONFIG);
        var known = read(
                "[{name: milan, kubeconfig: '" + file + "', clusterId: milan-7f3a},"
                        + " {name: lab-2, clusterId: lab, mode: by-customer, enforcement: Soft}]",
                Map.of("HOLDFAST_KUBECONFIG_LAB_2", CONFIG));
        assertThat(known)
                .extracting(ClusterSettings.Known::plan)
                .containsExactly(new Plan("milan", "milan-7f3a", false), new Plan("lab-2", "lab", true));
        assertThat(known.toString()).doesNotContain("verysecret");
        known.forEach(one -> one.fabric().close());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{clusterId: a}                              | name       | is missing",
                "{name: 'Milan!', clusterId: a}              | name       | 'Milan!'",
                "{name: milan}                               | clusterId  | is missing",
                "{name: milan, clusterId: 'a b'}             | clusterId  | 'a b'",
                "{name: milan, clusterId: a, mode: old}      | mode       | declarative or by-customer",
                "{name: milan, clusterId: a, enforcement: x} | enforcement | Hard or Soft or None",
                "{name: milan, clusterId: a}                 | kubeconfig | HOLDFAST_KUBECONFIG_MILAN",
                "{name: milan, clusterId: a, kubeconfig: /nowhere/to/be/found} | kubeconfig | cannot be read",
            })
    void what_is_wrong_is_told_by_its_name_and_its_rule(String cluster, String field, String rule) {
        assertThatThrownBy(() -> read("[" + cluster + "]", Map.of()))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("clusters[0]." + field)
                .hasMessageContaining(rule);
    }

    @Test
    void a_kubeconfig_that_is_not_taken_is_not_shown() {
        var broken = CONFIG.replace("token: verysecret", "password: verysecret");
        assertThatThrownBy(() -> read("[{name: milan, clusterId: a}]", Map.of("HOLDFAST_KUBECONFIG_MILAN", broken)))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("kubeconfig")
                .hasMessageContaining("kubectl config view")
                .hasMessageNotContaining("verysecret");
    }

    @Test
    void a_cluster_is_listed_once() {
        var twice = "[{name: milan, clusterId: a}, {name: milan, clusterId: b}]";
        assertThatThrownBy(() -> read(twice, Map.of("HOLDFAST_KUBECONFIG_MILAN", CONFIG)))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("clusters[1].name");
    }
}
