package holdfast.authority;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Result;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Keeps servers as images before what they run in ends (promise.md 4.8). It goes on beside whatever happens to the
/// lease, and does not put its end off.
final class Keepsakes {
    private static final String KEEP = "lease.keep";
    /// As Blazar names its images.
    private static final String PREFIX = "reserved_";
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /// How long it may take; what is not there by then is told as missing.
    private static final Duration PATIENCE = Duration.ofHours(2);

    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Post post;
    private final Leases leases;
    private final Providers providers;

    Keepsakes(Platform platform, Engine engine, Leases leases, Providers providers) {
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.post = engine.post();
        this.leases = leases;
        this.providers = providers;
        engine.definitions().add(ProcessDefinition.timer(KEEP, this::keep, PATIENCE.multipliedBy(2)));
    }

    void wanted(Tx tx, String sender, Message.Preserve keep) {
        var lease = resources.find(tx, leases.id(keep.sliver())).filter(Keepsakes::isInUse);
        if (lease.isEmpty()) {
            var why = Refusal.clash("nothing is in use there");
            post.send(
                    tx,
                    CloudAuthority.NAME,
                    sender,
                    new Message.Preserved(keep.sliver(), keep.round(), List.of(), Optional.of(why)));
            return;
        }
        var arguments = Json.object()
                .put("round", keep.round())
                .put("until", platform.now().plus(PATIENCE).toString());
        processes
                .schedule(
                        tx,
                        Request.now(KEEP, lease.get().id(), CloudAuthority.NAME).with(arguments))
                .orThrow();
    }

    private static boolean isInUse(Resource lease) {
        return lease.state().equals("active") || lease.state().equals("amending");
    }

    private Outcome keep(Step.Context context) {
        var lease = context.resource();
        if (!isInUse(lease)) {
            return Outcome.done(); // its end has come: the broker knows
        }
        long round = context.arguments().get("round").longValue();
        var cloud = providers.cloud(CloudProvisioning.order(lease).provider());
        return switch (cloud.ensure(CloudProvisioning.key(lease), new Order.Images(round, PREFIX))) {
            case Result.Done(var facts) ->
                told(lease, round, List.copyOf(new TreeMap<>(facts).values()), Optional.empty());
            case Result.Failed(var why) -> told(lease, round, List.of(), Optional.of(Refusal.broken(why)));
            case Result.Later(var why, var again) -> {
                var until = Instant.parse(context.arguments().get("until").stringValue());
                yield platform.now().isBefore(until)
                        ? new Outcome.Later(again.orElse(PAUSE), why)
                        : told(lease, round, List.of(), Optional.of(Refusal.silent("it took too long: " + why)));
            }
        };
    }

    private Outcome told(Resource resource, long round, List<String> images, Optional<Refusal> why) {
        var lease = resource.as(Lease.class);
        return Outcome.done(tx -> post.send(
                tx, CloudAuthority.NAME, lease.asker(), new Message.Preserved(lease.sliver(), round, images, why)));
    }
}
