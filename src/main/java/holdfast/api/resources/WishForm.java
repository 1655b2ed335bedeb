package holdfast.api.resources;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Objective;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Reads what is wanted of room in other domains: `elsewhere: true`, or an object with `objective`, `hard` and `soft`.
final class WishForm {
    private static final String FIELD = "elsewhere";
    private static final int LONGEST = 200;

    private WishForm() {}

    /// @param trace of what is asked for
    static Optional<Wish> read(Form form, UUID trace, List<Refusal> faults) {
        var value = form.any(FIELD);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get().isBoolean()) {
            return any(value.get().booleanValue(), trace);
        }
        if (!value.get().isObject()) {
            form.fault(FIELD, form.at(FIELD) + " must be true, or an object with objective, hard and soft");
            return Optional.empty();
        }
        return Optional.of(wish(new Form(value.get(), form.at(FIELD), faults), trace));
    }

    /// Anything that fits, if it is wanted.
    static Optional<Wish> any(boolean wanted, UUID trace) {
        return wanted ? Optional.of(Wish.any(fresh(trace))) : Optional.empty();
    }

    private static Wish wish(Form form, UUID trace) {
        var wish = fields(form, trace);
        form.end();
        return wish;
    }

    /// From the fields `objective`, `hard` and `soft`, each of which may be missing.
    static Wish fields(Form form, UUID trace) {
        var word = form.text("objective", LONGEST);
        var objective = word.flatMap(Objective::of);
        if (word.isPresent() && objective.isEmpty()) {
            form.fault(
                    "objective",
                    form.at("objective") + " is '" + Form.shorten(word.get()) + "'; it must be one of "
                            + Objective.all());
        }
        return new Wish(
                objective.orElse(Objective.CHEAPEST),
                constraints(form, "hard"),
                constraints(form, "soft"),
                fresh(trace));
    }

    static List<Constraint> constraints(Form form, String field) {
        var read = new ArrayList<Constraint>();
        var texts = form.texts(field, Wish.MOST, LONGEST);
        for (int n = 0; n < texts.size(); n++) {
            switch (Constraint.of(texts.get(n))) {
                case Answer.Yes<Constraint>(var constraint) -> read.add(constraint);
                case Answer.No<Constraint>(var why) ->
                    form.fault(field + "[" + n + "]", form.at(field) + "[" + n + "]: " + why.message());
            }
        }
        return read.subList(0, Math.min(read.size(), Wish.MOST));
    }

    private static Trace fresh(UUID trace) {
        return Trace.open(trace.toString());
    }
}
