package holdfast.drivers.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.authority.Fabric.Agreed;
import holdfast.authority.Fabric.Answered;
import holdfast.core.Quantity;
import holdfast.drivers.kubernetes.SliceAdmission.Asked;
import holdfast.drivers.kubernetes.SliceAdmission.Mode;
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

/// Answers the slices that other clusters ask for here, as [SliceAdmission] decides, and sees to it that no pods take
/// more than was admitted.
final class Admitting {
    private static final Logger LOG = LoggerFactory.getLogger(Admitting.class);
    private static final String RESOURCES = "Resources";
    private static final int HASH = 6;

    private final Cluster home;
    private final Mode mode;
    private final String enforcement;
    private final Platform platform;

    /// @param enforcement as Liqo calls it: `Hard`, `Soft` or `None`
    Admitting(Cluster home, Mode mode, String enforcement, Platform platform) {
        this.home = home;
        this.enforcement = enforcement;
        this.mode = mode;
        this.platform = platform;
    }

    List<Answered> admit(List<Agreed> live) {
        var answered = new ArrayList<Answered>();
        for (var namespace : home.all(Kind.NAMESPACE, "", Map.of("liqo.io/tenant-namespace", "true"))) {
            var buyer = LiqoObjects.label(namespace, LiqoObjects.REMOTE);
            home.all(Kind.RESOURCE_SLICE, LiqoObjects.name(namespace), Map.of()).stream()
                    .filter(slice ->
                            !LiqoObjects.label(slice, LiqoObjects.ORIGIN).isEmpty())
                    .forEach(slice -> answer(slice, buyer, live).ifPresent(answered::add));
        }
        return answered;
    }

    private Optional<Answered> answer(JsonNode slice, String buyer, List<Agreed> live) {
        var name = LiqoObjects.name(slice);
        var asked = new Asked(
                buyer, name, slice.at("/spec/class").asString(""), LiqoObjects.amounts(slice.at("/spec/resources")));
        return switch (SliceAdmission.of(asked, live, mode)) {
            case Verdict.Admitted(var amounts) -> {
                home.ensure(LiqoObjects.quota(buyer, name, user(name, buyer), amounts, enforcement));
                if (!asked.sort().equals(SliceAdmission.UNASKED)) {
                    tell(slice, LiqoObjects.ACCEPTED, amounts, "as agreed in the contract");
                }
                yield Optional.of(new Answered(buyer, name, Optional.empty()));
            }
            case Verdict.Denied(var why) -> {
                home.remove(Kind.QUOTA, LiqoObjects.namespace(slice), name);
                tell(slice, LiqoObjects.DENIED, Map.of(), why);
                yield Optional.of(new Answered(buyer, name, Optional.of(why)));
            }
            case Verdict.Expelled(var why) -> {
                LOG.warn("slice {} of {} is taken away: {}", name, buyer, why);
                home.remove(Kind.QUOTA, LiqoObjects.namespace(slice), name);
                home.remove(Kind.RESOURCE_SLICE, LiqoObjects.namespace(slice), name);
                yield Optional.of(new Answered(buyer, name, Optional.of(why)));
            }
            case Verdict.NotOurs _ -> Optional.empty();
        };
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
