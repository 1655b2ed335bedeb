package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `quota` of whatever has one.
@Command(name = "quota")
final class QuotaCommand extends BrokerCommands.One {
    private final String collection;

    @Mixin
    private QuotaOptions quota = new QuotaOptions();

    QuotaCommand(Wiring wiring, String collection) {
        super(wiring);
        this.collection = collection;
    }

    @Override
    public Integer call() {
        var broker = broker();
        var found = broker.find(collection, name);
        var id = Nodes.text(found, "id");
        if (quota.said()) {
            var body = Json.object();
            quota.putInto(body, found);
            broker.put(body, collection, id);
        }
        var asked = Map.of("owner", Optional.of(Broker.singular(collection) + ":" + id));
        return say(Broker.inside(broker.client().get(Broker.path(List.of("quotas"), asked))), BrokerView::quota);
    }
}
