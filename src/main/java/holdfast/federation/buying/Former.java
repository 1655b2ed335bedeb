package holdfast.federation.buying;

import holdfast.core.Copies;
import holdfast.core.SliverId;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.peers.Peers;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Provenance;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What was acquired for slivers before, whether it is still there or not.
final class Former {
    /// More often nobody asks for one sliver.
    private static final int MOST_ATTEMPTS = 8;

    private final Resources resources;

    Former(Resources resources) {
        this.resources = resources;
    }

    /// Whence an offer comes: through whomever it is bought, the one who has it.
    ///
    /// @param node its owner, as far as that is said
    record Source(String node, String domain) {
        static Source of(Flavor flavor) {
            var said = Provenance.of(flavor);
            return new Source(
                    said.node().orElse(flavor.owner().id()),
                    said.domain().orElse(flavor.owner().domain()));
        }
    }

    /// The record of the search for a sliver.
    static UUID solver(SliverId sliver, int attempt) {
        return Copies.id(Peers.ACTOR + ".solver", sliver + "/" + attempt);
    }

    /// The contracts under which something was acquired for a sliver.
    List<Resource> contracts(Tx tx, SliverId sliver) {
        return IntStream.rangeClosed(1, MOST_ATTEMPTS)
                .mapToObj(attempt -> resources.find(tx, solver(sliver, attempt)))
                .flatMap(found -> found.stream())
                .flatMap(found -> found.as(Solver.class).contract().stream())
                .flatMap(contract -> resources.find(tx, contract).stream())
                .toList();
    }

    /// Whence it came what was bought, and given back because nothing of ours became of it.
    ///
    /// @param purchases of one search
    Set<Source> useless(Tx tx, List<Resource> purchases) {
        return purchases.stream()
                .filter(purchase -> Words.purchase(purchase) == PurchaseCourse.FAILED)
                .filter(purchase -> resources.find(tx, Deals.id(purchase.id())).isPresent())
                .map(purchase -> Source.of(purchase.as(Purchase.class).flavor()))
                .collect(Collectors.toSet());
    }

    /// Whence it came what was acquired for slivers.
    Set<Source> sources(Tx tx, List<SliverId> slivers) {
        return slivers.stream()
                .flatMap(sliver -> contracts(tx, sliver).stream())
                .map(contract -> Source.of(contract.as(Deal.class).contract().flavor()))
                .collect(Collectors.toSet());
    }
}
