package holdfast.federation.buying;

import holdfast.engine.Resource;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.PeeringCourse;
import java.util.Locale;

/// States of what is bought, as they are stored.
final class Words {
    private Words() {}

    static String of(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static PurchaseCourse purchase(Resource resource) {
        return PurchaseCourse.valueOf(upper(resource));
    }

    static PeeringCourse peering(Resource resource) {
        return PeeringCourse.of(resource.state());
    }

    static ContractCourse contract(Resource resource) {
        return ContractCourse.of(resource.state());
    }

    private static String upper(Resource resource) {
        return resource.state().toUpperCase(Locale.ROOT);
    }
}
