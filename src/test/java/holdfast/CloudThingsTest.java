package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.platform.Json;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What lives at the accounts of a pool beside instances: a whole broker between a client of Deltacloud and two
/// Deltacloud servers of the same type, and one of another.
final class CloudThingsTest {
    private static final MockDeltacloud NORTH = new MockDeltacloud("mock");
    private static final MockDeltacloud SOUTH = new MockDeltacloud("mock");
    private static final MockDeltacloud EAST = new MockDeltacloud("ec2");
    private static final CloudBrokerLab LAB = new CloudBrokerLab();
    private static String north = "";
    private static String south = "";
    private static String east = "";

    @BeforeAll
    static void three_clouds() {
        EAST.features = "<feature name='firewalls' rel='create'><param name='firewalls1'/></feature>";
        north = account("mock", "north", NORTH);
        south = account("mock", "south", SOUTH);
        east = amazon();
        LAB.post("/broker/hardware_profiles", """
                {"hardware_profile": {"name": "big", "memory": {"value": "512", "unit": "MB"},
                  "cpu": {"value": "1", "unit": "count"}, "storage": {"value": "900", "unit": "GB"},
                  "architecture": {"value": "x86_64", "unit": "label"}}}
                """);
        LAB.image("web-os", Map.of(north, "img1", south, "img1", east, "img1"));
        var us = LAB.get("/broker/provider_realms?name=United%20States&provider=" + provider("north"))
                .at("/provider_realms/0/id")
                .asString();
        realm("us", "provider_realms", us);
        for (var name : List.of("north", "south", "east")) realm("in-" + name, "providers", provider(name));
    }

    private static String account(String driver, String name, MockDeltacloud there) {
        var type = LAB.get("/broker/provider_types")
                .path("provider_types")
                .valueStream()
                .filter(one -> one.path("deltacloud_driver").asString().equals(driver))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
        return LAB.account(type, name, there.url().toString(), MockDeltacloud.USER, MockDeltacloud.PASSWORD);
    }

    /// Such accounts need more credentials than others.
    private static String amazon() {
        account("ec2", "east", EAST);
        return LAB.post("/broker/provider_accounts", """
                {"provider_account": {"label": "at-east", "provider": {"id": "%s"}, "credentials": {"username": "%s",
                  "password": "%s", "account_id": "1", "x509private": "k", "x509public": "c"}}}
                """.formatted(
                                provider("east"), MockDeltacloud.USER, MockDeltacloud.PASSWORD))
                .at("/provider_account/id")
                .asString();
    }

    private static String provider(String name) {
        return LAB.get("/broker/providers")
                .path("providers")
                .valueStream()
                .filter(one -> one.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
    }

    private static void realm(String name, String field, String target) {
        var made = LAB.send("POST", "/broker/frontend_realms", "application/json", """
                {"frontend_realm": {"name": "%s", "%s": ["%s"]}}
                """.formatted(name, field, target));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        LAB.close();
        NORTH.close();
        SOUTH.close();
        EAST.close();
    }

    private static JsonNode made(String path, String fields, String... headers) {
        var answer = LAB.form(path, fields, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.tree(answer.body()).properties().iterator().next().getValue();
    }

    private static String id(JsonNode thing) {
        return thing.path("id").asString();
    }

    private static String running(String fields, String... headers) {
        var id = id(made("/api/instances", fields, headers));
        waitFor(() -> LAB.get("/api/instances/" + id)
                .path("instance")
                .path("state")
                .asString()
                .equals("RUNNING"));
        return id;
    }

    private static int status(String method, String path, String fields) {
        return LAB.send(method, path, fields.isEmpty() ? "" : "application/x-www-form-urlencoded", fields)
                .statusCode();
    }

    private static List<String> ids(String collection, String... headers) {
        return Json.tree(LAB.send("GET", "/api/" + collection, "", "", headers).body())
                .path(collection)
                .valueStream()
                .map(CloudThingsTest::id)
                .toList();
    }

    @Test
    void a_launch_carries_sizes_within_the_range_and_the_realm_of_the_provider() {
        running("image_id=web-os&name=at-us&hwp_id=big&realm_id=us");
        assertThat(NORTH.body("POST /api/instances"))
                .contains("hwp_id=m1-xlarge", "hwp_memory=7680", "hwp_storage=1024", "realm_id=us")
                .doesNotContain("hwp_cpu");
        LAB.post("/broker/hardware_profiles", """
                {"hardware_profile": {"name": "elastic", "architecture": {"value": "x86_64", "unit": "label"},
                  "memory": {"kind": "range", "first": 1024, "last": 12000, "value": 2048, "unit": "MB"}}}
                """);
        running("image_id=web-os&name=at-south&hwp_id=elastic&hwp_memory=9000&realm_id=in-south");
        assertThat(SOUTH.body("POST /api/instances"))
                .contains("hwp_memory=9000")
                .doesNotContain("realm_id");
        assertThat(status("POST", "/api/instances", "image_id=web-os&hwp_id=elastic&hwp_memory=13000"))
                .isEqualTo(400);
    }

    @Test
    void a_launch_with_user_data_goes_where_they_are_taken_or_is_refused_at_once() {
        running("image_id=web-os&name=told&user_data=aGVsbG8=");
        assertThat(EAST.body("POST /api/instances")).contains("user_data=aGVsbG8");
        var refused = LAB.form("/api/instances", "image_id=web-os&user_data=aGVsbG8=&realm_id=in-north");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(refused.body())
                .contains("at-north: feature_not_taken: the provider does not take all that is given to the instance"
                        + " (user_data)");
        assertThat(LAB.failures(north) + LAB.failures(south)).isZero();
    }

    @Test
    void a_volume_is_attached_to_an_instance_of_its_account_and_to_no_other() {
        var near = running("image_id=web-os&name=near&realm_id=in-north");
        var far = running("image_id=web-os&name=far&realm_id=in-south");
        var volume = made("/api/storage_volumes", "capacity=5&name=disk&realm_id=us");
        assertThat(id(volume)).startsWith(north + "~vol");
        assertThat(volume.path("realm").path("id").asString()).isEqualTo("us");
        assertThat(NORTH.body("POST /api/storage_volumes")).isEqualTo("capacity=5&realm_id=us&name=disk");
        var at = "/api/storage_volumes/" + id(volume);
        var elsewhere = LAB.form(at + "/attach", "device=/dev/sdb&instance_id=" + far);
        assertThat(elsewhere.statusCode()).isEqualTo(409);
        assertThat(elsewhere.body()).contains("bound_elsewhere", "belongs to another account");
        assertThat(status("POST", at + "/attach", "device=/dev/sdb&instance_id=" + near))
                .isEqualTo(202);
        assertThat(LAB.get(at).at("/storage_volume/instance/id").asString()).isEqualTo(near);
        assertThat(status("DELETE", at, "")).as("it is attached").isEqualTo(409);
        assertThat(status("POST", at + "/detach", "instance_id=" + far))
                .as("it is in another")
                .isEqualTo(409);
        assertThat(status("POST", at + "/detach", "instance_id=zzz")).isEqualTo(404);
        assertThat(LAB.get(at).at("/storage_volume/instance/id").asString()).isEqualTo(near);
        assertThat(status("POST", at + "/detach", "instance_id=" + near)).isEqualTo(202);
        assertThat(status("DELETE", at, "")).isEqualTo(204);
        assertThat(status("GET", at, "")).isEqualTo(404);
        var address = made("/api/addresses", "", "X-Deltacloud-Driver", "mock");
        var home = id(address).startsWith(north) ? near : far;
        var where = "/api/addresses/" + id(address);
        assertThat(status("POST", where + "/associate", "instance_id=" + (home.equals(near) ? far : near)))
                .isEqualTo(409);
        assertThat(status("POST", where + "/associate", "instance_id=" + home)).isEqualTo(202);
        assertThat(LAB.get(where).at("/address/instance/id").asString()).isEqualTo(home);
        var kept = LAB.send("DELETE", where, "", "");
        assertThat(kept.statusCode()).isEqualTo(409);
        assertThat(kept.body()).contains("disassociate it first");
        assertThat(status("POST", where + "/disassociate", "")).isEqualTo(202);
        assertThat(LAB.get(where).at("/address/associated").asBoolean()).isFalse();
    }

    /// What a page tells of an instance, so that a reader of XML or JSON and a person find its volumes.
    private static JsonNode volumes(String instance) {
        return LAB.get("/api/instances/" + instance).at("/instance/storage_volumes");
    }

    @Test
    void an_instance_tells_the_volumes_that_are_attached_to_it() {
        var near = running("image_id=web-os&name=stored&realm_id=in-north");
        var other = running("image_id=web-os&name=storing&realm_id=in-north");
        var volume = id(made("/api/storage_volumes", "capacity=5&realm_id=in-north"));
        var at = "/api/storage_volumes/" + volume;
        assertThat(volumes(near)).isEmpty();
        assertThat(status("POST", at + "/attach", "device=/dev/sdb&instance_id=" + near))
                .isEqualTo(202);
        var href = LAB.url(at);
        assertThat(volumes(near)).hasSize(1);
        assertThat(volumes(near).path(0)).isEqualTo(Json.tree("""
                {"id": "%s", "href": "%s", "rel": "storage_volume"}""".formatted(volume, href)));
        assertThat(LAB.send("GET", "/api/instances/" + near + "?format=xml", "", "")
                        .body())
                .contains(
                        "<storage_volumes>",
                        "<storage_volume href=\"%s\" id=\"%s\" device=\"/dev/sdb\"/>".formatted(href, volume));
        assertThat(LAB.send("GET", "/api/instances/" + near + "?format=html", "", "")
                        .body())
                .contains("<a href=\"%s\">%s</a>".formatted(href, volume));
        // at the provider somebody moves it, and adds one that nobody made here
        NORTH.rest.volumes.get(volume.substring(volume.indexOf('~') + 1)).put("instance_id", key(other));
        NORTH.rest.volumes.put("by hand", new TreeMap<>(Map.of("instance_id", key(near), "device", "/dev/sdc")));
        assertThat(ids("storage_volumes")).contains(volume);
        assertThat(volumes(other).at("/0/id").asString()).isEqualTo(volume);
        assertThat(volumes(near)).hasSize(1);
        assertThat(volumes(near).at("/0/id").asString()).startsWith(north + "~~");
        assertThat(status(
                        "GET",
                        "/api/storage_volumes/" + volumes(near).at("/0/id").asString(),
                        ""))
                .isEqualTo(200);
        long asked = NORTH.count("GET /api/storage_volumes");
        var machines = LAB.get("/cimi/machines?$expand=volumes&$filter=name=%27stored%27%20or%20name=%27storing%27");
        assertThat(machines.at("/machines").findValuesAsString("initialLocation"))
                .as("by machine")
                .containsExactly("/dev/sdc", "/dev/sdb");
        assertThat(NORTH.count("GET /api/storage_volumes") - asked)
                .as("once for all machines")
                .isEqualTo(1);
        assertThat(status("POST", at + "/detach", "")).isEqualTo(202);
        assertThat(volumes(other)).isEmpty();
        NORTH.rest.volumes.remove("by hand");
        assertThat(ids("storage_volumes")).contains(volume);
        assertThat(volumes(near)).isEmpty();
        assertThat(status("DELETE", at, "")).isEqualTo(204);
    }

    /// What the provider calls an instance.
    private static String key(String instance) {
        return LAB.get("/broker/instances/" + instance)
                .at("/instance/external_key")
                .asString();
    }

    @Test
    void a_snapshot_leads_to_a_volume_at_its_account() {
        var volume = made("/api/storage_volumes", "capacity=7&realm_id=in-east");
        var snapshot = made("/api/storage_snapshots", "volume_id=" + id(volume));
        assertThat(id(snapshot)).startsWith(east + "~snap");
        assertThat(snapshot.at("/storage_volume/id").asString()).isEqualTo(id(volume));
        var copy = made("/api/storage_volumes", "snapshot_id=" + id(snapshot));
        assertThat(id(copy)).startsWith(east + "~");
        assertThat(EAST.body("POST /api/storage_volumes")).startsWith("snapshot_id=snap");
        var torn = LAB.form("/api/storage_volumes", "realm_id=in-north&snapshot_id=" + id(snapshot));
        assertThat(torn.statusCode()).isEqualTo(409);
        assertThat(torn.body()).contains("bound_elsewhere: something that the launch names belongs to another account");
        var cannot = made("/api/storage_volumes", "capacity=1&realm_id=in-north");
        var refused = LAB.form("/api/storage_snapshots", "volume_id=" + id(cannot));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("no snapshots in this cloud");
    }

    @Test
    void a_key_that_no_account_takes_is_made_at_one_and_leads_a_launch_there() {
        var key = made("/api/keys", "name=k1", "X-Deltacloud-Driver", "mock");
        assertThat(key.path("pem_rsa_key").asString()).contains("BEGIN RSA PRIVATE KEY");
        assertThat(LAB.send("GET", "/api/keys/" + id(key), "", "").body()).doesNotContain("BEGIN RSA");
        assertThat(LAB.get("/api/keys/k1").at("/key/id").asString())
                .as("by the name that it was given")
                .isEqualTo(id(key));
        assertThat(LAB.bob("GET", "/api/keys/k1", "", "").statusCode()).isEqualTo(404);
        assertThat(status("POST", "/api/keys", "name=k1")).isEqualTo(409);
        boolean inNorth = id(key).startsWith(north);
        var there = inNorth ? NORTH : SOUTH;
        var before = there.keys.size();
        running("image_id=web-os&name=keyed&keyname=" + id(key));
        assertThat(there.body("POST /api/instances")).contains("keyname=k1");
        assertThat(there.keys).as("no key is made for an instance that has one").hasSize(before);
        var elsewhere = LAB.form(
                "/api/instances",
                "image_id=web-os&keyname=" + id(key) + "&realm_id=" + (inNorth ? "in-south" : "in-north"));
        assertThat(elsewhere.statusCode()).isEqualTo(409);
        assertThat(elsewhere.body())
                .contains("bound_elsewhere: something that the launch names belongs to another account");
        there.keys.remove("k1");
        made("/api/keys", "name=k1", "X-Deltacloud-Driver", "mock"); // it was taken away there, so the name is free
    }

    @Test
    void what_somebody_made_is_nobody_elses() {
        var ours = id(made("/api/storage_volumes", "capacity=1&realm_id=in-north"));
        var bobs = Json.tree(LAB.bob(
                                "POST",
                                "/api/storage_volumes",
                                "application/x-www-form-urlencoded",
                                "capacity=2&realm_id=in-north")
                        .body())
                .path("storage_volume");
        NORTH.rest.volumes.put("odd one:1", new TreeMap<>(Map.of("name", "made by hand")));
        assertThat(LAB.bob("GET", "/api/storage_volumes", "", "").body())
                .contains(id(bobs))
                .doesNotContain(ours, "made by hand");
        assertThat(LAB.bob("GET", "/api/storage_volumes/" + ours, "", "").statusCode())
                .isEqualTo(404);
        assertThat(LAB.bob("DELETE", "/api/storage_volumes/" + ours, "", "").statusCode())
                .isEqualTo(404);
        var key = id(made("/api/keys", "name=private", "X-Deltacloud-Driver", "mock"));
        assertThat(LAB.bob(
                                "POST",
                                "/api/instances",
                                "application/x-www-form-urlencoded",
                                "image_id=web-os&keyname=" + key)
                        .statusCode())
                .isEqualTo(404);
        assertThat(LAB.bob(
                                "POST",
                                "/api/instances",
                                "application/x-www-form-urlencoded",
                                "image_id=web-os&keyname=private")
                        .statusCode())
                .as("by the provider's word")
                .isEqualTo(404);
        assertThat(LAB.bob("GET", "/api/networks", "", "").body()).as("for all").contains("~net1");
        var seen = ids("storage_volumes");
        assertThat(seen).contains(ours, id(bobs)).allMatch(id -> id.matches("[A-Za-z0-9_.~-]{1,128}"));
        var odd = seen.stream().filter(id -> id.contains("~~")).findFirst().orElseThrow();
        assertThat(LAB.get("/api/storage_volumes/" + odd)
                        .at("/storage_volume/name")
                        .asString())
                .isEqualTo("made by hand");
        assertThat(status("DELETE", "/api/storage_volumes/" + odd, "")).isEqualTo(204);
        assertThat(NORTH.rest.volumes).doesNotContainKey("odd one:1");
    }

    @Test
    void an_account_that_is_away_hides_nothing_of_the_others() {
        var west = new MockDeltacloud("rhevm");
        account("rhevm", "west", west);
        realm("in-west", "providers", provider("west"));
        var headers = new String[] {"X-Deltacloud-Driver", "rhevm"};
        waitFor(() -> LAB.send("GET", "/api", "", "", headers).body().contains("storage_volumes"));
        west.close();
        assertThat(LAB.send("GET", "/api", "", "", headers).body())
                .as("what was known last")
                .contains("storage_volumes");
        var ours = id(made("/api/storage_volumes", "capacity=1&realm_id=in-north"));
        assertThat(ids("storage_volumes")).contains(ours);
        assertThat(LAB.send("GET", "/api/storage_volumes", "", "", headers).statusCode())
                .as("nothing is known, which is not that there is nothing")
                .isEqualTo(504);
        assertThat(LAB.send("GET", "/api/network_interfaces", "", "").statusCode())
                .as("no account has any")
                .isEqualTo(412);
    }

    @Test
    void an_image_of_an_instance_can_be_booted_at_its_account_only_until_it_is_deleted() {
        var source = running("image_id=web-os&name=source&realm_id=in-north");
        var image = made("/api/images", "name=gold&instance_id=" + source);
        assertThat(NORTH.body("POST /api/images")).contains("instance_id=inst", "name=gold");
        assertThat(ids("images")).contains(id(image));
        var elsewhere = LAB.form("/api/instances", "realm_id=in-south&image_id=" + id(image));
        assertThat(elsewhere.statusCode()).isEqualTo(409);
        assertThat(elsewhere.body())
                .contains("at-south: image_not_pushed_to_provider: the image cannot be booted there");
        var copy = running("name=copy&image_id=" + id(image));
        assertThat(NORTH.body("POST /api/instances")).contains("image_id=img2");
        var at = "/api/images/" + id(image);
        assertThat(LAB.bob("DELETE", at, "", "").statusCode()).isEqualTo(403);
        for (var path : List.of(at, "/broker/images/" + id(image))) {
            assertThat(status("DELETE", path, ""))
                    .as("there is an instance of it")
                    .isEqualTo(409);
        }
        status("POST", "/api/instances/" + copy + "/stop", "");
        waitFor(() -> status("DELETE", "/api/instances/" + copy, "") == 204);
        waitFor(() -> status("GET", "/api/instances/" + copy, "") == 404);
        assertThat(status("DELETE", at, "")).isEqualTo(204);
        assertThat(NORTH.rest.images).containsExactly("img1");
        assertThat(status("GET", at, "")).isEqualTo(404);
    }

    @Test
    void firewalls_and_load_balancers_are_where_a_type_of_clouds_has_them() {
        var headers = new String[] {"X-Deltacloud-Driver", "ec2"};
        assertThat(LAB.send("GET", "/api", "", "").body()).doesNotContain("firewalls1");
        assertThat(LAB.send("GET", "/api", "", "", headers).body()).contains("firewalls");
        var firewall = made("/api/firewalls", "name=web&description=for+all", headers);
        assertThat(id(firewall)).isEqualTo(east + "~web");
        var rule = "protocol=tcp&port_from=80&port_to=80&ip_address1=192.0.2.0/24";
        assertThat(made("/api/firewalls/" + id(firewall) + "/rules", rule)
                        .at("/rules/0/id")
                        .asString())
                .isEqualTo("r1");
        assertThat(EAST.body("POST /api/firewalls/web/rules"))
                .isEqualTo("protocol=tcp&port_from=80&port_to=80&ip_address1=192.0.2.0%2F24");
        assertThat(status("DELETE", "/api/firewalls/" + id(firewall) + "/rules/r1", ""))
                .isEqualTo(204);
        assertThat(EAST.count("DELETE /api/firewalls/web/r1")).isEqualTo(1);
        var behind = running("image_id=web-os&name=behind&firewalls1=" + id(firewall), headers);
        assertThat(EAST.body("POST /api/instances")).contains("firewalls1=web");
        assertThat(LAB.get("/api/instances/" + behind)
                        .at("/instance/firewalls/0/id")
                        .asString())
                .isEqualTo(id(firewall));
        assertThat(status("POST", "/api/instances", "image_id=web-os&firewalls1=" + id(firewall)))
                .as("not all accounts know firewalls")
                .isEqualTo(400);
        var balancer = made(
                "/api/load_balancers",
                "name=lb&realm_id=in-east&listener_protocol=HTTP&listener_balancer_port=80"
                        + "&listener_instance_port=8080",
                headers);
        assertThat(EAST.body("POST /api/load_balancers")).contains("realm_id=eu");
        assertThat(id(balancer)).as("clients go on with the name").isEqualTo("lb");
        var registered = LAB.form("/api/load_balancers/lb/register", "instance_id=" + behind);
        assertThat(registered.statusCode()).isEqualTo(200);
        assertThat(Json.tree(registered.body()).at("/load_balancer/id").asString())
                .isEqualTo("lb");
        assertThat(EAST.body("POST /api/load_balancers/lb/register")).startsWith("instance_id=inst");
        assertThat(ids("load_balancers", headers)).containsExactlyInAnyOrder("lb", east + "~lb1");
        assertThat(LAB.bob("DELETE", "/api/load_balancers/lb", "", "").statusCode())
                .isEqualTo(404);
        assertThat(status("DELETE", "/api/load_balancers/lb", "")).isEqualTo(204);
        assertThat(ids("load_balancers", headers)).containsExactly(east + "~lb1");
    }

    @Test
    void a_large_blob_passes_through_the_broker_without_being_held() {
        var bucket = "/api/buckets/" + id(made("/api/buckets", "name=b1&location=eu"));
        long length = 500_000_000;
        assertThat(length).isGreaterThan(Runtime.getRuntime().maxMemory() / 4);
        assertThat(LAB.put(bucket + "/large", new Zeros(length), length, "X-Deltacloud-Blobmeta-Of", "zeros"))
                .isEqualTo(200);
        assertThat(LAB.get(bucket + "/large").at("/blob/content_length").asLong())
                .isEqualTo(length);
        assertThat(LAB.get(bucket + "/large").at("/blob/user_metadata/of").asString())
                .isEqualTo("zeros");
        assertThat(LAB.get(bucket + "/large").at("/blob/last_modified").asString())
                .as("told as Ruby does")
                .isEqualTo("2031-02-03T10:00:00Z");
        assertThat(LAB.bytes(bucket + "/large/content")).isEqualTo(length);
        assertThat(status("DELETE", bucket, "")).as("it is not empty").isEqualTo(409);
        assertThat(LAB.put(bucket + "/unknown", new Zeros(70_000), -1))
                .as("of unknown length")
                .isEqualTo(200);
        assertThat(LAB.get(bucket + "/unknown").at("/blob/content_length").asLong())
                .isEqualTo(70_000);
        assertThat(LAB.bob("GET", bucket + "/large/content", "", "").statusCode())
                .isEqualTo(404);
        assertThat(status("DELETE", bucket + "/large", "")).isEqualTo(204);
        assertThat(status("DELETE", bucket + "/unknown", "")).isEqualTo(204);
        assertThat(status("DELETE", bucket, "")).isEqualTo(204);
    }

    @Test
    void segments_become_one_blob_and_leave_nothing_behind() {
        var bucket = "/api/buckets/" + id(made("/api/buckets", "name=b2"));
        var blob = bucket + "/parts";
        var begun = LAB.send(
                "PUT", blob, "text/plain", "", "X-Deltacloud-BlobType", "segmented", "X-Deltacloud-Blobmeta-A", "b");
        var upload = begun.headers().firstValue("X-Deltacloud-SegmentedBlob").orElseThrow();
        for (var order : List.of("2", "1"))
            assertThat(LAB.send(
                                    "PUT",
                                    blob,
                                    "text/plain",
                                    "x".repeat(10 * Integer.parseInt(order)),
                                    "X-Deltacloud-SegmentedBlob",
                                    upload,
                                    "X-Deltacloud-SegmentOrder",
                                    order)
                            .headers()
                            .firstValue("X-Deltacloud-BlobSegmentId"))
                    .contains(order);
        var lost = LAB.send("PUT", blob, "text/plain", "1=1,2=3", "X-Deltacloud-SegmentedBlob", upload);
        assertThat(lost.statusCode()).as("there is no third").isEqualTo(404);
        var whole = LAB.send("PUT", blob, "text/plain", "1=1,2=2", "X-Deltacloud-SegmentedBlob", upload);
        assertThat(whole.statusCode()).as(whole.body()).isEqualTo(200);
        assertThat(LAB.get(blob).at("/blob/content_length").asLong()).isEqualTo(30);
        assertThat(LAB.get(blob).at("/blob/user_metadata/a").asString()).isEqualTo("b");
        assertThat(LAB.get(bucket).at("/bucket/size").asInt()).isEqualTo(1);
        assertThat(status("DELETE", blob, "")).isEqualTo(204);
    }

    /// So many of them.
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long left) {
            this.left = left;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int most) {
            int got = (int) Math.min(most, left);
            left -= got;
            return got == 0 ? -1 : got;
        }
    }
}
