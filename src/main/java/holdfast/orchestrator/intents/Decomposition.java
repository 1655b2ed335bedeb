package holdfast.orchestrator.intents;

import holdfast.core.Answer;
import holdfast.core.Demand;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.orchestrator.intents.Intent.Part;
import holdfast.orchestrator.intents.Intent.Within;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an intent needs of machines, part by part (fluidos.md 4.1, step 2). The same intent is always taken apart
/// alike.
final class Decomposition {
    private Decomposition() {}

    /// @param federated whether this domain deals with others
    static Answer<List<Piece>> of(Intent intent, Home home, boolean federated, Trace trace) {
        try {
            var pieces = new ArrayList<Piece>();
            if (!federated && !intent.services().isEmpty()) {
                throw new RefusedException(Refusal.malformed(
                        "parts",
                        "service " + intent.services().getFirst().name()
                                + " is bought of other domains, and this domain deals with no others: its settings"
                                + " have no section federation"));
            }
            for (var part : intent.parts()) {
                pieces.add(piece(intent, part, home, federated, trace));
            }
            return Answer.yes(List.copyOf(pieces));
        } catch (RefusedException e) {
            return Answer.no(e.refusal());
        }
    }

    private static Piece piece(Intent intent, Part part, Home home, boolean federated, Trace trace) {
        var unmet = part.hard().stream()
                .filter(constraint -> !home.meets(constraint))
                .findFirst();
        boolean away = part.within() == Within.OUTSIDE || unmet.isPresent();
        if (away && (part.within() == Within.HERE || !federated)) {
            var asked = unmet.map(constraint -> "asks for '" + constraint + "', which this domain is not known to meet")
                    .orElse("must run outside");
            var way = part.within() == Within.HERE
                    ? "it must run here: leave out one of the two"
                    : "this domain deals with no others: its settings have no section federation";
            throw new RefusedException(
                    Refusal.malformed("parts." + part.name(), "part " + part.name() + " " + asked + ", and " + way));
        }
        boolean mayLeave = federated && part.within() != Within.HERE;
        var wish = new Wish(intent.objective(), part.hard(), part.soft(), trace);
        return new Piece(part.name(), demand(part), mayLeave ? Optional.of(wish) : Optional.empty(), away);
    }

    /// A virtual machine of at least that size, at any site of ours.
    private static Demand demand(Part part) {
        var devices = new ArrayList<Demand.Component>();
        for (int n = 1; n <= part.size().gpus(); n++) {
            devices.add(new Demand.Component("gpu" + n, "GPU", Optional.empty()));
        }
        return new Demand("VM", part.name(), "", Sizes.of(part.size()), Optional.empty(), part.image(), devices)
                .running(part.manifest());
    }
}
