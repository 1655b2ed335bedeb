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
@Timeout(300)
class ThingsTest {
    private static final MemoryAccounts ACCOUNTS = new MemoryAccounts();
    private static DeltacloudLab lab;
    private static CimiClient cimi;

    @BeforeAll
    static void start() {
        lab = new DeltacloudLab(ACCOUNTS);
        cimi = new CimiClient(lab);
    }

    @AfterAll
    static void stop() {
        lab.close();
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
        var href = cimi.json("/cloudEntryPoint").path(entry).path("href").asString();
        var all = cimi.json(href);
        assertThat(all.path("resourceURI").asString()).endsWith("/" + type + "Collection");
        assertThat(all.path(members).isArray()).isTrue();
        assertThat(all.path("operations").path(0).path("rel").asString()).isEqualTo("add");
        assertThat(lab.get(href).ann().xml().send().xml("/*/@resourceURI")).endsWith("/" + type + "Collection");
        assertThat(lab.get(href).xml().send().status()).isEqualTo(401);
        assertThat(cimi.get(href + "/none").status()).isEqualTo(404);
        assertThat(cimi.deleted(href + "/none")).isEqualTo(404);
        assertThat(lab.call("POST", href, BodyPublishers.ofString("{}"))
                        .with("Content-Type", "application/json")
                        .eve()
                        .send()
                        .status())
                .isEqualTo(403);
        assertThat(cimi.get("/resource_metadata").text()).contains("\"http://schemas.dmtf.org/cimi/1/" + type + "\"");
    }

    @Test
    void a_machine_is_bound_to_the_type_of_clouds_that_the_header_names() {
        var body = """
                {"machineTemplate": {"machineConfig": {"href": "small"}, "machineImage": {"href": "web-os"}}}""";
        var call = lab.call("POST", cimi.at("/machines"), BodyPublishers.ofString(body))
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
        var value = cimi.made("/volumes", """
                {"name": "v", "volumeTemplate": {"volumeConfig": {"capacity": 1048577}}}""");
        assertThat(cimi.json(value).path("capacity").asLong()).isEqualTo(2 * 1_048_576);
        assertThat(cimi.json(value).path("state").asString()).isEqualTo("AVAILABLE");
        var config = cimi.made("/volume_configurations", """
                <VolumeConfigurationCreate><name>c</name><format>ext3</format>
                <capacity> 1024 </capacity></VolumeConfigurationCreate>""");
        assertThat(cimi.json(config).path("capacity").asLong()).isEqualTo(1_024);
        assertThat(cimi.json(cimi.made("/volumes", """
                <VolumeCreate><name>by:config</name><volumeTemplate><volumeConfig href="%s"></volumeConfig>
                </volumeTemplate></VolumeCreate>""".formatted(config)))
                        .path("capacity")
                        .asLong())
                .isEqualTo(1_048_576);
        var template = cimi.made("/volume_templates", """
                {"name": "t", "volumeConfig": {"href": "http://example.com/volume_configurations/%s"}}""".formatted(Fields.last(config)));
        assertThat(cimi.json(template).at("/volumeConfig/href").asString()).isEqualTo(config);
        cimi.made("/volumes", "{\"name\": \"by-t\", \"volumeTemplate\": {\"href\": \"%s\"}}".formatted(template));
        assertThat(cimi.deleted(value)).isEqualTo(200);
        assertThat(cimi.deleted(value)).isEqualTo(404);
        assertThat(cimi.deleted(template)).isEqualTo(200);
        assertThat(cimi.deleted(config)).isEqualTo(200);
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
        assertThat(cimi.sent("POST", "/volumes", body).status()).isEqualTo(400);
    }

    @Test
    void a_volume_is_attached_to_a_machine_and_taken_away() {
        var machine = cimi.machine();
        var volume = cimi.made(
                "/volumes", "{\"name\": \"data\", \"volumeTemplate\": {\"volumeConfig\": {\"capacity\": 1}}}");
        var below = cimi.json(machine).at("/volumes/href").asString();
        var add = cimi.json(below).at("/operations/0/href").asString();
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
        assertThat(attached.header("Location")).isEqualTo(machine + "/volumes/" + Fields.last(volume));
        assertThat(attached.xml("/*[local-name()='Collection']/*[local-name()='count']"))
                .isEqualTo("1");
        var one = cimi.json(attached.header("Location"));
        assertThat(one.path("resourceURI").asString()).endsWith("/MachineVolume");
        assertThat(one.path("initialLocation").asString()).isEqualTo("/dev/sdf");
        assertThat(one.at("/volume/href").asString()).isEqualTo(volume);
        assertThat(one.at("/operations/0/rel").asString()).isEqualTo("delete");
        assertThat(cimi.json(volume).path("operations").toString())
                .as("what is attached cannot be deleted")
                .contains("edit")
                .doesNotContain("delete");
        assertThat(cimi.json(machine + "?$expand=volumes")
                        .at("/volumes/machineVolumes")
                        .size())
                .isEqualTo(1);
        assertThat(cimi.deleted(cimi.machine() + "/volumes/" + Fields.last(volume)))
                .as("of another machine")
                .isEqualTo(404);
        var detached = cimi.sent("DELETE", attached.header("Location"), "");
        assertThat(detached.status()).isEqualTo(200);
        assertThat(detached.json().path("count").asInt(-1)).isZero();
        assertThat(cimi.deleted(attached.header("Location"))).isEqualTo(404);
    }

    @Test
    void a_volume_of_another_account_is_not_attached() {
        var machine = cimi.machine();
        ACCOUNTS.elsewhere.add(UUID.fromString(Fields.last(machine)));
        var volume =
                cimi.made("/volumes", "{\"name\": \"far\", \"volumeTemplate\": {\"volumeConfig\": {\"capacity\": 1}}}");
        var reply = cimi.sent("POST", machine + "/volumes", "{\"volume\": {\"href\": \"%s\"}}".formatted(volume));
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.text()).contains("another account");
    }

    @Test
    void an_image_of_a_volume_makes_another_volume() {
        var volume =
                cimi.made("/volumes", "{\"name\": \"old\", \"volumeTemplate\": {\"volumeConfig\": {\"capacity\": 1}}}");
        var image = cimi.made(
                "/volume_images",
                "<volumeImageCreate><name>s</name><imageLocation href=\"%s\"/></volumeImageCreate>".formatted(volume));
        assertThat(cimi.json(image).at("/imageLocation/href").asString()).isEqualTo(volume);
        assertThat(cimi.json(volume + "/images")
                        .at("/volumeVolumeImages/0/volumeImage/href")
                        .asString())
                .isEqualTo(image);
        cimi.made(
                "/volumes",
                "{\"name\": \"new\", \"volumeTemplate\": {\"volumeImage\": {\"href\": \"%s\"}}}".formatted(image));
        assertThat(cimi.deleted(image)).isEqualTo(200);
    }

    @Test
    void a_key_is_told_once_and_a_private_one_is_never_kept() {
        var reply = cimi.sent("POST", "/credentials", "{\"name\": \"k1\", \"credentialTemplate\": {}}");
        assertThat(reply.json().path("key").asString()).isEqualTo("-----BEGIN <]]> KEY-----");
        var at = reply.header("Location");
        assertThat(cimi.json(at).has("key")).isFalse();
        assertThat(cimi.json(at).path("fingerprint").asString()).isEqualTo("00:11");
        assertThat(cimi.sent("POST", "/credentials", "{\"name\": \"k1\"}").status())
                .isEqualTo(409);
        var template = cimi.made("/credential_templates", "{\"name\": \"mine\", \"key\": \"ssh-ed25519 AAAA\"}");
        var own = cimi.sent(
                "POST",
                "/credentials",
                "{\"name\": \"k2\", \"credentialTemplate\": {\"href\": \"%s\"}}".formatted(template));
        assertThat(own.status()).isEqualTo(201);
        assertThat(own.json().has("key")).isFalse();
        assertThat(cimi.sent("POST", "/credential_templates", "{\"key\": \"-----BEGIN RSA PRIVATE KEY-----\"}")
                        .status())
                .isEqualTo(400);
        assertThat(cimi.deleted(at)).isEqualTo(200);
    }

    @Test
    void an_address_leads_to_one_machine_after_another_and_to_none() {
        var first = cimi.machine();
        var second = cimi.machine();
        var address =
                cimi.made("/addresses", "{\"addressTemplate\": {\"resource\": {\"href\": \"%s\"}}}".formatted(first));
        assertThat(cimi.json(address).at("/resource/href").asString()).isEqualTo(first);
        var moved =
                cimi.sent("PUT", address + "?$select=resource", "{\"resource\": {\"href\": \"%s\"}}".formatted(second));
        assertThat(moved.status()).isEqualTo(200);
        assertThat(cimi.json(address).at("/resource/href").asString()).isEqualTo(second);
        assertThat(cimi.sent("PUT", address, "{}").json().has("resource")).isFalse();
        assertThat(cimi.deleted(address)).isEqualTo(200);
        var before = ACCOUNTS.things.size();
        ACCOUNTS.elsewhere.add(UUID.fromString(Fields.last(first)));
        assertThat(cimi.sent(
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
        var network = cimi.made(
                "/networks",
                "{\"name\": \"n\", \"networkTemplate\": {\"networkConfig\": {\"addressBlock\": \"10.1.0.0/16\"}}}");
        assertThat(cimi.json(network).path("state").asString()).isEqualTo("STARTED");
        assertThat(cimi.json(network).path("addressBlock").asString()).isEqualTo("10.1.0.0/16");
        var machine = cimi.machine();
        var port = cimi.made("/network_ports", """
                <NetworkPortCreate><name>p</name><networkPortTemplate><network href="%s"/><machine href="%s"/>
                </networkPortTemplate></NetworkPortCreate>""".formatted(network, machine));
        assertThat(cimi.json(port).at("/machine/href").asString()).isEqualTo(machine);
        assertThat(cimi.json(network + "/networkPorts")
                        .at("/networkNetworkPorts/0/networkPort/href")
                        .asString())
                .isEqualTo(port);
        assertThat(cimi.get("/forwarding_groups").text())
                .doesNotContain(Fields.last(
                        cimi.json(network).at("/forwardingGroup/href").asString()));
        assertThat(cimi.deleted(port)).isEqualTo(200);
        assertThat(cimi.deleted(network)).isEqualTo(200);
        assertThat(ACCOUNTS.things).hasSize(before);
    }

    @Test
    void a_forwarding_group_is_made_of_networks_that_are_described() {
        var group = cimi.made("/forwarding_groups", """
                <ForwardingGroupCreate><name>g</name><forwardingGroupTemplate>
                <network><name>a</name><addressBlock>10.0.1.0/24</addressBlock></network>
                <network><name>b</name><addressBlock>10.0.2.0/24</addressBlock></network>
                </forwardingGroupTemplate></ForwardingGroupCreate>""");
        var networks = cimi.json(group).path("networks");
        assertThat(networks.size()).isEqualTo(2);
        assertThat(cimi.get("/forwarding_groups").text()).contains(group);
        var third = cimi.made(
                "/networks",
                "{\"name\": \"c\", \"addressBlock\": \"10.0.3.0/24\", \"networkTemplate\": {\"forwardingGroup\": {\"href\": \"%s\"}}}"
                        .formatted(group));
        assertThat(cimi.json(third).at("/forwardingGroup/href").asString()).isEqualTo(group);
        assertThat(cimi.deleted(group)).isEqualTo(409);
        assertThat(cimi.deleted(third)).isEqualTo(200);
        networks.forEach(network ->
                assertThat(cimi.deleted(network.path("href").asString())).isEqualTo(200));
        assertThat(cimi.get(group).status()).isEqualTo(404);
        assertThat(cimi.sent(
                                "POST",
                                "/forwarding_groups",
                                "{\"forwardingGroupTemplate\": {\"networks\": [{\"href\": \"%s\"}]}}".formatted(third))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void a_machine_is_captured_and_its_image_deleted() {
        var machine = cimi.machine();
        var capture = cimi.json(machine)
                .path("operations")
                .valueStream()
                .filter(operation -> operation.path("rel").asString().endsWith("/capture"))
                .findFirst()
                .orElseThrow();
        var body = "<MachineImageCreate><name>i</name><type> IMAGE </type><imageLocation>%s</imageLocation>"
                        .formatted(machine)
                + "</MachineImageCreate>";
        var reply = cimi.sent("POST", capture.path("href").asString(), body);
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.json().path("name").asString()).isEqualTo("i");
        assertThat(cimi.sent("POST", "/machine_images", "{\"imageLocation\": \"%s\"}".formatted(machine))
                        .text())
                .contains("Required attributes not set: type");
        var image = ACCOUNTS.capture(new UUID(0, 1), Optional.of("i"), Optional.empty())
                .orThrow();
        lab.cloud.images.add(image);
        assertThat(cimi.deleted("/machine_images/" + image.id())).isEqualTo(200);
        assertThat(cimi.deleted("/machine_images/web-os"))
                .as("of somebody else")
                .isEqualTo(403);
        assertThat(cimi.deleted("/machine_images/none")).isEqualTo(404);
    }

    @Test
    void a_machine_shows_its_disk_and_its_addresses() {
        var machine = cimi.machine();
        var disk = cimi.json(machine + "/disks").at("/disks/0/id").asString();
        assertThat(cimi.json(disk).path("capacity").asLong()).isEqualTo(40L * 1_048_576);
        assertThat(cimi.get(machine + "/networkInterfaces").text()).contains("\"198.51.100.4\"");
        assertThat(cimi.get(machine + "/disks/2").status()).isEqualTo(404);
        assertThat(cimi.deleted(disk)).isEqualTo(405);
    }

    @Test
    void what_is_not_offered_is_not_there() {
        var offer = ACCOUNTS.offer;
        ACCOUNTS.offer = AccountThings.Offer.NOTHING;
        try {
            var entry = cimi.get("/cloudEntryPoint").text();
            assertThat(entry).contains("\"machines\"").doesNotContain("volume", "network", "address", "credential\"");
            assertThat(cimi.get("/volumes").status()).isEqualTo(404);
            assertThat(cimi.json(cimi.machine() + "/volumes").path("count").asInt(-1))
                    .isZero();
            assertThat(cimi.get("/resource_metadata").text()).doesNotContain("Volume");
            assertThat(cimi.get(cimi.machine()).text()).doesNotContain("capture");
            assertThat(cimi.sent("POST", "/machine_images", "{}").status()).isEqualTo(405);
        } finally {
            ACCOUNTS.offer = offer;
        }
        ACCOUNTS.offer = new AccountThings.Offer(Set.of("keys"), Map.of());
        try {
            assertThat(cimi.sent(
                                    "POST",
                                    "/credentials",
                                    "{\"name\": \"x\", \"credentialTemplate\": {\"key\": \"ssh-rsa A\"}}")
                            .status())
                    .isEqualTo(409);
        } finally {
            ACCOUNTS.offer = offer;
        }
    }
}
