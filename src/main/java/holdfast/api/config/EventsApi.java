package holdfast.api.config;

import holdfast.orchestrator.instances.CloudEvent;
import holdfast.orchestrator.instances.CloudEvent.Kind;
import holdfast.orchestrator.instances.CloudEvents;
import java.util.List;
import java.util.Set;

/// `/broker/events`: what happened to instances and deployments that the caller may see, and at accounts; oldest first.
final class EventsApi implements Part {
    private static final String TYPE = "source_type";
    private static final String SOURCE = "source";
    private static final String CODE = "status_code";

    private final Desk desk;

    EventsApi(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        if (!ask.method().equals(Ask.GET) || !rest.isEmpty()) {
            throw ask.wrongMethod("GET of /broker/events");
        }
        ask.only(Set.of(TYPE, SOURCE, CODE, "since", "from", "to"));
        var which = new CloudEvents.Which(
                ask.parameter(TYPE)
                        .map(word -> Kind.named(word)
                                .orElseThrow(() ->
                                        Failure.malformed("source_type is instance, deployment or provider_account"))),
                ask.parameter(SOURCE)
                        .map(id -> Ids.of(id).orElseThrow(() -> Failure.malformed(SOURCE + " must be an id"))),
                ask.parameter(CODE),
                ask.time("since").or(() -> ask.time("from")),
                ask.time("to"));
        return desk.in(tx -> {
            var held = ask.held(tx);
            var some = CloudEvents.list(tx, ask.caller(), held, which, ask.offset(), ask.limit()).stream()
                    .map(event -> show(ask, event))
                    .toList();
            return Reply.ok(Element.many("events", some)).total(CloudEvents.count(tx, ask.caller(), held, which));
        });
    }

    static Element show(Ask ask, CloudEvent event) {
        var word = event.kind().word();
        var element = Element.of("event");
        event.number().ifPresent(number -> element.attribute("id", number));
        return element.with(Element.of(SOURCE)
                        .attribute("type", word)
                        .attribute("id", event.source().toString())
                        .attribute("href", ask.href(word + "s", event.source().toString()))
                        .attribute("name", event.name()))
                .with("event_time", event.time().toString())
                .with(CODE, event.code())
                .with("summary", event.summary());
    }
}
