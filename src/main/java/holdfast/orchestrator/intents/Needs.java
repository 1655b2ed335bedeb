package holdfast.orchestrator.intents;

import holdfast.core.Demand;
import holdfast.orchestrator.intents.IntentCourse.Progress;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The services that an intent buys of other domains for what it runs (fluidos.md 2.10), and how it stands with them.
///
/// @param all in the order of the intent
/// @param away whether what may run elsewhere must, once they are bought
public record Needs(List<Need> all, boolean away) {
    /// Of an intent that has sought none yet.
    static final Needs NONE = new Needs(List.of(), false);

    public Needs {
        all = List.copyOf(all);
    }

    /// @param service once it is bought
    /// @param lost why it is not to be had, or no longer
    public record Need(String name, Optional<Demand.Service> service, Optional<String> lost) {}

    /// What is to be sought, of which nothing is heard yet.
    static Needs of(Intent intent, boolean away) {
        return new Needs(
                intent.services().stream()
                        .map(service -> new Need(service.name(), Optional.empty(), Optional.empty()))
                        .toList(),
                away);
    }

    /// What others are asked to sell.
    static List<Message.Procure> wishes(Intents.Understood understood, String project, Trace trace) {
        var wish = new Wish(understood.intent().objective(), List.of(), List.of(), trace);
        return understood.intent().services().stream()
                .map(service -> new Message.Procure(
                        understood.id(), service.name(), project, selector(service), understood.term(), wish))
                .toList();
    }

    private static Selector selector(Intent.Service service) {
        var filters = new ArrayList<Filter>();
        filters.add(Filter.match(Attribute.CATEGORY, service.category()).orThrow());
        service.tag()
                .ifPresent(tag -> filters.add(Filter.match(Attribute.TAGS, tag).orThrow()));
        return Selector.of(FlavorType.SERVICE, filters).orThrow();
    }

    Needs after(Message.Procured told) {
        return new Needs(
                all.stream()
                        .map(need -> need.name.equals(told.part())
                                ? new Need(
                                        need.name,
                                        told.service(),
                                        told.refusal().map(why -> why.message()))
                                : need)
                        .toList(),
                away);
    }

    /// Whether it is not known of some whether they are to be had.
    boolean isWaiting() {
        return progress().contains(Progress.ACQUIRING);
    }

    /// Those that are there.
    public List<Demand.Service> bought() {
        return all.stream().flatMap(need -> need.service.stream()).toList();
    }

    /// How far each is.
    List<Progress> progress() {
        return all.stream()
                .map(need -> need.lost.isPresent()
                        ? Progress.OVER
                        : need.service.isPresent() ? Progress.RUNNING : Progress.ACQUIRING)
                .toList();
    }

    /// What is not to be had, and why.
    Optional<String> lost() {
        return all.stream()
                .flatMap(need -> need.lost.map(why -> "service " + need.name + ": " + why).stream())
                .findFirst();
    }
}
