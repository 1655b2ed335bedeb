package holdfast.orchestrator.intents;

import holdfast.core.Quantity;
import holdfast.orchestrator.intents.Intent.Form;
import holdfast.orchestrator.intents.Intent.Part;
import holdfast.orchestrator.intents.Intent.Size;
import holdfast.orchestrator.intents.Intent.Within;
import holdfast.protocol.rear.Objective;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A manifest of a Pod or a Deployment, with annotations that carry an intent or without (fluidos.md 2.10). Its
/// containers' requests, all replicas together, are what one machine must have; the manifest itself is run where the
/// intent comes to a cluster. Without annotations it stays in this domain.
final class Manifest {
    private static final int MOST_REPLICAS = 1_000;
    private static final int MOST_CONTAINERS = 100;

    private Manifest() {}

    static Intent read(JsonNode tree, String text, Instant now) {
        var whole = new Fields(tree, "");
        boolean wrapped = whole.text("kind").orElse("").equals("FLUIDOSDeployment");
        var manifest = wrapped ? whole.object("spec") : whole;
        var kind = manifest.required("kind", "Deployment");
        var pod = switch (kind) {
            case "Pod" -> manifest.object("spec");
            case "Deployment" -> manifest.object("spec").object("template").object("spec");
            default ->
                throw Fields.refused(
                        manifest.at("kind"), "is '" + Fields.shorten(kind) + "'; it must be Pod or Deployment");
        };
        int replicas = kind.equals("Pod")
                ? 1
                : manifest.object("spec").whole("replicas", 1, MOST_REPLICAS).orElse(1);
        var name = manifest.object("metadata").required("name", "my-app");
        var said = Annotations.of(manifest.object("metadata").object("annotations"), text, now);
        var size = said.size(size(pod, replicas));
        boolean plain = said.isEmpty();
        var part = new Part(
                name,
                size,
                Optional.empty(),
                plain ? Within.HERE : Within.ANYWHERE,
                said.hard(),
                said.soft(),
                said.kept(),
                Optional.of((wrapped ? tree.path("spec") : tree).toString()));
        return new Intent(
                name,
                plain ? Form.PLAIN : Form.ANNOTATED,
                said.green() ? Objective.GREENEST : Objective.CHEAPEST,
                List.of(part),
                Optional.empty(),
                Optional.empty(),
                said.deadline(),
                false,
                said.service().stream()
                        .map(category -> new Intent.Service(category, category, Optional.empty()))
                        .toList());
    }

    private static Size size(Fields pod, int replicas) {
        var containers = pod.list("containers", MOST_CONTAINERS);
        if (containers.isEmpty()) {
            throw Fields.refused(pod.at("containers"), "is empty; a manifest has at least one container");
        }
        var cpu = Quantity.ZERO;
        var memory = Quantity.ZERO;
        var disk = Quantity.ZERO;
        for (var container : containers) {
            var requests = container.object("resources").object("requests");
            cpu = cpu.plus(requests.amount("cpu").orElse(Quantity.ZERO).times(replicas));
            memory = memory.plus(requests.amount("memory").orElse(Quantity.ZERO).times(replicas));
            disk = disk.plus(
                    requests.amount("ephemeral-storage").orElse(Quantity.ZERO).times(replicas));
        }
        return new Size(
                orSmall(cpu, Size.SMALL.cpu()), orSmall(memory, Size.SMALL.memory()), disk.plus(Size.SMALL.disk()), 0);
    }

    private static Quantity orSmall(Quantity asked, Quantity usual) {
        return asked.signum() > 0 ? asked : usual;
    }
}
