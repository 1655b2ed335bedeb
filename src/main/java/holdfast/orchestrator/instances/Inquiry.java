package holdfast.orchestrator.instances;

import holdfast.engine.Outcome;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Step;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.ImageMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Finds out what images are at each account before somebody asks for one of them. While nobody can tell, it is asked
/// again, three times (aeolus.md 4.6).
final class Inquiry {
    private static final String WAITED = "waited";
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(2), Duration.ofSeconds(8), Duration.ofSeconds(32));

    private final Platform platform;
    private final Processes processes;
    private final Instances.Images images;

    Inquiry(Platform platform, Processes processes, Instances.Images images) {
        this.platform = platform;
        this.processes = processes;
        this.images = images;
    }

    /// Who wants to know; both judge whether that is still so.
    interface Asker {
        /// @param images of each order: what it is at each account where it can be used
        void known(Tx tx, List<Map<UUID, String>> images);

        /// Nobody can tell.
        void silent(Tx tx, String why);
    }

    /// @param process a timer, which is to run again if nobody can tell now
    Outcome about(Step.Context context, String process, UUID pool, List<Instance.Order> orders, Asker asker) {
        try {
            var known = new ArrayList<Map<UUID, String>>();
            for (var order : orders) {
                known.add(images.at(pool, order.image(), order.build()));
            }
            return Outcome.done(tx -> asker.known(tx, known));
        } catch (ImageMapper.UnavailableException e) {
            int waited = context.arguments().path(WAITED).asInt(0);
            if (waited == PAUSES.size()) {
                return Outcome.done(tx -> asker.silent(tx, "image_mapper_unavailable: " + e.getMessage()));
            }
            var resource = context.resource();
            var again = Request.at(platform.now().plus(PAUSES.get(waited)), process, resource.id(), resource.actor())
                    .with(Json.object().put(WAITED, waited + 1));
            return Outcome.done(tx -> processes.schedule(tx, again).orThrow());
        }
    }
}
