package holdfast.bench;

/// The advertisement of a site that has room for a few thousand machines.
final class BigSite {
    private static final int HOSTS = 32;
    private static final String GRAPH = "7d9fb3f4-3c51-4f0c-9a87-3c8a5fd0e001";

    private BigSite() {}

    static String graphMl() {
        var text = new StringBuilder("""
                <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
                  <key id="d0" for="node" attr.name="GraphID" attr.type="string"/>
                  <key id="d1" for="node" attr.name="Class" attr.type="string"/>
                  <key id="d2" for="node" attr.name="NodeID" attr.type="string"/>
                  <key id="d3" for="node" attr.name="Name" attr.type="string"/>
                  <key id="d4" for="node" attr.name="Type" attr.type="string"/>
                  <key id="d5" for="node" attr.name="Site" attr.type="string"/>
                  <key id="d6" for="node" attr.name="Capacities" attr.type="string"/>
                  <key id="d7" for="node" attr.name="StitchNode" attr.type="string"/>
                  <key id="d8" for="node" attr.name="CapacityDelegations" attr.type="string"/>
                  <key id="d9" for="edge" attr.name="Class" attr.type="string"/>
                  <graph edgedefault="undirected">
                """);
        for (int host = 1; host <= HOSTS; host++) {
            text.append("""
                        <node id="%1$d" labels=":GraphNode:NetworkNode"><data key="d0">%2$s</data><data key="d1">NetworkNode</data>\
                    <data key="d2">BIG-H%1$d</data><data key="d3">big-w%1$d</data><data key="d4">Server</data><data key="d5">BIG</data>\
                    <data key="d6">{"core": 128, "disk": 100000, "ram": 1024, "unit": 1}</data><data key="d7">false</data>\
                    <data key="d8">{"primary": {"pool_id": "_", "capacities": {"core": 128, "disk": 100000, "ram": 1024, "unit": 1}}}</data></node>
                    """.formatted(host, GRAPH));
        }
        return text.append("  </graph>\n</graphml>\n").toString();
    }
}
