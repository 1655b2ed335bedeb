package holdfast.federation.resale;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import holdfast.engine.Engine;
import holdfast.federation.discovery.Candidate;
import holdfast.federation.discovery.CandidateCourse;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.discovery.Usages;
import holdfast.federation.domain.DomainPolicy;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Members;
import holdfast.federation.peers.Membership;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Forwarding.Decision;
import holdfast.federation.resale.Forwarding.Outside;
import holdfast.federation.wire.Passing;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.MarketEvent;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import holdfast.protocol.rear.Workflow.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// What a supernode offers of others (fluidos.md 4.2 steps 9 to 13, 4.3 steps 7 to 15): what the nodes of its domain
/// offer, and if none of that is wanted, what it hears from outside.
public final class Supernode {
    private static final Duration EVERY = Duration.ofSeconds(60);

    /// For nodes of the domain that are asked whether something is still there.
    private static final Duration MEMBERS = Duration.ofSeconds(5);

    private static final int MOST = 10_000;
    private static final Candidates.Filter ALL =
            new Candidates.Filter(Optional.empty(), Optional.empty(), Optional.empty());
    private static final UUID NOBODY = new UUID(0, 0);

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final NodeIdentity self;
    private final Rules rules;
    private final Peers peers;
    private final Members members;
    private final Candidates candidates;
    private final Discovery discovery;
    private final Readvertising again;
    private final Forwarded forwarded;
    private final QuestionSteps steps;
    private final Seen seen = new Seen();
    private final Echoes echoes;
    private final Set<UUID> listed = ConcurrentHashMap.newKeySet();

    /// @param margin what is added to prices
    /// @param maxHops over so many nodes an offer may come, and a question may go
    /// @param broker whether it stands between others as a catalog, and has no domain
    public record Rules(Margin margin, int maxHops, DomainPolicy policy, boolean broker) {
        /// Of a supernode.
        public Rules(Margin margin, int maxHops, DomainPolicy policy) {
            this(margin, maxHops, policy, false);
        }

        public static final Rules USUAL = new Rules(Margin.NONE, Passing.USUAL, DomainPolicy.OPEN);
    }

    public Supernode(
            Platform platform,
            Database database,
            Engine engine,
            NodeIdentity self,
            Rules rules,
            Peers peers,
            Members members,
            Candidates candidates,
            Discovery discovery) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.self = self;
        this.rules = rules;
        this.peers = peers;
        this.members = members;
        this.candidates = candidates;
        this.discovery = discovery;
        this.again = new Readvertising(self, rules.margin(), rules.maxHops());
        this.forwarded = new Forwarded(platform, again);
        this.steps = new QuestionSteps(engine, peers);
        this.echoes = new Echoes(candidates);
        engine.forgetting(forwarded::forget);
        engine.tasks().add("domain.gather", EVERY, this::gather);
    }

    /// Somebody wants to know what there is.
    ///
    /// @param selector none: everything that the domain has
    /// @param trace under which steps are noted; empty if nobody follows them
    /// @param own the names of what we offer ourselves
    public record Question(Optional<Selector> selector, Passing passing, Optional<Trace> trace, Set<String> own) {
        /// What is the same in all questions for the same.
        String wanted() {
            return selector.map(some -> some.type() + " "
                            + some.filters().stream()
                                    .map(Object::toString)
                                    .sorted()
                                    .toList())
                    .orElse("");
        }
    }

    public NodeIdentity self() {
        return self;
    }

    public Members members() {
        return members;
    }

    public Rules rules() {
        return rules;
    }

    /// Who tells catalogs how it was to use what they have found.
    Usages usages() {
        return discovery.usages();
    }

    /// Who hears what became of what is offered.
    public Echoes echoes() {
        return echoes;
    }

    /// Asks all nodes of the domain what they offer. Not within a transaction.
    ///
    /// @return what came of it, for people
    public String gather() {
        return gather(database.inTransaction(members::live)).said();
    }

    /// One that is listened to from now on: what it offers is asked for at once. Not within a transaction.
    ///
    /// @return whether it answered
    boolean greet(Known member) {
        return gather(List.of(member)).answered() > 0;
    }

    private record Gathered(int answered, String said) {}

    private Gathered gather(List<Known> live) {
        var trace = new Trace(platform.newId().toString(), Workflow.W2);
        var found = discovery.ask(live, Optional.empty(), _ -> toMember(), trace, EVERY, NOBODY);
        var heard = live.stream()
                .filter(peer -> found.failed().stream()
                        .noneMatch(failed -> failed.peer().equals(peer.id())))
                .filter(peer -> listed.add(peer.id()))
                .toList();
        database.inTransaction(tx -> {
            heard.forEach(peer -> engine.resources()
                    .find(tx, peer.id())
                    .ifPresent(resource -> engine.journal()
                            .step(tx, resource, trace, Role.SC, StepNumber.OFFERS_LISTED, peer.name())));
            return true;
        });
        int answered = live.size() - found.failed().size();
        return new Gathered(answered, found.candidates() + " offers of " + answered + " of " + live.size() + " nodes");
    }

    /// Whether that node is one of the domain.
    public boolean isMember(Tx tx, String node) {
        return members.find(tx, node).isPresent();
    }

    /// Whether somebody who does not ask may be told of what another offers.
    ///
    /// @param viewer as rules call it
    /// @param listener its id, if it is known
    public boolean mayHear(String viewer, Optional<String> listener, MarketEvent.Source source, Flavor flavor) {
        return rules.policy().allows(viewer, source.provider())
                && (listener.isEmpty()
                        || !source.node().equals(listener)
                                && !Provenance.of(flavor).node().equals(listener));
    }

    /// A node of the domain answers for itself.
    private Passing toMember() {
        return new Passing(Optional.of(platform.newId()), List.of(self.id()), 0);
    }

    /// What of others is offered to whoever asks. Not within a transaction: others may be asked, for at most 10 s.
    public List<Flavor> offers(Question question) {
        refresh(question);
        var known = database.inTransaction(tx -> shown(tx, question, StepNumber.MEMBERS_MATCHED));
        return known.isEmpty() && question.selector().isPresent() && passedOn(question)
                ? database.inTransaction(tx -> shown(tx, question, StepNumber.OFFERS_STORED))
                : known;
    }

    /// Nodes of the domain are asked again for what was not heard of for a minute.
    private void refresh(Question question) {
        var old = database.inTransaction(tx -> {
            var live = members.live(tx).stream().collect(toMap(Known::id, peer -> peer));
            return offered(tx, question).stream()
                    .filter(offer -> offer.state() == CandidateCourse.State.STALE)
                    .flatMap(offer -> Optional.ofNullable(live.get(offer.peer())).stream())
                    .distinct()
                    .toList();
        });
        if (!old.isEmpty()) {
            var said =
                    question.trace().orElseGet(() -> Trace.open(platform.newId().toString()));
            database.inTransaction(tx -> {
                steps.asked(tx, question, said, role(tx, question.passing()), StepNumber.MEMBERS_ASKED, old);
                return true;
            });
            discovery.ask(old, question.selector(), _ -> toMember(), said.in(Workflow.W2), MEMBERS, NOBODY);
        }
    }

    private List<Candidate> offered(Tx tx, Question question) {
        return question.selector()
                .map(some -> candidates.matching(tx, some, platform.now()))
                .orElseGet(() -> candidates.list(tx, ALL, Optional.empty(), MOST, platform.now()));
    }

    private List<Flavor> shown(Tx tx, Question question, StepNumber step) {
        return shown(tx, question, sources(tx), step);
    }

    private List<Flavor> shown(Tx tx, Question question, Map<UUID, Known> sources, StepNumber step) {
        var viewer = viewer(tx, question.passing().asker());
        var ours = question.own().stream().map(again::tag).collect(toSet());
        var may = offered(tx, question).stream()
                .filter(offer -> offer.state() == CandidateCourse.State.FRESH)
                .filter(offer -> Optional.ofNullable(sources.get(offer.peer()))
                        .filter(source -> maySee(viewer, question, source, offer))
                        .isPresent())
                .filter(offer -> again.fault(offer.flavor(), ours).isEmpty())
                .toList();
        var best = Set.copyOf(
                Readvertising.best(may.stream().map(Candidate::flavor).toList()));
        var shown = may.stream().filter(offer -> best.contains(offer.flavor())).toList();
        var from = shown.stream()
                .map(Candidate::peer)
                .distinct()
                .flatMap(peer -> Optional.ofNullable(sources.get(peer)).stream())
                .toList();
        var referred = shown.stream()
                .filter(offer -> Provenance.of(offer.flavor()).catalog().isPresent())
                .map(Candidate::peer)
                .collect(toSet());
        steps.found(tx, question, role(viewer), step, from, referred);
        return forwarded.show(tx, shown);
    }

    /// Whose offers are shown: those of peers that we ask, and of nodes that are there.
    private Map<UUID, Known> sources(Tx tx) {
        return peers.known(tx).stream()
                .filter(peer ->
                        peer.member().map(here -> here.isLive(platform.now())).orElse(true))
                .collect(toMap(Known::id, peer -> peer));
    }

    /// Nobody is offered what is its own, or what came through it.
    private boolean maySee(String viewer, Question question, Known source, Candidate offer) {
        var provider = source.member().map(Membership::node).orElse(DomainPolicy.OUTSIDE);
        var asker = question.passing().asker();
        return rules.policy().allows(viewer, provider)
                && (asker.isEmpty() || !source.node().equals(asker))
                && (asker.isEmpty() || !Provenance.of(offer.flavor()).node().equals(asker));
    }

    private String viewer(Tx tx, Optional<String> asker) {
        return asker.filter(node -> members.find(tx, node).isPresent()).orElse(DomainPolicy.OUTSIDE);
    }

    /// As whom we take part in what somebody asks: of our own domain, or of another.
    public Role role(Tx tx, Passing question) {
        return role(viewer(tx, question.asker()));
    }

    private static Role role(String viewer) {
        return viewer.equals(DomainPolicy.OUTSIDE) ? Role.SP : Role.SC;
    }

    /// Asks those outside, if that is for us to do.
    ///
    /// @return whether any of them was asked
    private boolean passedOn(Question question) {
        var wanted = question.wanted();
        boolean first = seen.first(question.passing().request(), wanted, platform.now());
        var outside = database.inTransaction(tx -> peers.reachable(tx).stream()
                .filter(peer -> peer.member().isEmpty())
                .toList());
        var decision = Forwarding.decide(
                self.id(),
                question.passing(),
                platform.newId(),
                first,
                outside.stream()
                        .map(peer -> new Outside(peer.id(), peer.node()))
                        .toList());
        return switch (decision) {
            case Decision.Here _ -> false;
            case Decision.On(var asks, var limit) -> {
                seen.begins(wanted);
                try {
                    passOn(question, asks, outside, limit);
                } finally {
                    seen.ends(wanted);
                }
                yield true;
            }
        };
    }

    private void passOn(Question question, List<Forwarding.Ask> asks, List<Known> outside, Duration limit) {
        var passings = asks.stream().collect(toMap(Forwarding.Ask::peer, Forwarding.Ask::passing));
        var asked =
                outside.stream().filter(peer -> passings.containsKey(peer.id())).toList();
        var trace = passed(question, asked);
        database.inTransaction(tx -> {
            var role = role(tx, question.passing());
            steps.nothing(tx, question, trace, role, asked);
            steps.asked(tx, question, trace, role, StepNumber.LIST_PASSED_ON, asked);
            return true;
        });
        discovery.ask(
                asked,
                question.selector(),
                peer -> Optional.ofNullable(passings.get(peer.id())).orElseThrow(),
                trace,
                limit,
                NOBODY);
    }

    /// While catalogs are asked beside others nobody knows who will have it.
    private Trace passed(Question question, List<Known> asked) {
        var said = question.trace().orElseGet(() -> Trace.open(platform.newId().toString()));
        if (asked.stream().noneMatch(Known::isCatalog)) {
            return said.in(Workflow.W3);
        }
        return asked.stream().allMatch(Known::isCatalog) ? said.in(Workflow.W4) : said;
    }

    /// A wish that is met by what stands behind a name of ours.
    ///
    /// @param role of ours in it
    Trace settled(Tx tx, Trace said, Role role, UUID source) {
        boolean outside =
                peers.find(tx, source).filter(peer -> peer.member().isPresent()).isEmpty();
        return said.in(QuestionSteps.workflow(role, outside));
    }

    /// What nodes of the domain offer, as those outside may hear of it. Not within a transaction: they may be
    /// asked.
    ///
    /// @param own the names of what we offer ourselves
    public List<Flavor> ofDomain(Set<String> own) {
        var question =
                new Question(Optional.empty(), Passing.first(platform.newId(), self.id()), Optional.empty(), own);
        refresh(question);
        return database.inTransaction(tx -> {
            var sources = sources(tx);
            sources.values().removeIf(peer -> peer.member().isEmpty());
            return shown(tx, question, sources, StepNumber.MEMBERS_MATCHED);
        });
    }

    /// Offers under names of ours what others have published.
    public List<Flavor> sell(Tx tx, List<Candidate> published) {
        return forwarded.show(tx, published);
    }

    /// What another calls what is offered under a name that we gave it.
    public Optional<String> heard(Tx tx, String shown) {
        return forwarded.find(tx, shown).map(row -> row.heard().id());
    }

    /// As whom we sell to somebody of a domain.
    Role sellingTo(String domain) {
        return rules.broker() ? Role.K : domain.equals(self.domain()) ? Role.SC : Role.SP;
    }

    /// What is offered under a name that we gave it.
    public Optional<Flavor> find(Tx tx, String shown) {
        return forwarded.find(tx, shown).map(row -> again.again(row.heard(), shown, row.made()));
    }

    /// What stands behind a name that we gave.
    Optional<Forwarded.Row> row(Tx tx, String shown) {
        return forwarded.find(tx, shown);
    }

    /// Whether what stands behind a name is offered no more, by all that we know.
    public boolean isGone(Tx tx, String shown) {
        return forwarded
                .find(tx, shown)
                .flatMap(row -> candidates.find(tx, row.peer(), row.heard().id()))
                .filter(offer -> offer.state() != CandidateCourse.State.GONE)
                .isEmpty();
    }
}
