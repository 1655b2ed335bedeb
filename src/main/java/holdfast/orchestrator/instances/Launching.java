package holdfast.orchestrator.instances;

import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.core.Wanted;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.Post;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.orchestrator.instances.InstanceCourse.News;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Failures;
import holdfast.pools.clouds.Quotas;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.protocol.Match;
import holdfast.protocol.Message;
import holdfast.protocol.SliceInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Has instances placed and made, and placed again elsewhere if that fails (aeolus.md 4.2, 6.5).
final class Launching {
    /// The field of a launch that names a key.
    static final String KEY = "keyname";

    /// The fields of a launch that name firewalls begin so.
    static final String FIREWALLS = "firewalls";

    private static final String PLACE = "cloudInstance.place";
    /// So many accounts are tried for one launch (aeolus.md 6.5, step 5).
    static final int MOST_ATTEMPTS = 10;

    private final String placing;
    private final String clouds;
    private final Platform platform;
    private final Processes processes;
    private final Post post;
    private final Quotas quotas;
    private final Failures failures = new Failures();
    private final Inquiry inquiry;
    private final InstanceRecords records;
    private final Attempts attempts;

    /// @param placing the address of who chooses accounts
    /// @param clouds the address of the authority that makes instances
    Launching(
            String placing,
            String clouds,
            Platform platform,
            Engine engine,
            Quotas quotas,
            Instances.Images images,
            InstanceRecords records,
            Attempts attempts) {
        this.placing = placing;
        this.clouds = clouds;
        this.platform = platform;
        this.processes = engine.processes();
        this.post = engine.post();
        this.quotas = quotas;
        this.inquiry = new Inquiry(platform, processes, images);
        this.records = records;
        this.attempts = attempts;
        engine.definitions().add(ProcessDefinition.timer(PLACE, this::ask));
    }

    Inquiry inquiry() {
        return inquiry;
    }

    /// To be placed for the first time.
    ///
    /// @param known what its image is at each account; empty while nobody can tell
    void begin(Tx tx, Resource fresh, Optional<Map<UUID, String>> known) {
        known.ifPresentOrElse(images -> ask(tx, fresh, images), () -> inquire(tx, fresh));
    }

    /// To be placed again.
    ///
    /// @param why it is
    void again(Tx tx, Resource now, String why) {
        var before = now.as(Instance.class);
        inquire(tx, records.write(tx, now, before.with(before.attempt().next()), why, Instances.NAME));
    }

    private void inquire(Tx tx, Resource now) {
        processes.schedule(tx, Request.now(PLACE, now.id(), Instances.NAME)).orThrow();
    }

    /// Finds out what its image is at each account, and asks for one of them.
    private Outcome ask(Step.Context context) {
        var content = context.resource().as(Instance.class);
        var id = context.resource().id();
        int round = content.attempt().round();
        return inquiry.about(context, PLACE, content.pool(), List.of(content.order()), new Inquiry.Asker() {
            @Override
            public void known(Tx tx, List<Map<UUID, String>> images) {
                waiting(tx, id, round).ifPresent(now -> ask(tx, now, images.getFirst()));
            }

            @Override
            public void silent(Tx tx, String why) {
                waiting(tx, id, round).ifPresent(now -> nowhere(tx, now, why));
            }
        });
    }

    private void ask(Tx tx, Resource now, Map<UUID, String> known) {
        var content = now.as(Instance.class);
        var order = content.order();
        var sought = new Message.Place.Sought(now.id(), now.name(), order.narrowed(), known, order.features());
        post.send(
                tx,
                Instances.NAME,
                placing,
                new Message.Place(
                        now.id(),
                        content.attempt().round(),
                        content.pool(),
                        order.realm().map(Instance.Realm::id),
                        order.driver(),
                        order.tied(),
                        List.of(sought),
                        content.attempt().round() == 1 ? List.of() : attempts.tried(tx, now.id()),
                        order.seed()));
    }

    /// One that has still to be placed in that round.
    private Optional<Resource> waiting(Tx tx, UUID id, int round) {
        return records.lock(tx, id).filter(one -> isWaiting(one, round));
    }

    private static boolean isWaiting(Resource one, int round) {
        var attempt = one.as(Instance.class).attempt();
        return attempt.round() == round
                && attempt.sliver().isEmpty()
                && InstanceRecords.state(one).active();
    }

    /// An answer to what was asked.
    ///
    /// @param now locked
    void placed(Tx tx, Resource now, Message.Placed placed) {
        if (!isWaiting(now, placed.round())) {
            return; // old news
        }
        if (placed.refusal().isPresent()) {
            nowhere(tx, now, nowhereElse(placed.refusal().get(), attempts.lastError(tx, now.id())));
            return;
        }
        make(tx, now, placed.round(), placed.matches().getFirst());
    }

    /// Why nothing is tried any more; that all has been tried says nothing without what came of it.
    ///
    /// @param last what the last account said, if any was tried
    static String nowhereElse(Refusal why, Optional<String> last) {
        return last.map(said -> "the last account said: " + said + "; no other will do: " + why.message())
                .orElseGet(why::message);
    }

    /// Has it made where it is placed.
    void make(Tx tx, Resource now, int round, Match match) {
        var content = now.as(Instance.class);
        var sliver = new SliverId(Copies.id(Instances.NAME + "/" + round, now.id()));
        attempts.begin(tx, sliver, now.id(), round, match);
        var after = records.write(
                tx, now, content.with(content.attempt().at(round, sliver, match)), "placed", Instances.NAME);
        post.send(
                tx,
                Instances.NAME,
                clouds,
                new Message.Provide(
                        sliver,
                        new SliceInfo(new SliceId(now.id()), now.name(), now.project(), content.owner(), List.of()),
                        match.account(),
                        Interval.since(now.created()),
                        wanted(after, match)));
    }

    /// It will not be made.
    void nowhere(Tx tx, Resource now, String why) {
        var content = now.as(Instance.class).troubled(Optional.of(why));
        records.to(tx, now, content, new News.Nowhere(), "instance_launch_failed: " + why);
        records.ended(tx, now.id(), Action.CREATE, Optional.of(why));
    }

    /// It could not be made where it was placed.
    void failed(Tx tx, Resource now, String why) {
        var content = now.as(Instance.class);
        attempts.failed(tx, content.attempt().sliver().orElseThrow(), why);
        var match = content.attempt().match().orElseThrow();
        failures.note(tx, match.account(), now.id(), platform.now(), why);
        boolean alone = content.deployment().isEmpty();
        if (alone && attempts.tried(tx, now.id()).size() >= MOST_ATTEMPTS) {
            nowhere(tx, now, "too many launch retries; the last account said: " + why);
            return;
        }
        quotas.leave(tx, now.id(), Set.of(Kind.ACCOUNT));
        if (!alone) {
            nowhere(tx, now.withData(content.with(content.attempt().left())), why); // nothing goes elsewhere alone
        } else {
            again(tx, now, "attempt_failed: " + why);
        }
    }

    /// What its authority is asked for.
    static Wanted wanted(Resource resource, Match match) {
        var content = resource.as(Instance.class);
        var extras = new HashMap<>(content.order().extras());
        var named = Optional.ofNullable(extras.remove(KEY)) // in the words of its account
                .or(() -> content.order().key().map(ThingNames::rest));
        var brought = content.order()
                .imported()
                .filter(key -> !key.account().equals(match.account()))
                .map(Instance.Imported::publicKey);
        return new Wanted.Instance(
                resource.name().replace('/', '-'),
                match.profile(),
                match.sent(),
                match.image(),
                match.realm(),
                named.filter(_ -> brought.isEmpty()),
                brought,
                content.order().userData(),
                extras,
                content.power().on(),
                content.power().reboots());
    }
}
