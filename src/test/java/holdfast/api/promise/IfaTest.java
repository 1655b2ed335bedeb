package holdfast.api.promise;

import static holdfast.api.promise.PromiseDomain.ALICE;
import static holdfast.api.promise.PromiseDomain.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.promise.PromiseDomain.Reply;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(300)
class IfaTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final PromiseDomain domain = new PromiseDomain(test);

    private final Recording recording = new Recording();
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(24, ChronoUnit.HOURS);
    private final String when = "'startTime': '" + start + "', 'endTime': '" + start.plusSeconds(3_600) + "'";

    @BeforeEach
    void addCloud() {
        domain.addCloud("lab");
    }

    private Reply sends(int status, String method, String path, String body) {
        var reply = recording.add("", method + " " + path + "\n" + body, domain.send(ALICE, method, path, body));
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        return reply;
    }

    private long available(String kind, String type, String zone) {
        var query = "{" + zone + "'" + kind + "ResourceTypeId': '" + type + "', 'timePeriod': {"
                + when.replace("end", "stop") + "}}";
        var told = sends(200, "POST", "/capacity/" + kind + "/query", query).get("capacityInformation");
        assertThat(told.get("available").longValue()
                        + told.get("reserved").longValue()
                        + told.get("allocated").longValue())
                .isEqualTo(told.get("total").longValue());
        return told.get("available").longValue();
    }

    @Test
    void compute_network_and_storage_are_reserved_queried_changed_ended_and_told() {
        var made = sends(
                201,
                "POST",
                "/reservation/compute/create",
                "{" + when
                        + ", 'zoneId': 'north', 'computePoolReservation': {'numCpuCores': 8, 'numVcInstances': 2, 'virtualMemSize': 4}}");
        var id = made.json().at("/reservationData/reservationId").stringValue();
        assertThat(made.json().at("/reservationData/computePoolReserved/zoneId").stringValue())
                .isEqualTo("lab/north");
        assertThat(available("compute", "cpuCores", "'zoneId': 'north', ")).isEqualTo(24);
        sends(
                201,
                "POST",
                "/reservation/subscribe",
                "{'inputFilter': [{'reservationId': '" + id + "'}], 'callback': 'http://127.0.0.1:9/heard'}");
        sends(
                201,
                "POST",
                "/reservation/compute/update",
                "{'reservationId': '" + id + "', 'computePoolReservation': {'numCpuCores': 12}}");
        assertThat(available("compute", "cpuCores", "'zoneId': 'north', ")).isEqualTo(20);
        var found = sends(
                200,
                "GET",
                "/reservation/compute/query",
                "{'queryReservationFilter': [{'reservationId': '" + id + "'}]}");
        assertThat(found.json()
                        .at("/queryResult/0/computePoolReserved/numCpuCores")
                        .longValue())
                .isEqualTo(12);
        assertThat(found.json()
                        .at("/queryResult/0/computePoolReserved/virtualMemSize")
                        .longValue())
                .isEqualTo(4);
        assertThat(domain.get(ALICE, "/reservation/compute/query?reservationId=" + id)
                        .text())
                .isEqualTo(found.text());
        assertThat(domain.get(BOB, "/reservation/compute/query?reservationId=" + id)
                        .status())
                .isEqualTo(404);

        var containers = sends(
                201,
                "POST",
                "/reservation/compute/create",
                "{" + when
                        + ", 'virtualizationContainerReservation': [{'containerId': 'a', 'containerFlavor': {'flavorId': 'large'}},"
                        + " {'containerId': 'b', 'containerFlavor': {'virtualCpu': {'numVirtualCpu': 4}, 'virtualMemory': {'virtualMemSize': 8}}}]}");
        assertThat(containers.json().at("/reservationData/virtualizationContainerReserved"))
                .hasSize(2);

        var network = sends(
                201,
                "POST",
                "/reservation/network/create",
                "{" + when + ", 'networkReservation': {'numPublicIps': 3}}");
        assertThat(available("network", "publicIps", "")).isEqualTo(5);
        var storage = sends(
                201,
                "POST",
                "/reservation/storage/create",
                "{" + when + ", 'storagePoolReservation': {'storageSize': 100, 'numVolumes': 2, 'numSnapshots': 1}}");
        assertThat(storage.json()
                        .at("/reservationData/storagePoolReserved/storageSize")
                        .longValue())
                .isEqualTo(100);
        assertThat(domain.get(ALICE, "/reservation/storage/query").get("queryResult"))
                .hasSize(1);

        sends(409, "POST", "/reservation/network/create", "{" + when + ", 'networkReservation': {'numPublicIps': 6}}");
        for (var one : new Reply[] {made, network, storage}) {
            var reservation = one.json().at("/reservationData/reservationId").stringValue();
            assertThat(domain.send(ALICE, "DELETE", "/reservation/compute/" + reservation, "")
                            .get("reservationId")
                            .stringValue())
                    .isEqualTo(reservation);
        }
        assertThat(available("network", "publicIps", "")).isEqualTo(8);
        recording.check("ifa");
    }

    @Test
    void capacity_is_asked_for_by_body_or_parameters_and_by_criteria() {
        var asked = "/capacity/compute/query?zoneId=north&computeResourceTypeId=cpuCores&timePeriod.startTime=" + start
                + "&timePeriod.stopTime=" + start.plusSeconds(60) + "&attributeSelector=total";
        var told = domain.get(ALICE, asked);
        assertThat(told.get("capacityInformation").toString()).as(told.text()).isEqualTo("{\"total\":32}");
        var fits = domain.send(
                ALICE,
                "GET",
                "/capacity/compute/query",
                "{'resourceCriteria': {'virtualCPU': {'numVirtualCpu': 16}, 'virtualMemory': {'virtualMemSize': 1}}}");
        assertThat(fits.json().at("/capacityInformation/available").longValue())
                .as(fits.text())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST | /capacity/compute/subscribe | {'callback': 'http://h/x'} | 400 | computeResourceTypeId is missing",
                "POST | /capacity/compute/subscribe | {'computeResourceTypeId': 'vcInstances'} | 400 | callback is missing",
                "POST | /capacity/compute/subscribe | {'computeResourceTypeId': 'x', 'callback': 'http://h/x'} | 400 | there are: cpuCores",
                "POST | /capacity/compute/query | {'zoneId': 'west', 'computeResourceTypeId': 'vcInstances'} | 404 | west",
                "POST | /capacity/compute/query | {} | 400 | computeResourceTypeId is missing",
                "GET | /capacity/power/query | {} | 404 | compute, network, storage",
                "GET | /capacity/compute | {} | 404 | nothing",
                "POST | /reservation/compute/create | {} | 400 | computePoolReservation is missing",
                "POST | /reservation/compute/create | {'zoneId': 'west', 'computePoolReservation': {'numCpuCores': 1}} | 404 | west",
                "POST | /reservation/compute/create | {'computePoolReservation': {'numCpuCores': 'x'}} | 400 | numCpuCores",
                "POST | /reservation/compute/create | [1] | 400 | object",
                "PUT | /reservation/compute/create | {} | 405 | POST",
                "POST | /reservation/subscribe | {'callback': 'http://h/x'} | 400 | inputFilter is missing",
                "POST | /reservation/compute/update | {'reservationId': 'x'} | 404 | x",
                "DELETE | /reservation/compute/x | {} | 404 | x",
            })
    void what_is_wrong_is_told_with_its_status(String method, String path, String body, int status, String message) {
        var refused = domain.send(ALICE, method, path, body);
        assertThat(refused.status()).as(refused.text()).isEqualTo(status);
        assertThat(refused.get("error").asString("")).contains(message);
        assertThat(domain.send("", method, path, body).status()).isEqualTo(401);
    }

    @Test
    void changes_of_capacity_are_subscribed_to_with_a_threshold() {
        var made = domain.send(
                ALICE,
                "POST",
                "/capacity/compute/subscribe",
                "{'zoneId': 'north', 'computeResourceTypeId': 'vcInstances', 'threshold': {'thresholdType': 'absoluteValue',"
                        + " 'threshold': {'capacity_info': 'available', 'condition': 'lt', 'value': 3}}, 'callback': 'http://127.0.0.1:9/heard'}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        var id = made.get("capacityChangeSubscriptionId").asString("");
        assertThat(domain.ask(ALICE, "unsubscribe", "{'subscription-id': '" + id + "'}")
                        .result())
                .isEqualTo("ok");
        assertThat(domain.ask(ALICE, "unsubscribe", "{'subscription-id': '" + id + "'}")
                        .result())
                .isEqualTo("error");
    }
}
