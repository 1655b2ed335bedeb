package holdfast.orchestrator.instances;

import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Asks for an account that makes all instances of a deployment (aeolus.md 4.3), once it is known what their images are
/// at each.
final class DeploymentSearch {
    private static final String PLACE = "cloudDeployment.place";

    private final String placing;
    private final Database database;
    private final Processes processes;
    private final Post post;
    private final Instances instances;
    private final Parts parts;
    private final DeploymentRecords records;
    private final InVain inVain;

    /// Hears that no account will do.
    interface InVain {
        void nowhere(Tx tx, Resource now, String why);
    }

    /// @param placing the address of who chooses accounts
    DeploymentSearch(
            String placing,
            Database database,
            Engine engine,
            Instances instances,
            DeploymentRecords records,
            InVain inVain) {
        this.placing = placing;
        this.database = database;
        this.processes = engine.processes();
        this.post = engine.post();
        this.instances = instances;
        this.parts = instances.parts();
        this.records = records;
        this.inVain = inVain;
        engine.definitions().add(ProcessDefinition.timer(PLACE, this::ask));
    }

    /// When the transaction ends, one is to be placed.
    void begin(Tx tx, UUID deployment) {
        processes.schedule(tx, Request.now(PLACE, deployment, Deploying.NAME)).orThrow();
    }

    private Outcome ask(Step.Context context) {
        var id = context.resource().id();
        var content = context.resource().as(Deployment.class);
        var orders = database.inTransaction(tx -> parts.look(tx, content.parts())).stream()
                .map(Parts::order)
                .toList();
        return instances.inquiry().about(context, PLACE, content.pool(), orders, new Inquiry.Asker() {
            @Override
            public void known(Tx tx, List<Map<UUID, String>> images) {
                seeking(tx, id, content.round()).ifPresent(now -> ask(tx, now, images));
            }

            @Override
            public void silent(Tx tx, String why) {
                seeking(tx, id, content.round()).ifPresent(now -> inVain.nowhere(tx, now, why));
            }
        });
    }

    /// One that has still to be placed in that round.
    private Optional<Resource> seeking(Tx tx, UUID id, int round) {
        return records.lock(tx, id).filter(one -> isSeeking(one, round));
    }

    static boolean isSeeking(Resource one, int round) {
        var state = DeploymentRecords.state(one);
        return one.removed().isEmpty()
                && (state == DeploymentState.NEW || state == DeploymentState.ROLLBACK_COMPLETE)
                && one.as(Deployment.class).round() == round;
    }

    private void ask(Tx tx, Resource now, List<Map<UUID, String>> images) {
        var content = now.as(Deployment.class);
        var some = parts.look(tx, content.parts());
        var sought = IntStream.range(0, some.size())
                .mapToObj(n -> new Message.Place.Sought(
                        some.get(n).id(),
                        some.get(n).name(),
                        Parts.order(some.get(n)).narrowed(),
                        images.get(n),
                        Parts.order(some.get(n)).features()))
                .toList();
        var first = Parts.order(some.getFirst());
        var tied =
                some.stream().flatMap(part -> Parts.order(part).tied().stream()).collect(Collectors.toSet());
        var place = new Message.Place(
                now.id(),
                content.round(),
                content.pool(),
                first.realm().map(Instance.Realm::id),
                first.driver(),
                tied,
                sought,
                parts.tried(tx, content.parts()),
                first.seed());
        post.send(tx, Deploying.NAME, placing, place);
    }
}
