package holdfast.cli;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The broker's answer to what is there and how much of it is free, as tables.
record CapacityView(JsonNode json) {
    List<JsonNode> sites() {
        return Nodes.items(json, "sites");
    }

    List<JsonNode> hosts() {
        return Nodes.items(json, "hosts");
    }

    /// One row for each site.
    Table siteTable() {
        var table = Table.of("SITE", "STATE", ">HOSTS", ">CORES", ">RAM GB", ">DISK GB", "~DEVICES");
        for (var site : sites())
            table.row(
                    Nodes.text(site, "name"),
                    Nodes.text(site, "state"),
                    Nodes.number(site, "hosts_count"),
                    free(site, "cores"),
                    free(site, "ram"),
                    free(site, "disk"),
                    devices(site));
        return table;
    }

    /// One row for each host.
    Table hostTable(String onlySite) {
        var table = Table.of("SITE", "HOST", "STATE", ">CORES", ">RAM GB", ">DISK GB", "~DEVICES");
        for (var host : hosts()) {
            if (!onlySite.isEmpty() && !Nodes.text(host, "site").equals(onlySite)) continue;
            table.row(
                    Nodes.text(host, "site"),
                    Nodes.text(host, "name"),
                    Nodes.text(host, "state"),
                    free(host, "cores"),
                    free(host, "ram"),
                    free(host, "disk"),
                    devices(host));
        }
        return table;
    }

    Table linkTable() {
        var table = Table.of("LINK", "LAYER", ">GBIT/S", "~BETWEEN");
        for (var link : Nodes.items(json, "links"))
            table.row(
                    Nodes.text(link, "name"),
                    Nodes.text(link, "layer"),
                    Nodes.number(link, "available_bandwidth") + "/" + Nodes.number(link, "bandwidth"),
                    Nodes.items(link, "sites").stream()
                            .map(site -> site.asString(""))
                            .collect(Collectors.joining(", ")));
        return table;
    }

    private static String free(JsonNode of, String what) {
        return Nodes.number(of, what + "_available") + "/" + Nodes.number(of, what + "_capacity");
    }

    private static String devices(JsonNode of) {
        return of.path("components").properties().stream()
                .map(kind -> "%s %d/%d"
                        .formatted(
                                kind.getKey(),
                                Nodes.number(kind.getValue(), "available"),
                                Nodes.number(kind.getValue(), "capacity")))
                .collect(Collectors.joining(", "));
    }
}
