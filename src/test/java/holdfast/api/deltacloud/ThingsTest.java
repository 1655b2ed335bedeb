package holdfast.api.deltacloud;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.orchestrator.instances.AccountThings;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What lives at accounts: keys, addresses, volumes, snapshots, firewalls, load balancers, networks, metrics.
@Timeout(300)
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

    private static DeltacloudLab.Reply post(String target, String form) {
        return lab.post(target, form).ann().xml().send();
    }

    private static String made(String target, String form) {
        var reply = post(target, form);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.header("Location")).isEqualTo(reply.xml("/*/@href")).endsWith(reply.xml("/*/@id"));
        return reply.xml("/*/@id");
    }

    private static int deleted(String target) {
        return lab.call("DELETE", target).ann().xml().send().status();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys",
                "addresses",
                "storage_volumes",
                "storage_snapshots",
                "firewalls",
                "load_balancers",
                "networks",
                "subnets",
                "network_interfaces",
                "buckets",
                "metrics"
            })
    void each_collection_is_offered_listed_and_guarded(String name) {
        assertThat(lab.get("").xml().send().xml("/api/link[@rel='" + name + "']/@href"))
                .isEqualTo(lab.root() + "/" + name);
        assertThat(lab.get("/" + name).xml().send().status()).isEqualTo(401);
        assertThat(lab.get("/" + name).ann().xml().send().xml("name(/*)")).isEqualTo(name);
        assertThat(lab.get("/" + name).ann().json().send().json().at("/" + name).isArray())
                .isTrue();
        assertThat(lab.get("/" + name + "/none").ann().json().send().status()).isEqualTo(404);
        assertThat(lab.get("/" + name + "?format=html").ann().send().status()).isEqualTo(200);
    }

    @Test
    void a_key_is_made_shown_and_deleted() {
        var reply = post("/keys", "name=k1");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.xml("/key/@type")).isEqualTo("key");
        assertThat(reply.xml("/key/pem")).isEqualTo("-----BEGIN <]]> KEY-----");
        assertThat(reply.xml("/key/actions/link[@rel='destroy']/@method")).isEqualTo("delete");
        var id = reply.xml("/key/@id");
        assertThat(id).isEqualTo(MemoryAccounts.FIRST + "~k1");
        var json = lab.get("/keys/" + id).ann().json().send().json().at("/key");
        assertThat(json.at("/credential_type").asString()).isEqualTo("key");
        assertThat(json.at("/pem_rsa_key").asString()).startsWith("-----BEGIN");
        assertThat(post("/keys", "name=k1").status()).isEqualTo(409);
        assertThat(post("/instances", "image_id=web-os&keyname=" + id).xml("//keyname"))
                .isEqualTo(id);
        assertThat(lab.cloud.launches.getLast().tied())
                .as("whether a key ties it to its account is for the pool to say")
                .isEmpty();
        assertThat(deleted("/keys/" + id)).isEqualTo(204);
        assertThat(deleted("/keys/" + id)).isEqualTo(404);
    }

    @Test
    void an_address_is_associated_and_freed() {
        var instance = lab.launched();
        var id = made("/addresses", "");
        assertThat(lab.get("/addresses/" + id)
                        .ann()
                        .json()
                        .send()
                        .json()
                        .at("/address/associated")
                        .asBoolean())
                .isFalse();
        var bound = post("/addresses/" + id + "/associate", "instance_id=" + instance);
        assertThat(bound.status()).isEqualTo(202);
        assertThat(bound.xml("/address/instance/@id")).isEqualTo(instance);
        assertThat(bound.xml("/address/actions/link/@rel")).isEqualTo("disassociate");
        assertThat(lab.get("/addresses/" + id)
                        .ann()
                        .json()
                        .send()
                        .json()
                        .at("/address/associated")
                        .asBoolean())
                .isTrue();
        assertThat(post("/addresses/" + id + "/disassociate", "").status()).isEqualTo(202);
        assertThat(deleted("/addresses/" + id)).isEqualTo(204);
    }

    @Test
    void a_volume_is_attached_where_its_account_is() {
        var instance = lab.launched();
        var id = made("/storage_volumes", "capacity=5&name=data&realm_id=europe");
        var other = UUID.fromString(lab.launched());
        ACCOUNTS.elsewhere.add(other);
        var refused = post("/storage_volumes/" + id + "/attach", "instance_id=" + other + "&device=/dev/sdc");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.xml("/error/message")).contains("another account");
        assertThat(post("/storage_volumes/" + id + "/attach", "instance_id=" + instance)
                        .status())
                .isEqualTo(400);
        var attached = post("/storage_volumes/" + id + "/attach", "instance_id=" + instance + "&device=/dev/sdc");
        assertThat(attached.status()).isEqualTo(202);
        assertThat(attached.xml("/storage_volume/mount/instance/@id")).isEqualTo(instance);
        assertThat(attached.xml("/storage_volume/mount/device/@name")).isEqualTo("/dev/sdc");
        assertThat(attached.xml("/storage_volume/capacity[@unit='GB']")).isEqualTo("5");
        var json = lab.get("/storage_volumes/" + id).ann().json().send().json().at("/storage_volume");
        assertThat(json.at("/capacity").isInt()).isTrue();
        assertThat(json.at("/instance/id").asString()).isEqualTo(instance);
        assertThat(json.at("/actions/0/rel").asString()).isEqualTo("detach");
        assertThat(post("/storage_volumes/" + id + "/detach", "").status()).isEqualTo(202);
        var snapshot = made("/storage_snapshots", "volume_id=" + id);
        assertThat(lab.get("/storage_snapshots/" + snapshot).ann().xml().send().xml("//storage_volume/@id"))
                .isEqualTo(id);
        assertThat(deleted("/storage_snapshots/" + snapshot)).isEqualTo(204);
        assertThat(deleted("/storage_volumes/" + id)).isEqualTo(204);
        assertThat(post("/storage_volumes", "capacity=-1").status()).isEqualTo(400);
    }

    @Test
    void a_firewall_has_rules() {
        var id = made("/firewalls", "name=fw&description=for%20all");
        var path = "/firewalls/" + id;
        var rule = "protocol=tcp&port_from=22&port_to=22&";
        assertThat(post(path + "/rules", rule).status()).isEqualTo(400);
        assertThat(post(path + "/rules", rule + "ip_address1=example.org").status())
                .isEqualTo(400);
        assertThat(post(path + "/rules", rule + "ip_address1=192.0.2.0/33").status())
                .isEqualTo(400);
        assertThat(post(path + "/rules", rule.replace("tcp", "sctp") + "ip_address1=::/0")
                        .status())
                .isEqualTo(400);
        assertThat(post(path + "/rules", rule.replace("from=22", "from=30") + "ip_address1=::/0")
                        .text())
                .contains("below port_from");
        var made = post(path + "/rules", rule + "ip_address1=192.0.2.0/24&ip_address2=::/0&group1=g&group1owner=o");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.xml("//rule/allow_protocol")).isEqualTo("tcp");
        assertThat(made.xml("//source[1]/@prefix")).isEqualTo("24");
        assertThat(made.xml("//source[2]/@family")).isEqualTo("ipv6");
        assertThat(made.xml("//source[3][@type='group']/@owner")).isEqualTo("o");
        assertThat(made.xml("/firewall/actions/link[@rel='update']/@href")).isEqualTo(lab.root() + path + "/rules");
        assertThat(lab.get(path)
                        .ann()
                        .json()
                        .send()
                        .json()
                        .at("/firewall/rules/0/sources/0/address")
                        .asString())
                .isEqualTo("192.0.2.0");
        var href = made.xml("//rule/@href");
        assertThat(deleted(href)).isEqualTo(204);
        assertThat(deleted(href)).isEqualTo(404);
        var second = post(path + "/rules", rule + "group1=g&group1owner=o").xml("//rule/@id");
        assertThat(deleted(path + "/rule?rule_id=" + second)).isEqualTo(204);
        var launched = post("/instances", "image_id=web-os&firewalls1=" + id);
        assertThat(launched.status()).isEqualTo(201);
        assertThat(lab.cloud.launches.getLast().extras()).isEqualTo(Map.of("firewalls1", id));
        assertThat(launched.xml("/instance/firewalls/firewall/@id")).isEqualTo(id);
        assertThat(launched.xml("/instance/firewalls/firewall/@href")).isEqualTo(lab.root() + path);
        assertThat(deleted(path)).isEqualTo(204);
    }

    @Test
    void a_load_balancer_has_instances() {
        var instance = lab.launched();
        var form =
                "name=lb&realm_id=europe&listener_protocol=HTTP&listener_balancer_port=80&listener_instance_port=8080";
        var path = "/load_balancers/" + made("/load_balancers", form);
        var with = post(path + "/register", "instance_id=" + instance);
        assertThat(with.status()).isEqualTo(200);
        assertThat(with.xml("//instance/link/@rel")).isEqualTo("unregister");
        assertThat(with.xml("//listener[@protocol='HTTP']/instance_port")).isEqualTo("8080");
        var without =
                lab.call("POST", with.xml("//instance/link/@href")).ann().xml().send();
        assertThat(without.xml("count(//instance)")).isEqualTo("0");
        assertThat(post("/load_balancers", form.replace("HTTP", "SMTP")).xml("//message"))
                .isEqualTo("Parameter 'listener_protocol' is 'SMTP', which is none of [HTTP, TCP]");
        assertThat(deleted(path)).isEqualTo(204);
    }

    @Test
    void networks_have_subnets_and_these_have_interfaces() {
        var network = made("/networks", "address_block=10.0.0.0/16&name=n");
        var subnet = made("/subnets", "network_id=" + network + "&address_block=10.0.0.0/24");
        assertThat(lab.get("/subnets/" + subnet)
                        .ann()
                        .json()
                        .send()
                        .json()
                        .at("/subnet/type")
                        .asString())
                .isEqualTo("dhcp");
        var nic = made("/network_interfaces", "instance=" + lab.launched() + "&network=" + subnet);
        var shown = lab.get("/network_interfaces/" + nic).ann().xml().send();
        assertThat(shown.xml("//network[@rel='subnet']/@id")).isEqualTo(subnet);
        assertThat(lab.get("/networks/" + network).ann().xml().send().xml("//address_blocks/address_block"))
                .isEqualTo("10.0.0.0/16");
        for (var path : new String[] {"/network_interfaces/" + nic, "/subnets/" + subnet, "/networks/" + network})
            assertThat(deleted(path)).isEqualTo(204);
    }

    @Test
    void metrics_tell_samples_and_nothing_that_is_no_word() {
        ACCOUNTS.measure(UUID.fromString(lab.launched()));
        var reply =
                lab.get("/metrics/" + MemoryAccounts.FIRST + "~m").ann().xml().send();
        assertThat(reply.xml("/metric/properties/cpuUtilization/sample/property[@name='average']/@value"))
                .isEqualTo("3");
        assertThat(reply.xml("count(/metric/properties/*)")).isEqualTo("1");
    }

    @Test
    void an_image_is_made_of_an_instance_and_deleted() {
        var id = lab.launched();
        var href = lab.get("/instances/" + id).ann().xml().send().xml("//link[@rel='create_image']/@href");
        assertThat(href).isEqualTo(lab.root() + "/images;instance_id=" + id);
        var made = lab.post(href, "name=mine").ann().xml().send();
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.xml("/image/name")).isEqualTo("mine");
        assertThat(deleted("/images/" + made.xml("/image/@id"))).isEqualTo(204);
        assertThat(deleted("/images/web-os")).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"PATCH,/keys", "PUT,/keys", "DELETE,/keys", "POST,/keys/x", "POST,/metrics", "PUT,/instances/x"})
    void what_is_not_served_says_what_is(String method, String target) {
        var reply = lab.call(method, target).ann().xml().send();
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).startsWith("OPTIONS,GET");
    }

    @Test
    void a_firewall_is_not_ignored_where_no_account_knows_it() {
        var before = ACCOUNTS.offer;
        try {
            ACCOUNTS.offer = new AccountThings.Offer(Set.of("keys"), Map.of());
            assertThat(post("/instances", "image_id=web-os&firewalls1=f").status())
                    .isEqualTo(400);
            assertThat(lab.get("/firewalls").ann().xml().send().status()).isEqualTo(412);
        } finally {
            ACCOUNTS.offer = before;
        }
    }
}
