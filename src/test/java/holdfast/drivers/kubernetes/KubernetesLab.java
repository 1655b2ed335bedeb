package holdfast.drivers.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// A real API server that `kubernetes/up` brings up, or a loud skip where it is not up. Tests take turns.
final class KubernetesLab implements ApiServer {
    private final String kubeconfig;
    private final FileLock lock;

    private KubernetesLab(String kubeconfig, FileLock lock) {
        this.kubeconfig = kubeconfig;
        this.lock = lock;
    }

    @Override
    public String kubeconfig() {
        return kubeconfig;
    }

    static KubernetesLab open() {
        return open("lab");
    }

    /// @param name of the cluster, as in `kubernetes/up --name`
    static KubernetesLab open(String name) {
        var state = Optional.ofNullable(System.getenv("HOLDFAST_KUBERNETES"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("holdfast.root", "."), "var", "kubernetes"));
        var cluster = state.resolve("run").resolve(name);
        try {
            if (!Files.exists(cluster.resolve("kubeconfig")))
                throw skipped("No cluster " + name + " is up in " + state);
            var kubeconfig = Files.readString(cluster.resolve("kubeconfig"));
            try (var there = new Cluster(Kubeconfig.of(kubeconfig).orThrow())) {
                there.all(Kind.NODE, "", Map.of());
                for (var kind : Kind.values()) if (kind.group().endsWith("liqo.io")) there.all(kind, "", Map.of());
            } catch (ClusterException e) {
                throw skipped("The cluster " + name + " in " + state + " says: " + e.getMessage());
            }
            @SuppressWarnings("resource")
            var tests =
                    FileChannel.open(cluster.resolve(".tests"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            return new KubernetesLab(kubeconfig, tests.lock());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuntimeException skipped(String why) {
        System.err.println("SKIPPED: no test ran with a real API server of Kubernetes. " + why
                + ". Mend it with: kubernetes/up --crds src/test/resources/kubernetes, or ./check --with-kubernetes");
        Assumptions.abort("no API server is up; mend it with: kubernetes/up --crds src/test/resources/kubernetes");
        return new IllegalStateException();
    }

    @Override
    public void close() {
        try {
            lock.acquiredBy().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
