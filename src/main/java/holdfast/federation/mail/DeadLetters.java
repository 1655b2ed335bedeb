package holdfast.federation.mail;

import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// Mail that nobody comes for any more, because its contract has been over for long. Whoever waits for an answer to it
/// gets one: what was to be made there was not, and what was to be closed there is gone with the contract (fluidos.md
/// 4.7, step 9).
final class DeadLetters {
    /// So long after its end no side exchanges mail under a contract any more.
    static final Duration SURELY_OVER = Duration.ofMinutes(90);

    private static final int MOST = 10_000;
    private static final Refusal OVER =
            Refusal.silent("the contract is over, and who sold it was not heard of any more");

    private final Platform platform;
    private final Post post;
    private final Resources resources;

    DeadLetters(Platform platform, Engine engine) {
        this.platform = platform;
        this.post = engine.post();
        this.resources = engine.resources();
    }

    /// Answers and forgets what waits under contracts that are surely over.
    ///
    /// @return how much it was
    int prune(Tx tx, Instant ignored, int limit) {
        var before = platform.now().minus(SURELY_OVER);
        return post.abroad(tx).stream()
                .filter(contract -> isDone(tx, contract, before))
                .mapToInt(contract -> forget(tx, contract))
                .sum();
    }

    private int forget(Tx tx, String contract) {
        id(contract).ifPresent(id -> post.abroad(tx, id, MOST).forEach(letter -> Unheard.gone(tx, post, letter, OVER)));
        return post.forget(tx, contract);
    }

    private boolean isDone(Tx tx, String contract, Instant before) {
        return id(contract)
                .flatMap(id -> resources.find(tx, id))
                .map(Resource::removed)
                .map(removed -> removed.filter(end -> end.isBefore(before)).isPresent())
                .orElse(true);
    }

    /// Empty: no contract was ever called so.
    private static Optional<UUID> id(String contract) {
        try {
            return Optional.of(UUID.fromString(contract));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
