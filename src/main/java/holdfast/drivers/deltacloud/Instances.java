package holdfast.drivers.deltacloud;

import holdfast.drivers.deltacloud.Outcome.NotDoneException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The collection of instances, and the life that they lead.
final class Instances {
    static final String COLLECTION = "instances";
    private static final Logger LOG = LoggerFactory.getLogger(Instances.class);

    private final Api api;
    private final Account account;
    private final InstantSource clock;
    private States states = new States(Map.of());
    private Instant statesUntil = Instant.MIN;

    Instances(Api api, Account account, InstantSource clock) {
        this.api = api;
        this.account = account;
        this.clock = clock;
    }

    /// @param whole whether nothing in it was unreadable: else what is missing may be there all the same
    record Listed<T>(List<T> entries, boolean whole) {}

    /// @throws NotDoneException if it cannot be had now
    Listed<Seen> all() {
        return all(Function.identity());
    }

    /// What is made of each, so that no more than that is held.
    ///
    /// @throws NotDoneException if it cannot be had now
    <T> Listed<T> all(Function<Seen, T> kept) {
        var found = new ArrayList<T>();
        var entries = new AtomicInteger();
        var around = api.each(api.of(COLLECTION), entry -> {
            if (entry.name().equals("instance") && entries.incrementAndGet() <= Limits.MOST_INSTANCES)
                Seen.read(entry).map(kept).ifPresent(found::add);
        });
        // text in between are entries that somebody has mangled
        if (!around.name().equals(COLLECTION) || !around.text().isEmpty()) throw nonsense();
        int unread = entries.get() - found.size();
        if (unread > 0) LOG.warn("{} of {} instances of {} cannot be read.", unread, entries, account);
        return new Listed<>(List.copyOf(found), unread == 0);
    }

    /// One of them; empty if the cloud says that there is no such instance.
    Optional<Seen> look(String id) {
        try {
            return Optional.of(Seen.read(api.get(api.of(COLLECTION, id))).orElseThrow(Instances::nonsense));
        } catch (NotDoneException e) {
            if (e.outcome() instanceof Outcome.Gone) return Optional.empty();
            throw e;
        }
    }

    private static NotDoneException nonsense() {
        return new NotDoneException(new Outcome.Away("it answered with something else than instances"));
    }

    Outcome create(Map<String, String> form) {
        return api.post(api.of(COLLECTION), form, api.limits().create());
    }

    /// As the instance says how, else as all instances take it.
    Outcome act(Seen seen, String action) {
        var own = Optional.ofNullable(seen.actions().get(action));
        if (action.equals("destroy")) return api.delete(api.of(COLLECTION, seen.id()));
        var url = own.map(deed -> api.link(deed.href())).orElseGet(() -> api.of(COLLECTION, seen.id(), action));
        var method = own.map(Seen.Deed::method).orElse("POST").toUpperCase(Locale.ROOT);
        return method.equals("DELETE")
                ? api.delete(url)
                : api.act(method, url, Map.of(), api.limits().read());
    }

    /// What may be done in which state; asked once an hour.
    ///
    /// @throws NotDoneException if it cannot be had now
    synchronized States states() {
        if (clock.instant().isBefore(statesUntil)) return states;
        states = asked();
        statesUntil = clock.instant().plus(Limits.STATES_KEPT);
        return states;
    }

    private States asked() {
        var where = api.entry().find("instance_states");
        if (where.isEmpty()) return States.of(account.driver());
        try {
            return States.read(api.get(api.link(where.get().href())));
        } catch (NotDoneException e) {
            if (e.outcome() instanceof Outcome.Gone || e.outcome() instanceof Outcome.Unsupported)
                return States.of(account.driver());
            throw e;
        }
    }

    synchronized void forget() {
        statesUntil = Instant.MIN;
    }
}
