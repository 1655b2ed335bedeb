package holdfast.drivers.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.authority.Fabric.Agreed;
import holdfast.authority.Fabric.Answered;
import holdfast.core.Quantity;
import holdfast.drivers.kubernetes.SliceAdmission.Asked;
import holdfast.drivers.kubernetes.SliceAdmission.Verdict;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers the slices that other clusters ask for here, as [SliceAdmission] decides. That no pods take more than was
/// admitted is Liqo's business, by a quota that it makes for each slice as strict as it was installed; where it is less
/// strict than wanted nothing is admitted.
final class Admitting {
    private static final Logger LOG = LoggerFactory.getLogger(Admitting.class);
    private static final String RESOURCES = "Resources";
    private static final String STRICTNESS = "--default-limits-enforcement=";
    private static final List<String> STRICTER = List.of("None", "Soft", KubernetesFabric.HARD);
    /// The value of a cordon that is ours, so that an operator's stays.
    private static final String OURS = "holdfast";

    private static final int HASH = 6;

    private final Cluster home;
    private final String liqo;
    private final String enforcement;
    private final Platform platform;

    /// @param liqo the namespace of Liqo
    /// @param enforcement as Liqo calls it: `Hard`, `Soft` or `None`
    Admitting(Cluster home, String liqo, String enforcement, Platform platform) {
        this.home = home;
        this.liqo = liqo;
        this.enforcement = enforcement;
        this.platform = platform;
    }

    List<Answered> admit(List<Agreed> live) {
        var answered = new ArrayList<Answered>();
        var loose = loose();
        for (var namespace : home.all(Kind.NAMESPACE, "", Map.of("liqo.io/tenant-namespace", "true"))) {
            var buyer = LiqoObjects.label(namespace, LiqoObjects.REMOTE);
            home.all(Kind.RESOURCE_SLICE, LiqoObjects.name(namespace), Map.of()).stream()
                    .filter(slice ->
                            !LiqoObjects.label(slice, LiqoObjects.ORIGIN).isEmpty())
                    .forEach(slice -> answer(slice, buyer, live, loose).ifPresent(answered::add));
        }
        return answered;
    }

    /// Why no quota of Liqo's would be strict enough.
    private Optional<String> loose() {
        var installed = home.all(Kind.DEPLOYMENT, liqo, LiqoObjects.CONTROLLERS).stream()
                .flatMap(controllers ->
                        controllers.at("/spec/template/spec/containers").valueStream())
                .flatMap(container -> container.path("args").valueStream())
                .map(argument -> argument.asString(""))
                .filter(argument -> argument.startsWith(STRICTNESS))
                .map(argument -> argument.substring(STRICTNESS.length()))
                .findFirst()
                .orElse(STRICTER.getFirst());
        return STRICTER.indexOf(installed) < STRICTER.indexOf(enforcement)
                ? Optional.of("limits are enforced by Liqo here as " + installed + ", and " + enforcement
                        + " is wanted: install it with controllerManager.config.defaultLimitsEnforcement=" + enforcement
                        + ", or set clusters.enforcement to " + installed)
                : Optional.empty();
    }

    private Optional<Answered> answer(JsonNode slice, String buyer, List<Agreed> live, Optional<String> loose) {
        var name = LiqoObjects.name(slice);
        var amounts = LiqoObjects.amounts(slice.at("/spec/resources"));
        var asked = new Asked(buyer, name, slice.at("/spec/class").asString(""), amounts);
        return switch (SliceAdmission.of(asked, live, loose)) {
            case Verdict.Admitted _ -> {
                if (asked.sort().equals(SliceAdmission.UNASKED)) {
                    cordon(slice, Optional.empty());
                } else {
                    tell(slice, LiqoObjects.ACCEPTED, amounts, "as agreed in the contract");
                }
                yield Optional.of(new Answered(buyer, name, Optional.empty()));
            }
            case Verdict.Denied(var why) -> {
                tell(slice, LiqoObjects.DENIED, Map.of(), why);
                // made when it was admitted, and not again: without one no pod is let in
                home.remove(Kind.QUOTA, LiqoObjects.namespace(slice), user(name, buyer));
                yield Optional.of(new Answered(buyer, name, Optional.of(why)));
            }
            case Verdict.Cordoned(var why) -> {
                cordon(slice, Optional.of(why));
                yield Optional.of(new Answered(buyer, name, Optional.of(why)));
            }
            case Verdict.NotOurs _ -> Optional.empty();
        };
    }

    /// Keeps a slice's new pods out, or lets them in again. Were the slice taken away, the buyer's Liqo would make
    /// it again at once.
    private void cordon(JsonNode slice, Optional<String> why) {
        var now = slice.at("/metadata/annotations").path(LiqoObjects.CORDON).asString("");
        var changed = (ObjectNode) slice.deepCopy();
        if (why.isPresent() && now.isEmpty()) {
            LOG.warn("slice {} is cordoned: {}", LiqoObjects.name(slice), why.get());
            changed.withObject("/metadata/annotations").put(LiqoObjects.CORDON, OURS);
            home.replace(changed);
        } else if (why.isEmpty() && now.equals(OURS)) {
            changed.withObject("/metadata/annotations").remove(LiqoObjects.CORDON);
            home.replace(changed);
        }
    }

    /// Written only when it says something new.
    private void tell(JsonNode slice, String status, Map<String, Quantity> amounts, String message) {
        var now = LiqoObjects.condition(slice, RESOURCES);
        if (now.path("status").asString("").equals(status)
                && now.path("message").asString("").equals(message)
                && LiqoObjects.amounts(slice.at("/status/resources")).equals(amounts)) {
            return;
        }
        if (status.equals(LiqoObjects.DENIED)) {
            LOG.warn("slice {} is denied: {}", LiqoObjects.name(slice), message);
        }
        var told = (ObjectNode) slice.deepCopy();
        var conditions = Json.array();
        slice.at("/status/conditions")
                .valueStream()
                .filter(one -> !one.path("type").asString("").equals(RESOURCES))
                .forEach(conditions::add);
        conditions
                .addObject()
                .put("type", RESOURCES)
                .put("status", status)
                .put("reason", "Holdfast")
                .put("message", message)
                .put("lastTransitionTime", platform.now().toString());
        var whole = told.withObject("/status");
        whole.set("conditions", conditions);
        whole.set("resources", LiqoObjects.amounts(amounts));
        home.replaceStatus(told);
    }

    /// The user as whom Liqo lets a slice's pods in.
    static String user(String slice, String buyer) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(buyer.getBytes(UTF_8));
            return slice + "-" + HexFormat.of().formatHex(hash, 0, HASH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
