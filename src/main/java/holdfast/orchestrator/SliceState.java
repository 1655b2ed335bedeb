package holdfast.orchestrator;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/// The states of a slice and every way between them (fabric.md 3.1).
public enum SliceState {
    NASCENT("Nascent"),
    CONFIGURING("Configuring"),
    STABLE_OK("StableOK"),
    STABLE_ERROR("StableError"),
    ALLOCATED_OK("AllocatedOK"),
    ALLOCATED_ERROR("AllocatedError"),
    MODIFYING("Modifying"),
    MODIFY_OK("ModifyOK"),
    MODIFY_ERROR("ModifyError"),
    CLOSING("Closing"),
    DEAD("Dead");

    private final String word;

    SliceState(String word) {
        this.word = word;
    }

    /// As stored and shown.
    public String word() {
        return word;
    }

    /// @throws IllegalArgumentException if no state is called that
    public static SliceState of(String word) {
        return Arrays.stream(values())
                .filter(state -> state.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no slice state is called " + word));
    }

    /// What a user can do to a slice.
    public enum Operation {
        CREATE,
        MODIFY,
        RENEW,
        DELETE
    }

    private static final Set<SliceState> STABLE = EnumSet.of(STABLE_OK, STABLE_ERROR);
    private static final Set<SliceState> ALLOCATED = EnumSet.of(ALLOCATED_OK, ALLOCATED_ERROR);
    private static final Set<SliceState> MODIFIED = EnumSet.of(MODIFY_OK, MODIFY_ERROR);

    /// The state after `operation` is accepted, or a clash that names both.
    public Answer<SliceState> after(Operation operation) {
        boolean allowed = switch (operation) {
            case CREATE -> this == NASCENT;
            case MODIFY -> STABLE.contains(this) || ALLOCATED.contains(this) || this == CONFIGURING;
            case RENEW -> STABLE.contains(this) || ALLOCATED.contains(this) || MODIFIED.contains(this);
            case DELETE -> this != CLOSING;
        };
        if (!allowed) {
            return Answer.no(Refusal.clash("a slice that is " + word + " cannot be " + participle(operation)));
        }
        return Answer.yes(
                switch (operation) {
                    case CREATE, RENEW -> CONFIGURING;
                    case MODIFY -> MODIFYING;
                    case DELETE -> this == DEAD ? DEAD : CLOSING;
                });
    }

    private static String participle(Operation operation) {
        return switch (operation) {
            case CREATE -> "created again";
            case MODIFY -> "modified";
            case RENEW -> "renewed";
            case DELETE -> "deleted";
        };
    }

    /// The state that follows from those of its slivers. A slice without slivers stays as it is.
    public SliceState reevaluate(Collection<? extends Sliver> slivers) {
        if (slivers.isEmpty()) {
            return this;
        }
        var tally = Tally.of(slivers);
        return switch (this) {
            case NASCENT, CONFIGURING -> settle(tally, STABLE_OK, STABLE_ERROR, ALLOCATED_OK, ALLOCATED_ERROR);
            case MODIFYING -> settle(tally, MODIFY_OK, MODIFY_ERROR, MODIFY_OK, MODIFY_ERROR);
            case ALLOCATED_OK, ALLOCATED_ERROR ->
                tally.over ? CLOSING : tally.built ? okOr(tally, STABLE_OK, STABLE_ERROR) : this;
            case STABLE_OK, STABLE_ERROR, MODIFY_OK, MODIFY_ERROR -> tally.over ? CLOSING : this;
            case CLOSING -> tally.over ? DEAD : this;
            case DEAD -> this;
        };
    }

    private SliceState settle(
            Tally tally, SliceState ok, SliceState error, SliceState promisedOk, SliceState promisedError) {
        if (tally.over) {
            return CLOSING;
        }
        if (tally.built) {
            return okOr(tally, ok, error);
        }
        return tally.promised ? okOr(tally, promisedOk, promisedError) : this;
    }

    private static SliceState okOr(Tally tally, SliceState ok, SliceState error) {
        return tally.flawed ? error : ok;
    }

    /// @param over nothing will happen to any of them
    /// @param built each is active or over
    /// @param promised each is ticketed or over
    /// @param flawed some is not as it was asked for
    private record Tally(boolean over, boolean built, boolean promised, boolean flawed) {
        static Tally of(Collection<? extends Sliver> slivers) {
            boolean over = true;
            boolean built = true;
            boolean promised = true;
            boolean flawed = false;
            for (var sliver : slivers) {
                over &= sliver.over();
                built &= sliver.over() || sliver instanceof Sliver.Active;
                promised &= sliver.over() || sliver instanceof Sliver.Ticketed;
                flawed |= sliver.refusal().isPresent();
            }
            return new Tally(over, built, promised, flawed);
        }
    }
}
