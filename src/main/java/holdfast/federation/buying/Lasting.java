package holdfast.federation.buying;

import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.federation.contracts.Renewal;
import holdfast.federation.contracts.Renewals;
import holdfast.federation.peers.Peers;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// For how long what was bought lasts: the timers of its end, who is told that it nears, and ends that become later.
final class Lasting implements Renewals.Keeping {
    static final String NEARING = "contract.nearing";
    static final String LAPSE = "contract.lapse";
    private static final String NAME = Peers.ACTOR;

    private static final String TOLD = "contract.expiring";

    private final Platform platform;
    private final Engine engine;
    private final Peers peers;

    Lasting(Platform platform, Engine engine, Peers peers) {
        this.platform = platform;
        this.engine = engine;
        this.peers = peers;
    }

    void timers(Tx tx, UUID id, Interval term) {
        engine.processes()
                .schedule(tx, Request.at(ContractCourse.expiring(term), NEARING, id, NAME))
                .orThrow();
        engine.processes()
                .schedule(tx, Request.at(term.until(), LAPSE, id, NAME))
                .orThrow();
    }

    /// Those for whom it was bought are told while there is time to do something, and what.
    void endsSoon(Tx tx, Resource contract) {
        var deal = contract.as(Deal.class);
        boolean renews = peers.find(tx, deal.peer())
                .filter(peer -> peer.capabilities().renews())
                .isPresent();
        var data = Json.object()
                .put("name", contract.name())
                .put("seller", deal.contract().seller().id())
                .put("end", deal.term().until().toString())
                .put(
                        "advice",
                        renews
                                ? "to keep what was bought, have it last longer: holdfast contract renew "
                                        + contract.name() + " --until TIME"
                                : "its seller renews none: buy anew what is needed longer");
        engine.notices()
                .tell(
                        tx,
                        new Notice(
                                platform.newId(),
                                TOLD,
                                platform.now(),
                                Notice.Thing.of(contract),
                                contract.project(),
                                Optional.empty(),
                                Optional.empty(),
                                data));
    }

    @Override
    public Renewals.Below below(Resource contract) {
        var deal = contract.as(Deal.class);
        return new Renewals.Below(
                deal.peer(),
                deal.contract().id(),
                deal.term().until(),
                Optional.of(deal.contract()),
                deal.renewal(),
                deal.trace());
    }

    @Override
    public Resource with(Resource contract, Optional<Renewal> renewal) {
        return contract.withData(contract.as(Deal.class).with(renewal));
    }

    @Override
    public void renewed(Tx tx, Resource contract, Contract told) {
        var deal = contract.as(Deal.class);
        var end = told.expires().orElse(deal.term().until());
        if (!end.isAfter(deal.term().from())) {
            return;
        }
        Words.contract(contract).after(ContractCourse.News.RENEWED).ifPresent(next -> {
            engine.processes().cancelTimers(tx, contract.id(), Set.of(NEARING, LAPSE));
            timers(tx, contract.id(), new Interval(deal.term().from(), end));
            var longer = deal.until(end, told)
                    .with(deal.renewal().filter(wish -> wish.until().isAfter(end)));
            engine.resources()
                    .update(
                            tx,
                            contract.state(),
                            contract.withData(longer).withState(Words.of(next), Optional.empty()),
                            "seller",
                            "it ends at " + end);
        });
    }
}
