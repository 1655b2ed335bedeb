package holdfast.engine;

import static holdfast.db.Tables.INBOX;
import static holdfast.db.Tables.OUTBOX;
import static java.util.Objects.requireNonNull;

import holdfast.core.Copies;
import holdfast.db.tables.records.OutboxRecord;
import holdfast.platform.Json;
import holdfast.platform.LostRaceException;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Messages between actors. Sent in the transaction of the change that causes them: told if and only if done.
///
/// Within one database a message is taken off the outbox in the transaction of its effects. Between databases it is
/// carried at least once ([#pending], [#acknowledge]) and made effective once ([#receive]).
///
/// An actor of another domain is called `actor@contract`, by the UUID of our record of the contract that it speaks
/// under. What is for it waits ([#abroad]) until the other domain says that it has it; what comes from it is put into
/// the outbox for the actor here, once ([#takeIn]).
public final class Post {
    private static final Map<String, Class<?>> KINDS = Arrays.stream(Message.class.getDeclaredClasses())
            .filter(Class::isRecord)
            .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

    private static final String NEXT = """
            select o.seq from outbox o
             where o.receiver = ? and o.run_after <= ?::timestamptz
               and not exists (select from outbox e where e.receiver = o.receiver and e.subject = o.subject
                                  and e.seq < o.seq and e.run_after > ?::timestamptz)
             order by o.seq limit ?""";

    private static final String SEND = """
            insert into outbox (id, sender, receiver, subject, kind, body, run_after, created)
            select id, sender, receiver, subject, kind, body::jsonb, ?::timestamptz, ?::timestamptz
              from unnest(?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::text[], ?::text[]) with ordinality
                   as m (id, sender, receiver, subject, kind, body, nr)
             order by nr""";

    private static final String WAITING = """
            select exists (select from unnest(?::text[], ?::uuid[]) as m (receiver, subject)
                             join outbox o on o.receiver = m.receiver and o.subject = m.subject)""";

    private static final String ABROAD = "receiver like '%@%'";

    private final Platform platform;
    private final Signal sent;
    private final Signal abroad;
    private final Map<String, Signal> bells = new ConcurrentHashMap<>();
    private volatile Map<String, Actor> here = Map.of();
    private volatile Signal handed = new Signal();

    public Post(Platform platform, Signal sent) {
        this.platform = platform;
        this.sent = sent;
        this.abroad = sent.branch();
    }

    /// A message on its way.
    public record Envelope(UUID id, String sender, String receiver, Message message) {}

    public void send(Tx tx, String sender, String receiver, Message message) {
        tx.gather(this, new Envelope(platform.newId(), sender, receiver, message), all -> deliver(tx, all));
    }

    /// From now on these actors get here what they take at once.
    ///
    /// @param changed raised when they have
    void serve(List<? extends Actor> actors, Signal changed) {
        handed = changed;
        here = actors.stream().collect(Collectors.toUnmodifiableMap(Actor::name, actor -> actor));
    }

    /// What receivers take at once is theirs before the transaction ends, unless something waits for them on one of
    /// these subjects: they get it in its order. If one of them cannot take it, all is done once more, and then all
    /// goes by the outbox, where it waits until it can be taken.
    private void deliver(Tx tx, List<Envelope> all) {
        var some = tx.isFirstTry() ? all.stream().filter(this::takesAtOnce).toList() : List.<Envelope>of();
        if (some.isEmpty() || isAnyWaiting(tx, some)) {
            write(tx, all);
            return;
        }
        var others = all.stream().filter(one -> !takesAtOnce(one)).toList();
        if (!others.isEmpty()) {
            write(tx, others);
        }
        some.stream()
                .collect(Collectors.groupingBy(Envelope::receiver, LinkedHashMap::new, Collectors.toList()))
                .forEach((receiver, own) -> hand(tx, requireNonNull(here.get(receiver)), own));
    }

    private boolean takesAtOnce(Envelope one) {
        var actor = here.get(one.receiver());
        return actor != null && actor.takesAtOnce(one.message());
    }

    private static boolean isAnyWaiting(Tx tx, List<Envelope> some) {
        return tx.sql()
                .fetchSingle(WAITING, texts(some, Envelope::receiver), subjects(some))
                .get(0, boolean.class);
    }

    private void hand(Tx tx, Actor actor, List<Envelope> some) {
        try {
            actor.onAll(tx, some);
            tx.afterCommit(handed::raise);
        } catch (RuntimeException e) {
            throw new LostRaceException(actor.name() + " could not take something at once: " + e.getMessage(), e);
        }
    }

    private void write(Tx tx, List<Envelope> all) {
        var now = platform.now();
        tx.sql()
                .execute(
                        SEND,
                        now,
                        now,
                        all.stream().map(Envelope::id).toArray(UUID[]::new),
                        texts(all, Envelope::sender),
                        texts(all, Envelope::receiver),
                        subjects(all),
                        texts(all, one -> one.message().getClass().getSimpleName()),
                        texts(all, one -> Json.text(one.message())));
        all.stream().map(one -> bellOf(one.receiver())).distinct().forEach(bell -> tx.afterCommit(bell::raise));
    }

    private Signal bellOf(String receiver) {
        return receiver.indexOf('@') < 0 ? bells.getOrDefault(receiver, sent) : abroad;
    }

    private static UUID[] subjects(List<Envelope> all) {
        return all.stream().map(one -> one.message().subject()).toArray(UUID[]::new);
    }

    private static String[] texts(List<Envelope> all, Function<Envelope, String> part) {
        return all.stream().map(part).toArray(String[]::new);
    }

    /// What waits to be carried, oldest first.
    public List<Envelope> pending(Tx tx, int limit) {
        tx.flush();
        return tx.sql().selectFrom(OUTBOX).orderBy(OUTBOX.SEQ).limit(limit).fetch(Post::read);
    }

    /// It has arrived: forget it.
    public void acknowledge(Tx tx, UUID id) {
        tx.flush();
        tx.sql().deleteFrom(OUTBOX).where(OUTBOX.ID.eq(id)).execute();
    }

    /// Gives `envelope` to `actor`, unless it was given before.
    public void receive(Tx tx, Actor actor, Envelope envelope) {
        if (isNew(tx, envelope)) {
            actor.on(tx, envelope.sender(), envelope.message());
        }
    }

    private boolean isNew(Tx tx, Envelope envelope) {
        int rows = tx.sql()
                .insertInto(INBOX)
                .set(INBOX.ID, envelope.id())
                .set(INBOX.RECEIVER, envelope.receiver())
                .set(INBOX.RECEIVED, platform.now())
                .onConflictDoNothing()
                .execute();
        return rows == 1;
    }

    /// The class of messages that are told by that word from others.
    public static Optional<Class<? extends Message>> kind(String word) {
        return Optional.ofNullable(KINDS.get(word)).map(known -> known.asSubclass(Message.class));
    }

    /// Raised when something was sent to actors of other domains here, and with all that is sent by another server
    /// process of the database.
    public Signal sentAbroad() {
        return abroad;
    }

    /// The same for one actor that gets its mail here.
    Signal bell(String receiver) {
        return bells.computeIfAbsent(receiver, _ -> sent.branch());
    }

    /// What waits for actors of another domain under a contract, oldest first.
    public List<Envelope> abroad(Tx tx, UUID contract, int limit) {
        tx.flush();
        return tx.sql()
                .fetch(
                        "select * from outbox where split_part(receiver, '@', 2) = ? and " + ABROAD
                                + " order by seq limit ?",
                        contract.toString(),
                        limit)
                .into(OUTBOX)
                .map(Post::read);
    }

    /// The contracts under which something waits.
    public Set<String> abroad(Tx tx) {
        tx.flush();
        return tx.sql()
                .fetch("select distinct split_part(receiver, '@', 2) from outbox where " + ABROAD)
                .intoSet(0, String.class);
    }

    /// What waited under a contract has arrived there: forget it.
    public void acknowledge(Tx tx, UUID contract, List<UUID> ids) {
        tx.flush();
        tx.sql()
                .execute(
                        "delete from outbox where id = any (?::uuid[]) and split_part(receiver, '@', 2) = ? and "
                                + ABROAD,
                        ids.toArray(UUID[]::new),
                        contract.toString());
    }

    /// Nobody will take any more what waits under a contract.
    ///
    /// @return how much it was
    public int forget(Tx tx, String contract) {
        tx.flush();
        return tx.sql().execute("delete from outbox where split_part(receiver, '@', 2) = ? and " + ABROAD, contract);
    }

    /// Takes in what has come under a contract, for an actor here, unless it was taken in before.
    ///
    /// @param envelope its id is whatever the other domain chose: it need be unique under that contract only
    public void takeIn(Tx tx, UUID contract, Envelope envelope) {
        var id = Copies.id(contract.toString(), envelope.id());
        if (isNew(tx, new Envelope(id, envelope.sender(), envelope.receiver(), envelope.message()))) {
            send(tx, envelope.sender(), envelope.receiver(), envelope.message());
        }
    }

    /// Takes up to `limit` messages for `receiver` off the outbox, oldest first, none before an earlier one on the
    /// same subject.
    List<Envelope> take(Tx tx, String receiver, int limit) {
        tx.flush();
        var now = platform.now();
        return tx.sql()
                .fetch(
                        "with next as (" + NEXT + " for update skip locked)"
                                + " delete from outbox where seq = any (array(select seq from next)) returning *",
                        receiver,
                        now,
                        now,
                        limit)
                .into(OUTBOX)
                .sortAsc(OUTBOX.SEQ)
                .map(Post::read);
    }

    /// The message that [#take] would take first.
    Optional<Envelope> peek(Tx tx, String receiver) {
        tx.flush();
        var now = platform.now();
        return tx
                .sql()
                .fetch("select * from outbox where seq in (" + NEXT + ")", receiver, now, now, 1)
                .into(OUTBOX)
                .stream()
                .findFirst()
                .map(Post::read);
    }

    /// Notes that the first message for `receiver` could not be taken in, and when to try again.
    void postpone(Tx tx, UUID id, Instant until, String problem) {
        tx.sql()
                .update(OUTBOX)
                .set(OUTBOX.ATTEMPT, OUTBOX.ATTEMPT.plus(1))
                .set(OUTBOX.RUN_AFTER, until)
                .set(OUTBOX.PROBLEM, problem)
                .where(OUTBOX.ID.eq(id))
                .execute();
    }

    int attempts(Tx tx, UUID id) {
        return tx.sql()
                .select(OUTBOX.ATTEMPT)
                .from(OUTBOX)
                .where(OUTBOX.ID.eq(id))
                .fetchOptional(OUTBOX.ATTEMPT)
                .orElse(0);
    }

    private static Envelope read(OutboxRecord row) {
        var kind = KINDS.get(row.getKind());
        if (kind == null) {
            throw new IllegalStateException("message " + row.getId() + " is of an unknown kind: " + row.getKind());
        }
        return new Envelope(row.getId(), row.getSender(), row.getReceiver(), (Message)
                Json.read(row.getBody().data(), kind));
    }
}
