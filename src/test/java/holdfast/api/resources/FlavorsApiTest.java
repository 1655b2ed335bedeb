package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What administrators offer to other domains, over the native interface.
@Timeout(300)
final class FlavorsApiTest {
    private static final String FLAVORS = "/v1/flavors";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain =
            new TestDomain(test, SimulatedSettings.PERFECT, "src/test/resources/sim/lab-ad.graphml");

    private TestDomain.Reply offer(String body) {
        return domain.post(domain.admin, FLAVORS, body.replace('\'', '"'));
    }

    @Test
    void a_part_of_a_cluster_is_offered_seen_and_withdrawn() {
        var offered = offer("{'name':'edge','type':'k8slice','architecture':'arm64',"
                + "'amounts':{'cpu':'7500m','memory':'16Gi','pods':'110'},"
                + "'minimum':{'cpu':'1','memory':'1Gi','pods':'5'},'step':{'cpu':'500m','memory':'1Gi','pods':'5'},"
                + "'price':{'amount':'0.40','currency':'EUR','period':'hour'},'location':{'country':'Italy'}}");
        assertThat(offered.status()).as(offered.text()).isEqualTo(201);
        assertThat(offered.json().path("state").stringValue()).isEqualTo("listed");
        assertThat(offered.json().at("/left/cpu").stringValue()).isEqualTo("7500m");
        assertThat(offered.json().at("/offered/price/amount").stringValue()).isEqualTo("0.40");
        assertThat(offered.json().path("listing").stringValue()).startsWith("test-example-k8slice-");
        assertThat(domain.get(domain.admin, FLAVORS).json().path("data")).hasSize(1);

        var id = offered.json().path("id").stringValue();
        var withdrawn = domain.post(domain.admin, FLAVORS + "/" + id + "?action=withdraw", "{}");
        assertThat(withdrawn.status()).as(withdrawn.text()).isEqualTo(200);
        assertThat(withdrawn.json().path("state").stringValue()).isEqualTo("unlisted");
        assertThat(domain.post(domain.admin, FLAVORS + "/" + id + "?action=sell", "{}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void of_a_host_of_ours_is_offered_what_it_has_less_a_reserve_unless_said_otherwise() {
        var offered = offer("{'name':'half','hostId':'LAB-H2'}");
        assertThat(offered.status()).as(offered.text()).isEqualTo(201);
        assertThat(offered.json().at("/offered/amounts/cpu").stringValue()).isEqualTo("7");
        assertThat(offered.json().at("/offered/amounts/memory").stringValue()).isEqualTo("57Gi");
        assertThat(offered.json().at("/offered/amounts/storage").stringValue()).isEqualTo("900Gi");
        var all = offer("{'name':'all','hostId':'LAB-H2','amounts':{'cpu':'8','memory':'64Gi','pods':'10'}}");
        assertThat(all.status()).isEqualTo(201);
        var more = offer("{'name':'more','hostId':'LAB-H2','amounts':{'cpu':'9','memory':'64Gi','pods':'10'}}");
        assertThat(more.status()).isEqualTo(400);
        assertThat(more.text()).contains("amounts").contains("LAB-H2");
        assertThat(offer("{'name':'none','hostId':'LAB-H9'}").status()).isEqualTo(404);
    }

    @Test
    void machines_of_one_size_on_a_host_and_a_sensor_are_offered() {
        var machines = offer("{'name':'small','type':'vm','hostId':'LAB-H2','os':'Debian 12',"
                + "'instance':{'cpu':'2','memory':'4Gi','storage':'20Gi'}}");
        assertThat(machines.status()).as(machines.text()).isEqualTo(201);
        assertThat(machines.json().at("/left/count").stringValue())
                .as("7 cores of 8 are for sale")
                .isEqualTo("3");
        var rain = offer("{'name':'rain','type':'sensor','sensorType':'rain','methods':['GET'],'samplingRate':500}");
        assertThat(rain.status()).as(rain.text()).isEqualTo(201);
        assertThat(rain.json().path("state").stringValue()).isEqualTo("listed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | name",
                "{'name':'x'} | amounts",
                "{'name':'x','amounts':{}} | amounts",
                "{'name':'x','amounts':7} | amounts",
                "{'name':'x','amounts':{'cpu':'many'}} | amounts.cpu",
                "{'name':'x','amounts':{'cpu':'-1'}} | amounts.cpu",
                "{'name':'x','amounts':{'pods':'1500m'}} | amounts.pods",
                "{'name':'x','amounts':{'cores':'1'}} | amounts.cores",
                "{'name':'x','amounts':{'cpu':'1'},'minimum':{'cpu':'2'}} | minimum",
                "{'name':'x','amounts':{'cpu':'1'},'type':'service'} | type",
                "{'name':'x','type':'vm','count':2} | instance",
                "{'name':'x','type':'vm','count':2,'instance':{'cpu':'1500m','memory':'1Gi'}} | instance.cpu",
                "{'name':'x','type':'vm','instance':{'cpu':'1','memory':'1Gi'}} | count",
                "{'name':'x','type':'vm','count':2,'least':3,'instance':{'cpu':'1','memory':'1Gi'}} | least",
                "{'name':'x','type':'vm','count':9,'hostId':'LAB-H2','instance':{'cpu':'1','memory':'1Gi'}} | count",
                "{'name':'x','type':'sensor','sensorType':'rain'} | methods",
                "{'name':'x','type':'sensor','methods':['GET']} | sensorType",
                "{'name':'x','type':'sensor','sensorType':'rain','qos':'1','hostId':'LAB-H2'} | hostId",
                "{'name':'x','amounts':{'cpu':'1'},'price':{'amount':'free','currency':'EUR','period':'hour'}} | price.amount",
                "{'name':'x','amounts':{'cpu':'1'},'price':{'amount':'1'}} | price.currency",
                "{'name':'x','amounts':{'cpu':'1'},'colour':'red'} | colour"
            })
    void what_is_wrong_is_named_and_nothing_is_offered(String body, String field) {
        var refused = offer(body);
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.text()).contains(field);
        assertThat(domain.get(domain.admin, FLAVORS).json().path("data")).isEmpty();
    }

    @Test
    void only_administrators_offer() {
        var refused = domain.post(TestDomain.ALICE, FLAVORS, "{\"name\":\"x\",\"hostId\":\"LAB-H2\"}");
        assertThat(refused.status()).isEqualTo(403);
    }
}
