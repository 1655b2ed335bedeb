package holdfast.broker.placing;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Actor;
import holdfast.engine.Post;
import holdfast.engine.Post.Envelope;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.CloudAccount;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.FrontendRealm;
import holdfast.pools.clouds.ImageMapper.Mapped;
import holdfast.pools.clouds.Landscape;
import holdfast.pools.clouds.LaunchRequest;
import holdfast.pools.clouds.LaunchRequest.Assembly;
import holdfast.pools.clouds.Occasion;
import holdfast.pools.clouds.Quotas;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Realms;
import holdfast.pools.clouds.choice.Candidate;
import holdfast.pools.clouds.choice.Explanation;
import holdfast.pools.clouds.choice.Facts.Images;
import holdfast.pools.clouds.choice.Facts.Tried;
import holdfast.pools.clouds.choice.Selection;
import holdfast.protocol.Message;
import holdfast.protocol.Message.Place;
import holdfast.protocol.Message.Placed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Which account of a pool an instance is made at (aeolus.md 6.5): the first that will do, in the order that the pool's
/// strategies and the launch's own draw give. What is placed counts in the quota of its account at once.
public final class Placing implements Actor {
    public static final String NAME = "placing";

    private final Platform platform;
    private final Post post;
    private final Configuration configuration;
    private final Landscape landscape;
    private final Quotas quotas;
    private final Occasion occasion;

    public Placing(Platform platform, Post post, Configuration configuration, Quotas quotas, Occasion occasion) {
        this.platform = platform;
        this.post = post;
        this.configuration = configuration;
        this.landscape = new Landscape(configuration);
        this.quotas = quotas;
        this.occasion = occasion;
    }

    @Override
    public String name() {
        return NAME;
    }

    /// It locks the counts of accounts only, which come after all others.
    @Override
    public boolean takesAtOnce(Message message) {
        return true;
    }

    @Override
    public void on(Tx tx, String sender, Message message) {
        on(tx, sender, message, id -> landscape.pool(tx, id));
    }

    /// What is set up is read once for all of them.
    @Override
    public void onAll(Tx tx, List<Envelope> some) {
        var known = new HashMap<UUID, Answer<CloudPool>>();
        some.forEach(one ->
                on(tx, one.sender(), one.message(), id -> known.computeIfAbsent(id, pool -> landscape.pool(tx, pool))));
    }

    private void on(Tx tx, String sender, Message message, Function<UUID, Answer<CloudPool>> pools) {
        if (!(message instanceof Place place)) {
            throw new IllegalArgumentException(
                    "placing does not take " + message.getClass().getSimpleName() + " from " + sender);
        }
        var answer = pools.apply(place.pool()).map(known -> placed(tx, known, place));
        post.send(
                tx,
                NAME,
                sender,
                switch (answer) {
                    case Answer.Yes<Placed>(var placed) -> placed;
                    case Answer.No<Placed>(var why) -> refused(place, why);
                });
    }

    private Placed placed(Tx tx, CloudPool pool, Place place) {
        var images = place.sought().stream().<Images>map(Placing::images).toList();
        var tried = place.tried().stream().map(Tried::of).collect(Collectors.toSet());
        var facts = occasion.facts(tx, pool, platform.now(), images, tried);
        var explanation = Selection.choose(request(tx, pool, place), facts, place.seed());
        return explanation.candidates().stream()
                .filter(candidate -> isCounted(tx, pool, candidate, place))
                .findFirst()
                .map(candidate -> new Placed(place.launch(), place.round(), candidate.matches(), Optional.empty()))
                .orElseGet(() -> refused(place, why(explanation)));
    }

    private static Images images(Place.Sought sought) {
        Map<UUID, Mapped> usable = sought.images().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, known -> new Mapped.Usable(known.getValue())));
        return new Images.Known(usable);
    }

    private LaunchRequest request(Tx tx, CloudPool pool, Place place) {
        Optional<FrontendRealm> realm =
                place.realm().flatMap(id -> configuration.realms().find(tx, id)).map(Realms::realm);
        var assemblies = place.sought().stream()
                .map(sought -> new Assembly(
                        sought.name(), sought.profile(), image(sought), Optional.empty(), sought.features()))
                .toList();
        return new LaunchRequest(pool, "", realm, place.driver(), place.tied(), assemblies);
    }

    /// What it is at each account is known; whether it fits its profile was looked at before.
    private static BrokerImage image(Place.Sought sought) {
        return new BrokerImage(sought.name(), sought.name(), "", "", Optional.empty());
    }

    /// The account may have filled up since it was looked at.
    private boolean isCounted(Tx tx, CloudPool pool, Candidate candidate, Place place) {
        var limits = pool.family().accounts().stream()
                .filter(account -> account.id().equals(candidate.account()))
                .map(CloudAccount::limits)
                .findFirst()
                .orElseThrow();
        var holders = place.sought().stream().map(Place.Sought::instance).toList();
        var owner = new Owner(Kind.ACCOUNT, candidate.account(), limits);
        return quotas.reserve(tx, holders, List.of(owner)).isEmpty();
    }

    private static Refusal why(Explanation explanation) {
        return explanation.refusal().orElseGet(() -> Refusal.clash("all accounts that would do filled up just now"));
    }

    private static Placed refused(Place place, Refusal why) {
        return new Placed(place.launch(), place.round(), List.of(), Optional.of(why));
    }
}
