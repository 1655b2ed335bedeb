package holdfast.drivers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Fabric.Agreed;
import holdfast.core.Quantity;
import holdfast.drivers.kubernetes.SliceAdmission.Asked;
import holdfast.drivers.kubernetes.SliceAdmission.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SliceAdmissionTest {
    private static final List<Agreed> LIVE = List.of(
            new Agreed("c1", "anna", amounts("2", "4Gi")),
            new Agreed("c2", "anna", amounts("500m", "1Gi")),
            new Agreed("c3", "bert", amounts("8", "64Gi")));

    @Test
    void a_slice_gets_what_its_contract_has_and_may_ask_for_less() {
        assertThat(each("anna", "c1", "holdfast", "2", "4Gi")).isEqualTo(new Verdict.Admitted());
        assertThat(each("anna", "c1", "holdfast", "2000m", "4096Mi")).isEqualTo(new Verdict.Admitted());
        assertThat(each("anna", "c1", "holdfast", "1", "1Gi")).isEqualTo(new Verdict.Admitted());
    }

    @Test
    void more_than_the_contract_another_buyers_and_none_are_denied() {
        assertThat(each("anna", "c1", "holdfast", "2001m", "4Gi"))
                .isEqualTo(new Verdict.Denied("more than the contract has: cpu 2 of 2001m"));
        assertThat(each("anna", "c3", "holdfast", "1", "1Gi"))
                .isEqualTo(new Verdict.Denied("there is no live contract of anna for slice c3"));
        assertThat(each("anna", "mine", "holdfast", "1", "1Gi")).isInstanceOf(Verdict.Denied.class);
        assertThat(each("carl", "c1", "holdfast", "1", "1Gi")).isInstanceOf(Verdict.Denied.class);
        assertThat(SliceAdmission.of(
                        new Asked("anna", "c1", "holdfast", Map.of("nvidia.com/gpu", Quantity.of(1))),
                        LIVE,
                        Optional.empty()))
                .isInstanceOf(Verdict.Denied.class);
    }

    @Test
    void what_liqo_admits_by_itself_is_cordoned_unless_a_contract_has_it() {
        assertThat(each("anna", "c1", "default", "1", "1Gi")).isEqualTo(new Verdict.Admitted());
        assertThat(each("anna", "mine", "default", "1", "1Gi")).isInstanceOf(Verdict.Cordoned.class);
        assertThat(each("anna", "c1", "default", "9", "1Gi")).isInstanceOf(Verdict.Cordoned.class);
        assertThat(each("anna", "mine", "gold", "1", "1Gi")).isInstanceOf(Verdict.NotOurs.class);
    }

    @Test
    void where_nobody_is_kept_within_what_is_admitted_nothing_is() {
        var loose = Optional.of("limits are enforced by nobody");
        assertThat(SliceAdmission.of(new Asked("anna", "c1", "holdfast", amounts("2", "4Gi")), LIVE, loose))
                .isEqualTo(new Verdict.Denied("limits are enforced by nobody"));
        assertThat(SliceAdmission.of(new Asked("anna", "c1", "default", amounts("2", "4Gi")), LIVE, loose))
                .isEqualTo(new Verdict.Cordoned("limits are enforced by nobody"));
        assertThat(SliceAdmission.of(new Asked("anna", "c9", "holdfast", amounts("2", "4Gi")), LIVE, loose))
                .isEqualTo(new Verdict.Denied("there is no live contract of anna for slice c9"));
    }

    private static Verdict each(String buyer, String name, String sort, String cpu, String memory) {
        return SliceAdmission.of(new Asked(buyer, name, sort, amounts(cpu, memory)), LIVE, Optional.empty());
    }

    private static Map<String, Quantity> amounts(String cpu, String memory) {
        return Map.of(
                "cpu", Quantity.of(cpu).orThrow(), "memory", Quantity.of(memory).orThrow());
    }
}
