package holdfast.engine.handlers;

import holdfast.core.Caller;
import holdfast.core.RefusedException;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.platform.WebhookClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// Brings calls to handlers that have a `url` instead of subscribing. Of all servers one delivers each.
public final class Webhooks {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    /// No word of an event's name may hold a colon.
    private static final String QUEUE = ":url";

    private static final int AT_ONCE = 64;
    private static final int AT_ONCE_EACH = 8;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final int MOST_DOUBLINGS = 6;

    private final Platform platform;
    private final Handlers handlers;
    private final Subscriptions subscriptions;
    private final Replies replies;
    private final Secrets secrets;
    private final WebhookClient client;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Map<UUID, Semaphore> shares = new ConcurrentHashMap<>();
    private final Set<Thread> posting = ConcurrentHashMap.newKeySet();
    private final CallListener listener;

    public Webhooks(
            Platform platform,
            Handlers handlers,
            Subscriptions subscriptions,
            Replies replies,
            Secrets secrets,
            WebhookClient client) {
        this.platform = platform;
        this.handlers = handlers;
        this.subscriptions = subscriptions;
        this.replies = replies;
        this.secrets = secrets;
        this.client = client;
        this.listener = new CallListener("webhooks", subscriptions, this::take);
    }

    public void start() {
        listener.start();
    }

    /// Calls that are under way are for another server.
    public void stop() throws InterruptedException {
        listener.interrupt();
        posting.forEach(Thread::interrupt);
        listener.join();
    }

    private void take(UUID subscriber, Call call) {
        var handler = handlers.find(call.handler()).filter(one -> one.url().isPresent());
        if (handler.isEmpty() || !subscriptions.claims().take(call, QUEUE, subscriber)) {
            return;
        }
        var thread = Thread.ofVirtual().name("webhook " + call.name()).unstarted(() -> {
            try {
                deliver(handler.get(), call);
            } catch (InterruptedException _) {
                LOG.debug("the call of {} is left to another server", call.name());
            } catch (RuntimeException e) {
                LOG.error("{} could not be brought to its handler", call.name(), e);
            } finally {
                posting.remove(Thread.currentThread());
            }
        });
        posting.add(thread);
        thread.start();
    }

    /// Tries again until it is taken, answered or offered anew.
    private void deliver(Handler handler, Call call) throws InterruptedException {
        for (int attempt = 0; subscriptions.claims().isOpen(call); attempt++) {
            try {
                postInTurn(handler, call);
                return;
            } catch (DatabaseUnavailableException e) {
                LOG.info("handler {} could not be called, attempt {}: {}", handler.name(), attempt + 1, e.getMessage());
            } catch (IOException e) {
                var why = WebhookClient.inDetail(e);
                LOG.info("handler {} could not be called, attempt {}: {}", handler.name(), attempt + 1, why);
            }
            Thread.sleep(FIRST_PAUSE.multipliedBy(1L << Math.min(attempt, MOST_DOUBLINGS)));
        }
    }

    /// One handler that does not answer must not hold up the others, so each has a share of the room.
    private void postInTurn(Handler handler, Call call) throws IOException, InterruptedException {
        var own = shares.computeIfAbsent(handler.id(), _ -> new Semaphore(AT_ONCE_EACH));
        own.acquire();
        try {
            room.acquire();
            try {
                post(handler, call);
            } finally {
                room.release();
            }
        } finally {
            own.release();
        }
    }

    /// An empty answer of success is a promise to publish the reply later.
    private void post(Handler handler, Call call) throws IOException, InterruptedException {
        var limit = handler.timeout().compareTo(LIMIT) < 0 ? handler.timeout() : LIMIT;
        var answer = client.post(
                handler.url().orElseThrow(),
                call.name(),
                Json.text(call.event()),
                secret(handler),
                platform.now(),
                limit);
        if (answer.status() < 200 || answer.status() >= 300) {
            throw new IOException("it answered " + answer.status());
        }
        if (!answer.text().isBlank()) {
            reply(handler, call, answer.text());
        }
    }

    /// What must be signed and cannot be is not sent.
    private Optional<String> secret(Handler handler) throws IOException {
        if (handler.secret().isEmpty()) {
            return Optional.empty();
        }
        var plain = secrets.unseal(handler.id(), "secret", handler.secret().get());
        if (plain.isEmpty()) {
            throw new IOException("its secret cannot be opened with the key of this server");
        }
        return plain;
    }

    private void reply(Handler handler, Call call, String text) throws IOException {
        try {
            if (!(Json.tree(text) instanceof ObjectNode body)) {
                throw new IOException("its answer is no JSON object");
            }
            body.put("name", call.replyTo());
            body.putArray("previousIds").add(call.id().toString());
            replies.take(new Caller("handler " + handler.name(), handler.project(), false), body);
        } catch (JacksonException | RefusedException e) {
            throw new IOException("its answer is no reply", e);
        }
    }
}
