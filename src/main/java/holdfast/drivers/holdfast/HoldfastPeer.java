package holdfast.drivers.holdfast;

import holdfast.authority.Cloud;
import holdfast.authority.Fabric;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Wanted;
import holdfast.drivers.holdfast.Peer.NotNowException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Another Holdfast as a provider (promise.md 4.8, 6.5; 7, row 20).
///
/// What is wanted there is held first, lapses after a minute, and stays if it is taken in time. Keeps nothing that a
/// restart would miss: what is ours is found by its name. A peer that does not answer is never a reason to fail a
/// lease: `ensure` and `remove` answer `Later`.
public final class HoldfastPeer implements Cloud {
    private static final String HELD = "held";

    private final Peer peer;
    private final Marks marks;
    private final Holds holds;
    private final Servers servers;
    private final Discovery discovery;

    /// How long what is not taken is held (promise.md 6.5).
    public static final Duration LAPSE = Duration.ofSeconds(60);

    /// @param owner the provider's resource, under whose id things are kept
    /// @param lapse how long what is not taken is held there, in whole seconds
    public HoldfastPeer(UUID owner, Account account, Duration lapse, InstantSource clock) {
        this.peer = new Peer(account);
        this.marks = new Marks(owner);
        this.holds = new Holds(peer, marks, lapse);
        this.servers = new Servers(peer, marks, holds);
        this.discovery = new Discovery(peer, holds, clock);
    }

    /// @throws UncheckedIOException if nothing is known now
    @Override
    public Observed observe(Key key) {
        return known(() -> key.part().equals(HELD)
                ? holds.find(key)
                        .<Observed>map(one -> new Observed.Present(true, Holds.facts(one)))
                        .orElseGet(Observed.Absent::new)
                : servers.find(key)
                        .<Observed>map(one -> new Observed.Present(Servers.isWell(one), Servers.facts(one)))
                        .orElseGet(Observed.Absent::new));
    }

    @Override
    public Result ensure(Key key, Spec spec) {
        return attempt(() -> switch (spec) {
            case Order.Held(Wanted.Amounts wanted, var open) -> holds.ensure(key, wanted, open);
            case Order.Server(var wanted, var on) -> servers.ensure(key, wanted, on);
            case Order.Instance order -> servers.ensure(key, order);
            case Order.Opener _ -> new Result.Done(Map.of());
            case Order.Held _ -> new Result.Failed("a peer keeps amounts; which hosts they are on is its own business");
            case Order.Port _,
                    Order.Volume _,
                    Order.Attachment _,
                    Order.Snapshot _,
                    Order.Images _,
                    Spec.OnHost _,
                    Fabric.Bond _ -> new Result.Failed("a peer makes servers, and nothing else");
        });
    }

    @Override
    public Result remove(Key key) {
        return attempt(() -> (key.part().equals(HELD) ? holds.remove(key) : servers.remove(key))
                .orElseGet(() -> new Result.Done(Map.of())));
    }

    /// @throws UncheckedIOException if nothing is known now
    @Override
    public List<Key> list() {
        return known(() -> ours(servers.all()));
    }

    private List<Key> ours(List<JsonNode> there) {
        return Stream.concat(
                        holds.all().stream()
                                .flatMap(one -> marks.leaseOfHold(Holds.name(one)).stream())
                                .map(lease -> new Key(lease, HELD)),
                        there.stream()
                                .flatMap(one -> marks.leaseOfServer(Holds.name(one)).stream())
                                .map(lease -> new Key(lease, Servers.PART)))
                .toList();
    }

    @Override
    public Look<There> there() {
        return look(() -> {
            var there = servers.all();
            return new There(there.stream().map(servers::seen).toList(), ours(there));
        });
    }

    @Override
    public Look<CloudSupply> discover() {
        return look(discovery::look);
    }

    @Override
    public Look<List<CloudServer>> servers() {
        return look(() -> servers.all().stream().map(servers::seen).toList());
    }

    @Override
    public String describe() {
        return "Holdfast at " + peer;
    }

    private static Result attempt(Supplier<Result> work) {
        try {
            return work.get();
        } catch (NotNowException e) {
            return new Result.Later(
                    String.valueOf(e.getMessage()), e.isDenied() ? Optional.of(Peer.WHEN_DENIED) : Optional.empty());
        }
    }

    private static <T> Look<T> look(Supplier<T> work) {
        try {
            return new Look.Seen<>(work.get());
        } catch (NotNowException e) {
            var why = String.valueOf(e.getMessage());
            return e.isDenied() ? new Look.Denied<>(why) : new Look.Away<>(why, Optional.empty());
        }
    }

    private static <T> T known(Supplier<T> look) {
        try {
            return look.get();
        } catch (NotNowException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    @Override
    public void close() {
        peer.close();
    }
}
