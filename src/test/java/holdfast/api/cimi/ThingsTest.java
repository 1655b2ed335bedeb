package holdfast.api.cimi;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.api.deltacloud.DeltacloudLab;
import holdfast.api.deltacloud.MemoryAccounts;
import holdfast.orchestrator.instances.AccountThings;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What lives at accounts, and the templates and configurations of it that users keep, over the wire.
@Timeout(60)
class ThingsTest {
    private static final MemoryAccounts ACCOUNTS = new MemoryAccounts();
    private static DeltacloudLab lab;

    @BeforeAll
    static void start() {
        lab = new DeltacloudLab(ACCOUNTS);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    private static String at(String target) {
        return target.startsWith("http") ? target : lab.server.address() + "/cimi" + target;
    }

    private static DeltacloudLab.Reply get(String target) {
        return lab.get(at(target)).ann().json().send();
    }

    private static DeltacloudLab.Reply sent(String method, String target, String body) {
        return lab.call(method, at(target), BodyPublishers.ofString(body))
                .with("Content-Type", body.startsWith("<") ? "application/xml" : "application/json")
                .ann()
                .json()
                .send();
    }

    /// The address of what is made.
    private static String made(String target, String body) {
        var reply = sent("POST", target, body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.header("Location"))
                .isEqualTo(reply.json().path("id").asString())
                .startsWith(at(target));
        assertThat(get(reply.header("Location")).json().path("name").asString())
                .isEqualTo(reply.json().path("name").asString());
        return reply.header("Location");
    }

    private static int deleted(String target) {
        var reply = lab.call("DELETE", at(target)).ann().json().send();
        assertThat(reply.status() == 200 && !target.contains("/volumes/") ? reply.text() : "")
                .isEmpty();
        return reply.status();
    }

    private static String machine() {
        return at("/machines/" + lab.launched());
    }

    private static String last(String address) {
        return address.substring(address.lastIndexOf('/') + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "credentials, credentials, Credential",
        "credentialTemplates, credentialTemplates, CredentialTemplate",
        "volumes, volumes, Volume",
        "volumeTemplates, volumeTemplates, VolumeTemplate",
        "volumeConfigs, volumeConfigurations, VolumeConfiguration",
        "volumeImages, volumeImages, VolumeImage",
        "networks, networks, Network",
        "networkTemplates, networkTemplates, NetworkTemplate",
        "networkConfigs, networkConfigurations, NetworkConfiguration",
        "networkPorts, networkPorts, NetworkPort",
        "networkPortTemplates, networkPortTemplates, NetworkPortTemplate",
        "networkPortConfigs, networkPortConfigurations, NetworkPortConfiguration",
        "addresses, addresses, Address",
        "addressTemplates, addressTemplates, AddressTemplate",
        "forwardingGroups, forwardingGroups, ForwardingGroup",
        "forwardingGroupTemplates, forwardingGroupTemplates, ForwardingGroupTemplate"
    })
    void each_collection_is_offered_listed_described_and_guarded(String entry, String members, String type) {
        var href = get("/cloudEntryPoint").json().path(entry).path("href").asString();
        var all = get(href).json();
        assertThat(all.path("resourceURI").asString()).endsWith("/" + type + "Collection");
        assertThat(all.path(members).isArray()).isTrue();
        assertThat(all.path("operations").path(0).path("rel").asString()).isEqualTo("add");
        assertThat(lab.get(href).ann().xml().send().xml("/*/@resourceURI")).endsWith("/" + type + "Collection");
        assertThat(lab.get(href).xml().send().status()).isEqualTo(401);
        assertThat(get(href + "/none").status()).isEqualTo(404);
        assertThat(deleted(href + "/none")).isEqualTo(404);
        assertThat(lab.call("POST", href, BodyPublishers.ofString("{}"))
                        .with("Content-Type", "application/json")
                        .eve()
                        .send()
                        .status())
                .isEqualTo(403);
        assertThat(get("/resource_metadata").text()).contains("\"http://schemas.dmtf.org/cimi/1/" + type + "\"");
    }

    @Test
    void a_machine_is_bound_to_the_type_of_clouds_that_the_header_names() {
        var body = """
                {"machineTemplate": {"machineConfig": {"href": "small"}, "machineImage": {"href": "web-os"}}}""";
        var call = lab.call("POST", at("/machines"), BodyPublishers.ofString(body))
                .with("Content-Type", "application/json")
                .ann()
                .json();
        assertThat(call.send().status()).isEqualTo(201);
        assertThat(lab.cloud.launches.getLast().driver()).isEmpty();
        assertThat(call.with("X-Deltacloud-Driver", "mock").send().status()).isEqualTo(201);
        assertThat(lab.cloud.launches.getLast().driver()).hasValue("mock");
    }

    @Test
    void a_volume_is_made_by_value_by_configuration_and_by_template_in_whole_gigabytes() {
        var value = made("/volumes", """
                {"name": "v", "volumeTemplate": {"volumeConfig": {"capacity": 1048577}}}""");
        assertThat(get(value).json().path("capacity").asLong()).isEqualTo(2 * 1_048_576);
        assertThat(get(value).json().path("state").asString()).isEqualTo("AVAILABLE");
        var config = made("/volume_configurations", """
                <VolumeConfigurationCreate><name>c</name><format>ext3</format>
                <capacity> 1024 </capacity></VolumeConfigurationCreate>""");
        assertThat(get(config).json().path("capacity").asLong()).isEqualTo(1_024);
        assertThat(get(made("/volumes", """
                <VolumeCreate><name>by:config</name><volumeTemplate><volumeConfig href="%s"></volumeConfig>
                </volumeTemplate></VolumeCreate>""".formatted(config)))
                        .json()
                        .path("capacity")
                        .asLong())
                .isEqualTo(1_048_576);
        var template = made("/volume_templates", """
                {"name": "t", "volumeConfig": {"href": "http://example.com/volume_configurations/%s"}}""".formatted(last(config)));
        assertThat(get(template).json().at("/volumeConfig/href").asString()).isEqualTo(config);
        made("/volumes", "{\"name\": \"by-t\", \"volumeTemplate\": {\"href\": \"%s\"}}".formatted(template));
        assertThat(deleted(value)).isEqualTo(200);
        assertThat(deleted(value)).isEqualTo(404);
        assertThat(deleted(template)).isEqualTo(200);
        assertThat(deleted(config)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"volumeTemplate\": {}}",
                "{}",
                "{\"volumeTemplate\": {\"volumeConfig\": {\"capacity\": \"much\"}}}",
                "{\"volumeTemplate\": {\"volumeConfig\": {\"capacity\": 1e16}}}"
            })
    void a_volume_of_no_size_is_refused(String body) {
        assertThat(sent("POST", "/volumes", body).status()).isEqualTo(400);
    }

    @Test
    void what_a_configuration_lacks_is_named() {
        var reply = sent("POST", "/volume_configurations", "{\"name\": \"x\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("Required attributes not set: capacity");
        assertThat(sent("POST", "/address_templates", "{\"ip\": \"192.0.2.1\", \"mask\": \"255.255.255.0\"}")
                        .text())
                .contains("Required attributes not set: hostname, allocation, defaultGateway, dns, protocol");
    }

    @Test
    void a_volume_is_attached_to_a_machine_and_taken_away() {
        var machine = machine();
        var volume =
                made("/volumes", "{\"name\": \"data\", \"volumeTemplate\": {\"volumeConfig\": {\"capacity\": 1}}}");
        var below = get(machine).json().at("/volumes/href").asString();
        var add = get(below).json().at("/operations/0/href").asString();
        assertThat(add).isEqualTo(machine + "/volume_attach");
        var attached = lab.call("POST", add, BodyPublishers.ofString("""
                        <MachineVolume xmlns="http://schemas.dmtf.org/cimi/1">
                        <initialLocation>/dev/sdf</initialLocation><volume href="%s"/></MachineVolume>
                        """.formatted(volume)))
                .with("Content-Type", "application/xml")
                .ann()
                .xml()
                .send();
        assertThat(attached.status()).isEqualTo(201);
        assertThat(attached.header("Location")).isEqualTo(machine + "/volumes/" + last(volume));
        assertThat(attached.xml("/*[local-name()='Collection']/*[local-name()='count']"))
                .isEqualTo("1");
        var one = get(attached.header("Location")).json();
        assertThat(one.path("resourceURI").asString()).endsWith("/MachineVolume");
        assertThat(one.path("initialLocation").asString()).isEqualTo("/dev/sdf");
        assertThat(one.at("/volume/href").asString()).isEqualTo(volume);
        assertThat(one.at("/operations/0/rel").asString()).isEqualTo("delete");
        assertThat(get(volume).json().path("operations").isMissingNode())
                .as("what is attached cannot be deleted")
                .isTrue();
        assertThat(get(machine + "?$expand=volumes")
                        .json()
                        .at("/volumes/machineVolumes")
                        .size())
                .isEqualTo(1);
        assertThat(deleted(machine() + "/volumes/" + last(volume)))
                .as("of another machine")
                .isEqualTo(404);
        var detached = sent("DELETE", attached.header("Location"), "");
        assertThat(detached.status()).isEqualTo(200);
        assertThat(detached.json().path("count").asInt(-1)).isZero();
        assertThat(deleted(attached.header("Location"))).isEqualTo(404);
    }

    @Test
    void a_volume_of_another_account_is_not_attached() {
        var machine = machine();
        ACCOUNTS.elsewhere.add(UUID.fromString(last(machine)));
        var volume = made("/volumes", "{\"name\": \"far\", \"volumeTemplate\": {\"volumeConfig\": {\"capacity\": 1}}}");
        var reply = sent("POST", machine + "/volumes", "{\"volume\": {\"href\": \"%s\"}}".formatted(volume));
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.text()).contains("another account");
    }

    @Test
    void an_image_of_a_volume_makes_another_volume() {
        var volume = made("/volumes", "{\"name\": \"old\", \"volumeTemplate\": {\"volumeConfig\": {\"capacity\": 1}}}");
        var image = made(
                "/volume_images",
                "<volumeImageCreate><name>s</name><imageLocation href=\"%s\"/></volumeImageCreate>".formatted(volume));
        assertThat(get(image).json().at("/imageLocation/href").asString()).isEqualTo(volume);
        assertThat(get(volume + "/images")
                        .json()
                        .at("/volumeVolumeImages/0/volumeImage/href")
                        .asString())
                .isEqualTo(image);
        made(
                "/volumes",
                "{\"name\": \"new\", \"volumeTemplate\": {\"volumeImage\": {\"href\": \"%s\"}}}".formatted(image));
        assertThat(deleted(image)).isEqualTo(200);
    }

    @Test
    void a_key_is_told_once_and_a_private_one_is_never_kept() {
        var reply = sent("POST", "/credentials", "{\"name\": \"k1\", \"credentialTemplate\": {}}");
        assertThat(reply.json().path("key").asString()).isEqualTo("-----BEGIN <]]> KEY-----");
        var at = reply.header("Location");
        assertThat(get(at).json().has("key")).isFalse();
        assertThat(get(at).json().path("fingerprint").asString()).isEqualTo("00:11");
        assertThat(sent("POST", "/credentials", "{\"name\": \"k1\"}").status()).isEqualTo(409);
        var template = made("/credential_templates", "{\"name\": \"mine\", \"key\": \"ssh-ed25519 AAAA\"}");
        var own = sent(
                "POST",
                "/credentials",
                "{\"name\": \"k2\", \"credentialTemplate\": {\"href\": \"%s\"}}".formatted(template));
        assertThat(own.status()).isEqualTo(201);
        assertThat(own.json().has("key")).isFalse();
        assertThat(sent("POST", "/credential_templates", "{\"key\": \"-----BEGIN RSA PRIVATE KEY-----\"}")
                        .status())
                .isEqualTo(400);
        assertThat(deleted(at)).isEqualTo(200);
    }

    @Test
    void an_address_leads_to_one_machine_after_another_and_to_none() {
        var first = machine();
        var second = machine();
        var address = made("/addresses", "{\"addressTemplate\": {\"resource\": {\"href\": \"%s\"}}}".formatted(first));
        assertThat(get(address).json().at("/resource/href").asString()).isEqualTo(first);
        var moved = sent("PUT", address + "?$select=resource", "{\"resource\": {\"href\": \"%s\"}}".formatted(second));
        assertThat(moved.status()).isEqualTo(200);
        assertThat(get(address).json().at("/resource/href").asString()).isEqualTo(second);
        assertThat(sent("PUT", address, "{}").json().has("resource")).isFalse();
        assertThat(deleted(address)).isEqualTo(200);
        var before = ACCOUNTS.things.size();
        ACCOUNTS.elsewhere.add(UUID.fromString(last(first)));
        assertThat(sent(
                                "POST",
                                "/addresses",
                                "{\"addressTemplate\": {\"resource\": {\"href\": \"%s\"}}}".formatted(first))
                        .status())
                .isEqualTo(409);
        assertThat(ACCOUNTS.things).as("nothing is left of it").hasSize(before);
    }

    @Test
    void a_network_has_its_own_surroundings_and_takes_them_along() {
        var before = ACCOUNTS.things.size();
        var network = made(
                "/networks",
                "{\"name\": \"n\", \"networkTemplate\": {\"networkConfig\": {\"addressBlock\": \"10.1.0.0/16\"}}}");
        assertThat(get(network).json().path("state").asString()).isEqualTo("STARTED");
        assertThat(get(network).json().path("addressBlock").asString()).isEqualTo("10.1.0.0/16");
        var machine = machine();
        var port = made("/network_ports", """
                <NetworkPortCreate><name>p</name><networkPortTemplate><network href="%s"/><machine href="%s"/>
                </networkPortTemplate></NetworkPortCreate>""".formatted(network, machine));
        assertThat(get(port).json().at("/machine/href").asString()).isEqualTo(machine);
        assertThat(get(network + "/networkPorts")
                        .json()
                        .at("/networkNetworkPorts/0/networkPort/href")
                        .asString())
                .isEqualTo(port);
        assertThat(get("/forwarding_groups").text())
                .doesNotContain(
                        last(get(network).json().at("/forwardingGroup/href").asString()));
        assertThat(deleted(port)).isEqualTo(200);
        assertThat(deleted(network)).isEqualTo(200);
        assertThat(ACCOUNTS.things).hasSize(before);
    }

    @Test
    void a_forwarding_group_is_made_of_networks_that_are_described() {
        var group = made("/forwarding_groups", """
                <ForwardingGroupCreate><name>g</name><forwardingGroupTemplate>
                <network><name>a</name><addressBlock>10.0.1.0/24</addressBlock></network>
                <network><name>b</name><addressBlock>10.0.2.0/24</addressBlock></network>
                </forwardingGroupTemplate></ForwardingGroupCreate>""");
        var networks = get(group).json().path("networks");
        assertThat(networks.size()).isEqualTo(2);
        assertThat(get("/forwarding_groups").text()).contains(group);
        var third = made(
                "/networks",
                "{\"name\": \"c\", \"addressBlock\": \"10.0.3.0/24\", \"networkTemplate\": {\"forwardingGroup\": {\"href\": \"%s\"}}}"
                        .formatted(group));
        assertThat(get(third).json().at("/forwardingGroup/href").asString()).isEqualTo(group);
        assertThat(deleted(group)).isEqualTo(409);
        assertThat(deleted(third)).isEqualTo(200);
        networks.forEach(
                network -> assertThat(deleted(network.path("href").asString())).isEqualTo(200));
        assertThat(get(group).status()).isEqualTo(404);
        assertThat(sent(
                                "POST",
                                "/forwarding_groups",
                                "{\"forwardingGroupTemplate\": {\"networks\": [{\"href\": \"%s\"}]}}".formatted(third))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void a_machine_is_captured_and_its_image_deleted() {
        var machine = machine();
        var capture = get(machine)
                .json()
                .path("operations")
                .valueStream()
                .filter(operation -> operation.path("rel").asString().endsWith("/capture"))
                .findFirst()
                .orElseThrow();
        var body = "<MachineImageCreate><name>i</name><type> IMAGE </type><imageLocation>%s</imageLocation>"
                        .formatted(machine)
                + "</MachineImageCreate>";
        var reply = sent("POST", capture.path("href").asString(), body);
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.json().path("name").asString()).isEqualTo("i");
        assertThat(sent("POST", "/machine_images", "{\"imageLocation\": \"%s\"}".formatted(machine))
                        .text())
                .contains("Required attributes not set: type");
        var image = ACCOUNTS.capture(new UUID(0, 1), Optional.of("i"), Optional.empty())
                .orThrow();
        lab.cloud.images.add(image);
        assertThat(deleted("/machine_images/" + image.id())).isEqualTo(200);
        assertThat(deleted("/machine_images/web-os")).as("of somebody else").isEqualTo(403);
        assertThat(deleted("/machine_images/none")).isEqualTo(404);
    }

    @Test
    void a_machine_shows_its_disk_and_its_addresses() {
        var machine = machine();
        var disk = get(machine + "/disks").json().at("/disks/0/id").asString();
        assertThat(get(disk).json().path("capacity").asLong()).isEqualTo(40L * 1_048_576);
        assertThat(get(machine + "/networkInterfaces").text()).contains("\"198.51.100.4\"");
        assertThat(get(machine + "/disks/2").status()).isEqualTo(404);
        assertThat(deleted(disk)).isEqualTo(405);
    }

    @Test
    void what_is_not_offered_is_not_there() {
        var offer = ACCOUNTS.offer;
        ACCOUNTS.offer = AccountThings.Offer.NOTHING;
        try {
            var entry = get("/cloudEntryPoint").text();
            assertThat(entry).contains("\"machines\"").doesNotContain("volume", "network", "address", "credential\"");
            assertThat(get("/volumes").status()).isEqualTo(404);
            assertThat(get(machine() + "/volumes").json().path("count").asInt(-1))
                    .isZero();
            assertThat(get("/resource_metadata").text()).doesNotContain("Volume");
            assertThat(get(machine()).text()).doesNotContain("capture");
            assertThat(sent("POST", "/machine_images", "{}").status()).isEqualTo(405);
        } finally {
            ACCOUNTS.offer = offer;
        }
        ACCOUNTS.offer = new AccountThings.Offer(Set.of("keys"), Map.of());
        try {
            assertThat(sent(
                                    "POST",
                                    "/credentials",
                                    "{\"name\": \"x\", \"credentialTemplate\": {\"key\": \"ssh-rsa A\"}}")
                            .status())
                    .isEqualTo(409);
        } finally {
            ACCOUNTS.offer = offer;
        }
    }

    @Test
    void a_template_is_edited_whole_in_part_and_only_as_it_was_read() {
        var config =
                made("/network_configurations", "{\"name\": \"c\", \"mtu\": \"1500\", \"networkType\": \"PRIVATE\"}");
        assertThat(get(config).json().path("mtu").isNumber()).isTrue();
        assertThat(sent("PUT", config + "?$select=mtu", "{\"mtu\": 9000, \"name\": \"no\"}")
                        .json()
                        .path("name")
                        .asString())
                .isEqualTo("c");
        var etag = get(config).header("ETag");
        assertThat(sent("PUT", config, "{\"name\": \"d\"}").json().path("mtu").asInt())
                .isEqualTo(9_000);
        var late = lab.call("PUT", config, BodyPublishers.ofString("{\"name\": \"e\"}"))
                .with("Content-Type", "application/json")
                .with("If-Match", etag)
                .ann()
                .json()
                .send();
        assertThat(late.status()).isEqualTo(412);
    }
}
