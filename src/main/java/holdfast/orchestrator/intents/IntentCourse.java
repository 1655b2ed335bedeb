package holdfast.orchestrator.intents;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The states of an intent and what leads from one to another (fluidos.md 3.10).
enum IntentCourse {
    RECEIVED("Received"),
    DECOMPOSED("Decomposed"),
    /// It may wait, and waits for the hour at which it emits the least.
    WAITING("Waiting"),
    /// Room is looked for in this domain.
    MATCHING_LOCAL("MatchingLocal"),
    /// Room for some part, or a service, is looked for in other domains.
    ACQUIRING("Acquiring"),
    /// Each part has its room and is being built, or waits for its term.
    PLACING("Placing"),
    RUNNING("Running"),
    /// A promise was broken while it ran.
    VIOLATED("Violated"),
    /// It ran to the end of its term.
    DONE("Done"),
    /// Its user gave it up.
    RELEASED("Released"),
    FAILED("Failed");

    private final String word;

    IntentCourse(String word) {
        this.word = word;
    }

    /// As stored and shown.
    String word() {
        return word;
    }

    /// @throws IllegalArgumentException if no state is called that
    static IntentCourse of(String word) {
        return Arrays.stream(values())
                .filter(state -> state.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no state of an intent is called " + word));
    }

    /// What happens to an intent.
    enum News {
        TAKEN_APART,
        /// It is to begin when its power is greenest.
        PUT_OFF,
        LOOKED_UP,
        /// Services are sought for what is to run.
        SERVICES_SOUGHT,
        /// Some part has no room in this domain.
        NO_ROOM_HERE,
        /// Each part has room.
        PROMISED,
        /// Each part runs.
        RUNS,
        /// What runs is not what was promised.
        BROKEN,
        /// A part cannot be had, or not in time.
        PART_FAILED,
        /// Its term is over.
        ENDED,
        /// Its user gives it up.
        GIVEN_UP
    }

    /// How far a part is.
    enum Progress {
        ASKED,
        ACQUIRING,
        PROMISED,
        RUNNING,
        /// It ran, and is not what was promised.
        BROKEN,
        OVER
    }

    boolean isOver() {
        return switch (this) {
            case RECEIVED, DECOMPOSED, WAITING, MATCHING_LOCAL, ACQUIRING, PLACING, RUNNING, VIOLATED -> false;
            case DONE, RELEASED, FAILED -> true;
        };
    }

    /// The state after it; empty if that changes nothing, or comes too late to matter.
    Optional<IntentCourse> after(News news) {
        if (isOver()) {
            return Optional.empty();
        }
        var next = switch (news) {
            case TAKEN_APART -> this == RECEIVED ? DECOMPOSED : this;
            case PUT_OFF -> this == DECOMPOSED ? WAITING : this;
            case SERVICES_SOUGHT -> this == DECOMPOSED || this == WAITING ? ACQUIRING : this;
            case LOOKED_UP -> this == DECOMPOSED || this == WAITING || this == ACQUIRING ? MATCHING_LOCAL : this;
            case NO_ROOM_HERE ->
                switch (this) {
                    case MATCHING_LOCAL, PLACING, VIOLATED -> ACQUIRING;
                    default -> this;
                };
            case PROMISED ->
                switch (this) {
                    case MATCHING_LOCAL, ACQUIRING, VIOLATED -> PLACING;
                    default -> this;
                };
            case RUNS ->
                switch (this) {
                    case MATCHING_LOCAL, ACQUIRING, PLACING, VIOLATED -> RUNNING;
                    default -> this;
                };
            case BROKEN ->
                switch (this) {
                    case ACQUIRING, PLACING, RUNNING -> VIOLATED;
                    default -> this;
                };
            case PART_FAILED -> FAILED;
            case ENDED ->
                switch (this) {
                    case MATCHING_LOCAL, ACQUIRING, PLACING, RUNNING, VIOLATED -> DONE;
                    default -> this;
                };
            case GIVEN_UP -> RELEASED;
        };
        return Optional.of(next).filter(state -> state != this);
    }

    /// What the parts together mean; empty if that is not yet known.
    ///
    /// @param parts how far each is
    /// @param keepPartial whether the rest stays when a part cannot be had
    /// @param termOver whether parts are over because all was to end now
    static Optional<News> heard(List<Progress> parts, boolean keepPartial, boolean termOver) {
        boolean none = parts.stream().allMatch(Progress.OVER::equals);
        if (none) {
            return Optional.of(termOver ? News.ENDED : News.PART_FAILED);
        }
        if (parts.contains(Progress.OVER) && !keepPartial && !termOver) {
            return Optional.of(News.PART_FAILED);
        }
        var left = parts.stream().filter(part -> part != Progress.OVER).toList();
        if (left.contains(Progress.ACQUIRING)) {
            return Optional.of(News.NO_ROOM_HERE);
        }
        if (left.contains(Progress.ASKED)) {
            return Optional.empty();
        }
        if (left.contains(Progress.PROMISED)) {
            return Optional.of(News.PROMISED);
        }
        return Optional.of(left.contains(Progress.BROKEN) ? News.BROKEN : News.RUNS);
    }
}
