package holdfast.federation.resale;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import holdfast.engine.Engine;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Supernode.Question;
import holdfast.platform.Tx;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import holdfast.protocol.rear.Workflow.Role;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/// What a supernode notes of questions for offers (fluidos.md 4.2 steps 9 to 13, 4.3 steps 7 to 15): in the journal of
/// the peer that asks, or if it is not known, of those that it is about. Nothing if nobody follows the question.
public final class QuestionSteps {
    private final Engine engine;
    private final Peers peers;

    QuestionSteps(Engine engine, Peers peers) {
        this.engine = engine;
        this.peers = peers;
    }

    /// The workflow that it is, now that it is known who offers it.
    ///
    /// @param role of the supernode
    /// @param outside whether somebody offers it who is not of its domain
    public static Workflow workflow(Role role, boolean outside) {
        return switch (role) {
            case K -> Workflow.W4;
            case SC -> outside ? Workflow.W3 : Workflow.W2;
            default -> Workflow.W3;
        };
    }

    /// Its own offers and those of its domain were looked at, in vain.
    void nothing(Tx tx, Question question, Trace trace, Role role, Collection<Known> about) {
        note(tx, question, trace, role, StepNumber.OWN_MATCHED, about, "no flavor matches");
        note(tx, question, trace, role, StepNumber.MEMBERS_MATCHED, about, "nothing fresh matches");
    }

    /// Some of what others offer is what was asked for.
    ///
    /// @param step by which it was found
    /// @param referred those of them of whom catalogs have told
    void found(Tx tx, Question question, Role role, StepNumber step, Collection<Known> sources, Set<UUID> referred) {
        var ways = sources.stream()
                .collect(groupingBy(peer -> referred.contains(peer.id())
                        ? Workflow.W4
                        : workflow(role, peer.member().isEmpty())));
        for (var way : Workflow.values()) {
            var about = ways.getOrDefault(way, List.of());
            question.trace().filter(_ -> !about.isEmpty()).ifPresent(said -> {
                var trace = said.in(way);
                if (step == StepNumber.MEMBERS_MATCHED) {
                    note(tx, question, trace, role, StepNumber.OWN_MATCHED, about, "no flavor matches");
                }
                note(tx, question, trace, role, step, about, "of " + names(about));
                note(tx, question, trace, role, StepNumber.LIST_ANSWERED, about, "of " + names(about));
            });
        }
    }

    /// Others are asked.
    ///
    /// @param trace as they are told it
    void asked(Tx tx, Question question, Trace trace, Role role, StepNumber step, Collection<Known> others) {
        note(tx, question, trace, role, step, others, "to " + names(others));
    }

    private static String names(Collection<Known> peers) {
        return peers.stream().map(Known::name).collect(joining(", "));
    }

    private void note(
            Tx tx, Question question, Trace trace, Role role, StepNumber step, Collection<Known> about, String detail) {
        if (question.selector().isEmpty() || question.trace().isEmpty()) {
            return;
        }
        var asker = peers.known(tx).stream()
                .filter(peer -> peer.node().isPresent()
                        && peer.node().equals(question.passing().asker()))
                .limit(1)
                .toList();
        (asker.isEmpty() ? about : asker)
                .forEach(peer -> engine.resources()
                        .find(tx, peer.id())
                        .ifPresent(resource -> engine.journal().step(tx, resource, trace, role, step, detail)));
    }
}
