package holdfast.api.deltacloud;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Refusal;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.InstanceState;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every kind of answer, in XML and in JSON, as it goes over the wire behind a proxy. With `-Dholdfast.bless=true` the
/// files are written anew.
@Timeout(300)
class GoldenTest {
    private static final Path FILES = Path.of("src/test/resources/golden/deltacloud");
    private static final List<String> HEADERS = List.of(
            "Content-Type",
            "Location",
            "ETag",
            "Server",
            "X-Deltacloud-Driver",
            "X-Deltacloud-Provider",
            "Allow",
            "Expect",
            "WWW-Authenticate");

    private final MemoryAccounts accounts = new MemoryAccounts();
    private DeltacloudLab lab;

    @BeforeEach
    void start() {
        lab = new DeltacloudLab(accounts);
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    @Test
    void answers_are_as_they_were_agreed() throws IOException {
        var id = lab.launched();
        var stopped = lab.launched();
        lab.cloud.become(UUID.fromString(stopped), InstanceState.STOPPED);
        fill(id);
        same("entry", "GET", ";driver=broker;provider=dev");
        same("drivers", "GET", "/drivers");
        same("driver", "GET", "/drivers/mock");
        same("states", "GET", "/instance_states");
        same("hardware-profiles", "GET", "/hardware_profiles");
        same("hardware-profile", "GET", "/hardware_profiles/small");
        same("realms", "GET", "/realms");
        same("image", "GET", "/images/web-os");
        same("instances", "GET", "/instances");
        same("instance", "GET", "/instances/" + id);
        same("stop", "POST", "/instances/" + id + "/stop");
        same("launch", "POST", "/instances?image_id=web-os&name=web-2&hwp_memory=4096&keyname=k1&realm_id=europe");
        for (var collection : List.of(
                "keys",
                "addresses",
                "storage_volumes",
                "storage_snapshots",
                "buckets",
                "firewalls",
                "load_balancers",
                "networks",
                "subnets",
                "network_interfaces",
                "metrics")) same(collection.replace('_', '-'), "GET", "/" + collection);
        same("blob", "GET", "/buckets/" + MemoryAccounts.FIRST + "~b1/k1");
        same("not-there", "GET", "/instances/none?name=x&password=y");
        same("not-now", "POST", "/instances/" + stopped + "/stop");
        same("missing-parameter", "POST", "/instances?name=x");
        lab.cloud.trouble = Optional.of(Refusal.broken("mock-1: the provider answered 500"));
        same("provider-failed", "POST", "/instances?image_id=web-os");
        accounts.offer = AccountThings.Offer.NOTHING;
        same("missing-capability", "GET", "/keys");
    }

    @Test
    void who_is_nobody_is_told_how_to_log_in() throws IOException {
        for (var form : List.of("xml", "json"))
            same("unauthorized." + form, lab.get("/instances?format=" + form).with("X-Forwarded-Host", "b.example"));
        same("options.txt", lab.call("OPTIONS", "/instances/create").with("X-Forwarded-Host", "b.example"));
    }

    private void fill(String instance) {
        var path = "/buckets/" + MemoryAccounts.FIRST;
        lab.post("/keys", "name=k1").ann().send();
        lab.post("/addresses", "").ann().send();
        lab.post("/addresses/" + MemoryAccounts.FIRST + "~eip-1/associate", "instance_id=" + instance)
                .ann()
                .send();
        lab.post("/storage_volumes", "capacity=5&name=data").ann().send();
        lab.post(
                        "/storage_volumes/" + MemoryAccounts.FIRST + "~vol-2/attach",
                        "instance_id=" + instance + "&device=/dev/sdc")
                .ann()
                .send();
        lab.cloud.attach(UUID.fromString(instance), MemoryAccounts.FIRST + "~vol-2", "/dev/sdc");
        lab.post("/storage_snapshots", "volume_id=" + MemoryAccounts.FIRST + "~vol-2")
                .ann()
                .send();
        lab.post("/buckets", "name=b1").ann().send();
        lab.call("PUT", path + "~b1/k1", BodyPublishers.ofString("hello"))
                .with("Content-Type", "text/plain")
                .with("X-Deltacloud-Blobmeta-colour", "red")
                .ann()
                .send();
        lab.post("/firewalls", "name=fw&description=for%20all").ann().send();
        lab.post(
                        "/firewalls/" + MemoryAccounts.FIRST + "~fw-4/rules",
                        "protocol=tcp&port_from=22&port_to=22&ip_address1=192.0.2.0/24&group1=g&group1owner=o")
                .ann()
                .send();
        lab.post(
                        "/load_balancers",
                        "name=lb&realm_id=europe&listener_protocol=HTTP&listener_balancer_port=80&listener_instance_port=81")
                .ann()
                .send();
        lab.post("/load_balancers/" + MemoryAccounts.FIRST + "~lb-6/register", "instance_id=" + instance)
                .ann()
                .send();
        lab.post("/networks", "address_block=10.0.0.0/16&name=n").ann().send();
        lab.post("/subnets", "network_id=" + MemoryAccounts.FIRST + "~net-7&address_block=10.0.0.0/24")
                .ann()
                .send();
        lab.post("/network_interfaces", "instance=" + instance + "&network=" + MemoryAccounts.FIRST + "~subnet-8")
                .ann()
                .send();
        accounts.measure(UUID.fromString(instance));
    }

    private void same(String name, String method, String target) throws IOException {
        for (var form : List.of("xml", "json")) {
            var call = lab.call(method, target).with("Accept", "application/" + form);
            same(name + "." + form, call.with("X-Forwarded-Host", "b.example").ann());
        }
    }

    private static void same(String name, DeltacloudLab.Call call) throws IOException {
        var reply = call.send();
        var text = new StringBuilder().append(reply.status()).append('\n');
        for (var header : HEADERS)
            if (!reply.header(header).isEmpty())
                text.append(header).append(": ").append(reply.header(header)).append('\n');
        text.append('\n').append(reply.text().replace("><", ">\n<"));
        var file = FILES.resolve(name);
        if (Boolean.getBoolean("holdfast.bless")) {
            Files.createDirectories(FILES);
            Files.writeString(file, text);
        }
        assertThat(text.toString()).as(name).isEqualTo(Files.readString(file));
    }
}
