package holdfast.orchestrator.intents;

import holdfast.core.Quantity;
import holdfast.orchestrator.intents.Intent.Form;
import holdfast.orchestrator.intents.Intent.Part;
import holdfast.orchestrator.intents.Intent.Size;
import holdfast.orchestrator.intents.Intent.Within;
import holdfast.protocol.rear.Objective;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A manifest of a Pod or a Deployment, with annotations that carry an intent or without (fluidos.md 2.10). Its
/// containers' requests, all replicas together, are what one machine must have; the manifest itself is run where the
/// intent comes to a cluster. Without annotations it stays in this domain.
final class Manifest {
    /// A name as Kubernetes has them.
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

    /// What is kept of a name that is too long for us.
    private static final int CUT = 51;

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
        var name = name(manifest.object("metadata"), kind);
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

    /// What it is called here: objects of Kubernetes may have shorter and longer names than what we have.
    private static String name(Fields metadata, String kind) {
        var name = metadata.required("name", "my-app");
        if (name.length() <= IntentText.LONGEST_PART
                && IntentText.NAME.matcher(name).matches()) {
            return name;
        }
        if (!NAME.matcher(name).matches()) {
            throw Fields.refused(
                    metadata.at("name"),
                    "is '" + Fields.shorten(name) + "'; it must be 1 to 253 lower-case letters, digits, dots or dashes,"
                            + " and begin and end with a letter or digit");
        }
        return name.length() > IntentText.LONGEST_PART
                ? "%s-%08x".formatted(name.substring(0, CUT), name.hashCode())
                : kind.toLowerCase(Locale.ROOT) + "-" + name;
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
