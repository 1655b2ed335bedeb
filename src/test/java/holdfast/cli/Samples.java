package holdfast.cli;

/// What a server says, as short as it can be.
final class Samples {
    static final String ID = "0197b1c6-0000-7000-8000-000000000001";

    private Samples() {}

    static String slice(String state, String slivers) {
        return """
                {"id":"%s","type":"slice","name":"demo","state":"%s","transitioning":"no","transitioningMessage":null,
                 "project":"default","owner":"admin","start":"2031-04-05T12:00:00Z","end":"2031-04-06T12:00:00Z",
                 "created":"2031-04-05T12:00:00Z","slivers":[%s]}""".formatted(ID, state, slivers);
    }

    /// @param more further members, each begun with a comma
    static String sliver(String state, String more) {
        return """
                {"id":"0197b1c6-0000-7000-8000-000000000002","type":"sliver","name":"node1","state":"%s",
                 "demand":{"kind":"VM","name":"node1","site":"RENC","cores":8,"ram":16,"disk":100,"components":[
                   {"name":"gpu1","type":"GPU","model":"Tesla T4"},{"name":"nvme1","type":"NVME","model":"P4510"}]}%s}""".formatted(state, more);
    }

    static String progress(int number, String step, String waitingFor) {
        return ",\"host\":\"renc-w3\",\"progress\":{\"process\":\"lease.create\",\"step\":\"%s\",\"stepNumber\":%d,\"steps\":5,\"waitingFor\":%s}"
                .formatted(step, number, waitingFor.isEmpty() ? "null" : "\"" + waitingFor + "\"");
    }

    static final String ACTIVE = sliver("active", """
            ,"host":"renc-w3","units":[
              {"component":"gpu1","type":"GPU","model":"Tesla T4","unit":"u1","bdf":"0000:25:00.0"},
              {"component":"nvme1","type":"NVME","model":"P4510","unit":"u2","bdf":"0000:81:00.0"}],
             "facts":{"gpu1.guest.bdf":"0000:02:00.0","gpu1.guest.id":"1234:11e8","gpu1.guest.driver":"-","gpu1.emulated.by":"edu","gpu1.passthrough":"false","gpu1.stands.for":"GPU Tesla T4",
               "nvme1.guest.bdf":"0000:03:00.0","nvme1.guest.id":"1b36:0010","nvme1.guest.driver":"nvme","nvme1.passthrough":"true","nvme1.stands.for":"NVME P4510",
               "vm.accelerator":"tcg","vm.hypervisor":"QEMU 7.2.22",
               "vm.pci.10":"0000:03:00.0 1b36:0010 0108 nvme Non-Volatile memory controller",
               "vm.pci.2":"0000:02:00.0 1234:11e8 00ff - Device"}""");

    static final String REFUSED = sliver(
            "failed",
            ",\"error\":{\"code\":\"NoRoom\",\"message\":\"no host at RENC has GPU Tesla T4 and NVME P4510 free\",\"earliest\":\"2031-04-06T12:00:00Z\"}");

    static String capacity(int freeCores, String hosts) {
        return """
                {"type":"capacity","level":2,"start":"2031-04-05T12:00:00Z","end":"2031-04-05T12:00:00.000001Z","sites":[
                 {"name":"RENC","state":"Active","hosts_count":3,"cores_capacity":384,"cores_allocated":0,"cores_available":%d,
                  "ram_capacity":1506,"ram_available":1506,"disk_capacity":56897,"disk_available":56897,
                  "components":{"GPU-Tesla T4":{"capacity":2,"allocated":0,"available":2},"NVME-P4510":{"capacity":10,"allocated":1,"available":9}}},
                 {"name":"UKY","state":"Active","hosts_count":3,"cores_capacity":192,"cores_available":192,"ram_capacity":1536,
                  "ram_available":1536,"disk_capacity":60600,"disk_available":60600,"components":{}}]%s,
                 "links":[{"name":"link:1","layer":"L2","bandwidth":100,"available_bandwidth":90,"sites":["RENC","UKY"]}]}""".formatted(freeCores, hosts);
    }

    static final String HOSTS = """
            ,"hosts":[{"name":"renc-w3","site":"RENC","state":"Active","cores_capacity":128,"cores_available":120,"ram_capacity":502,
              "ram_available":486,"disk_capacity":2233,"disk_available":2133,"components":{"GPU-Tesla T4":{"capacity":2,"available":1}}}]""";
}
