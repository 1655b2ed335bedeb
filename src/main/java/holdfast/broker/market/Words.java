package holdfast.broker.market;

import holdfast.engine.Resource;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.TransactionCourse;
import java.util.Locale;

/// States of roots, transactions and contracts, as they are stored.
final class Words {
    private Words() {}

    static String of(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static TransactionCourse transaction(Resource resource) {
        return TransactionCourse.valueOf(resource.state().toUpperCase(Locale.ROOT));
    }

    static ContractCourse contract(Resource resource) {
        return ContractCourse.of(resource.state());
    }
}
