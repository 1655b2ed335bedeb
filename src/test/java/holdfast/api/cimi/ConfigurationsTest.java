package holdfast.api.cimi;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.api.deltacloud.DeltacloudLab;
import holdfast.api.deltacloud.MemoryAccounts;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What users keep, and what they say of what there is, over the wire.
@Timeout(300)
class ConfigurationsTest {
    private static final long KIB_IN_GB = 1_048_576;
    private static DeltacloudLab lab;
    private static CimiClient cimi;

    @BeforeAll
    static void start() {
        lab = new DeltacloudLab(new MemoryAccounts());
        cimi = new CimiClient(lab);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    private static int put(String target, String body) {
        return cimi.sent("PUT", target, body).status();
    }

    @Test
    void a_machine_configuration_is_made_edited_in_part_and_whole_and_deleted() {
        var config = cimi.made("/machine_configurations", """
                <MachineConfigurationCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>big</name><cpu>4</cpu>
                  <memory>2097153</memory><disk><capacity>1048577</capacity><format>ext4</format></disk>
                </MachineConfigurationCreate>""");
        var made = cimi.json(config);
        assertThat(made.path("cpu").asInt()).isEqualTo(4);
        assertThat(made.path("memory").asLong()).as("in whole MB").isEqualTo(2_049 * 1_024);
        assertThat(made.at("/disks/0/capacity").asLong()).as("in whole GB").isEqualTo(2 * KIB_IN_GB);
        assertThat(made.path("operations").toString()).contains("edit", "delete");
        assertThat(cimi.json("/machine_configurations").at("/operations/0/rel").asString())
                .isEqualTo("add");
        assertThat(put(config + "?$select=cpu", "{\"cpu\": 8, \"memory\": 1024, \"name\": \"no\"}"))
                .isEqualTo(200);
        assertThat(cimi.json(config).path("cpu").asInt()).isEqualTo(8);
        assertThat(cimi.json(config).path("memory").asLong()).isEqualTo(2_049 * 1_024);
        var etag = cimi.get(config).header("ETag");
        assertThat(put(config, "{\"name\": \"large\", \"cpu\": 8, \"memory\": 1048576}"))
                .isEqualTo(200);
        assertThat(cimi.json(config).path("name").asString()).isEqualTo("large");
        assertThat(cimi.json(config).path("disks")).as("a whole representation").isEmpty();
        assertThat(cimi.sent("PUT", config, "{\"cpu\": 1}", "If-Match", etag).status())
                .isEqualTo(412);
        assertThat(cimi.deleted(config)).isEqualTo(200);
        assertThat(cimi.deleted(config)).isEqualTo(404);
    }

    @Test
    void a_configuration_that_is_not_the_callers_is_not_changed() {
        var small = cimi.json("/machine_configurations?$filter=name='small'").at("/machineConfigurations/0");
        assertThat(small.has("operations")).isFalse();
        assertThat(put(small.path("id").asString(), small.toString())).isEqualTo(403);
        assertThat(cimi.deleted(small.path("id").asString())).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"cpu\": 1} | Required attributes not set: name",
                "{\"name\": \"x\", \"memory\": \"much\"} | memory is 'much'",
                "{\"name\": \"x\", \"disks\": [{\"capacity\": 1}, {\"capacity\": 1}]} | one disk"
            })
    void a_configuration_that_cannot_be_is_refused(String body, String why) {
        var reply = cimi.sent("POST", "/machine_configurations", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "volumes | {\"volumeTemplate\": {\"volumeConfig\": {\"capacity\": 1}}",
                "networks | {\"networkTemplate\": {}",
                "addresses | {\"addressTemplate\": {}",
                "credentials | {\"credentialTemplate\": {}"
            })
    void what_is_said_of_things_at_accounts_is_kept_shown_and_edited(String path, String template) {
        var thing = cimi.made("/" + path, template + """
                , "name": "mine", "description": "d", "properties": {"tier": "front", "cost": "1"}}""");
        for (var shown : new String[] {thing, "/" + path + "?$filter=property%5B'tier'%5D='front'"}) {
            var document = cimi.json(shown);
            var one = shown.equals(thing) ? document : document.path(path).path(0);
            assertThat(one.path("name").asString()).isEqualTo("mine");
            assertThat(one.path("description").asString()).isEqualTo("d");
            assertThat(one.at("/properties/cost").asString()).isEqualTo("1");
        }
        assertThat(put(thing + "?$select=properties", "{\"name\": \"no\", \"properties\": {\"tier\": \"back\"}}"))
                .isEqualTo(200);
        var edited = cimi.json(thing);
        assertThat(edited.path("properties").toString()).isEqualTo("{\"tier\":\"back\"}");
        assertThat(edited.path("name").asString()).isEqualTo("mine");
        assertThat(put(thing, "{\"name\": \"other\"}")).isEqualTo(200);
        assertThat(cimi.json(thing).path("name").asString()).isEqualTo("other");
        assertThat(cimi.json(thing).has("properties")).isFalse();
        assertThat(cimi.sent(
                                "POST",
                                "/" + path,
                                template + ", \"properties\": {\"%s\": \"\"}}".formatted("k".repeat(256)))
                        .status())
                .as("nothing is made of what cannot be kept")
                .isEqualTo(400);
        assertThat(cimi.deleted(thing)).isEqualTo(200);
    }

    @Test
    void properties_are_texts_that_come_back_as_they_were_sent_in_whatever_characters() {
        var network = cimi.made("/networks", "{\"networkTemplate\": {}, \"name\": \"mine\"}");
        var config = cimi.made("/network_configurations", "{\"name\": \"c\"}");
        for (var wrong :
                new String[] {"[\"a\"]", "\"a\"", "{\"a\": {\"b\": 1}}", "{\"a\": [1]}", "{\"a\": \"\\ud800\"}"}) {
            assertThat(put(network, "{\"properties\": " + wrong + "}"))
                    .as(wrong)
                    .isEqualTo(400);
            assertThat(put(config, "{\"properties\": " + wrong + "}")).as(wrong).isEqualTo(400);
        }
        assertThat(put(network, "{\"properties\": {\"lines\": \"a\\r\\nb\\rc\"}}"))
                .isEqualTo(200);
        assertThat(lab.get(network).ann().xml().send().text()).contains("a&#13;\nb&#13;c");
        var told = lab.call(
                        "PUT",
                        network,
                        BodyPublishers.ofString(
                                "<?xml version='1.0' encoding='UTF-16'?><Machine><property key='k'>caf\u00e9</property></Machine>",
                                StandardCharsets.UTF_16))
                .with("Content-Type", "application/xml")
                .ann()
                .json()
                .send();
        assertThat(told.json().at("/properties/k").asString()).as(told.text()).isEqualTo("caf\u00e9");
        var latin = lab.call(
                        "PUT",
                        network,
                        BodyPublishers.ofString(
                                "{\"properties\": {\"k\": \"caf\u00e9\"}}", StandardCharsets.ISO_8859_1))
                .with("Content-Type", "application/json")
                .ann()
                .json()
                .send();
        assertThat(latin.status()).isEqualTo(400);
    }

    @Test
    void a_template_is_edited_whole_in_part_and_only_as_it_was_read() {
        var config = cimi.made(
                "/network_configurations", "{\"name\": \"c\", \"mtu\": \"1500\", \"networkType\": \"PRIVATE\"}");
        assertThat(cimi.json(config).path("mtu").isNumber()).isTrue();
        assertThat(cimi.sent("PUT", config + "?$select=mtu", "{\"mtu\": 9000, \"name\": \"no\"}")
                        .json()
                        .path("name")
                        .asString())
                .isEqualTo("c");
        var etag = cimi.get(config).header("ETag");
        assertThat(cimi.sent("PUT", config, "{\"name\": \"d\"}")
                        .json()
                        .path("mtu")
                        .asInt())
                .isEqualTo(9_000);
        assertThat(cimi.sent("PUT", config, "{\"name\": \"e\"}", "If-Match", etag)
                        .status())
                .isEqualTo(412);
    }

    @Test
    void what_a_configuration_lacks_is_named() {
        var reply = cimi.sent("POST", "/volume_configurations", "{\"name\": \"x\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("Required attributes not set: capacity");
        assertThat(cimi.sent("POST", "/address_templates", "{\"ip\": \"192.0.2.1\", \"mask\": \"255.255.255.0\"}")
                        .text())
                .contains("Required attributes not set: hostname, allocation, defaultGateway, dns, protocol");
    }
}
