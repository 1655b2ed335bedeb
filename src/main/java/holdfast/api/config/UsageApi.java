package holdfast.api.config;

import holdfast.orchestrator.instances.UsageRecord;
import holdfast.orchestrator.instances.UsageRecord.Place;
import holdfast.orchestrator.instances.UsageRecords;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// `/broker/usage`: when which instances and deployments that the caller may see ran, and where (aeolus.md 2.8); oldest
/// first. Accounts are named to those who may see them.
final class UsageApi implements Part {
    private final Desk desk;
    private final UsageRecords records;

    UsageApi(Desk desk, UsageRecords records) {
        this.desk = desk;
        this.records = records;
    }

    @Override
    public Reply serve(Ask ask, List<String> rest) {
        if (!ask.method().equals(Ask.GET) || !rest.isEmpty()) {
            throw ask.wrongMethod("GET of /broker/usage");
        }
        ask.only(Set.of("since", "from", "to"));
        var from = ask.time("since").or(() -> ask.time("from"));
        var to = ask.time("to");
        return desk.in(tx -> {
            var held = ask.held(tx);
            var some = records.list(tx, ask.caller(), held, from, to, ask.offset(), ask.limit()).stream()
                    .map(record -> show(tx, ask, record))
                    .toList();
            return Reply.ok(Element.many("usage", some)).total(records.count(tx, ask.caller(), held, from, to));
        });
    }

    private static Element show(Tx tx, Ask ask, UsageRecord record) {
        var element = Element.of("record")
                .attribute("id", record.number())
                .with("event_id", record.event())
                .with("time", record.time().toString())
                .with("action", record.action())
                .with("old_state", record.before())
                .with(ask.ref(record.kind().word(), record.kind().word() + "s", record.source())
                        .saying(record.name()))
                .with("owner", record.owner());
        record.pool().ifPresent(pool -> element.with(ask.ref("pool", "pools", pool)));
        record.place().filter(place -> sees(tx, ask, place)).ifPresent(place -> place(ask, element, place));
        return element.with("hardware_profile", record.profile())
                .with("start_time", record.started().map(Object::toString))
                .with("terminate_time", record.terminated().map(Object::toString))
                .with("start_reason", record.startReason())
                .with("terminate_reason", record.terminateReason());
    }

    private static boolean sees(Tx tx, Ask ask, Place place) {
        var path = Stream.concat(Stream.of(place.account()), place.providerId().stream())
                .toList();
        return ask.held(tx).may(Action.VIEW, Target.PROVIDER_ACCOUNT, path);
    }

    private static void place(Ask ask, Element element, Place place) {
        var account = ask.ref("provider_account", "provider_accounts", place.account());
        element.with(place.label().map(account::saying).orElse(account))
                .with("provider", place.provider())
                .with("provider_type", place.type());
    }
}
