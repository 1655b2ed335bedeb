package holdfast.cli;

import holdfast.cli.DemoBroker.Instance;
import java.util.List;

/// A cloud of a demo, as it is seen without the broker above it.
sealed interface DemoCloud {
    String name();

    /// The account of the broker above.
    String account();

    /// Names of those machines that are an instance of the broker above.
    ///
    /// @param above its name there
    List<String> named(String above);

    /// A server of its own.
    record Below(DemoProcess process, DemoBroker broker, String account) implements DemoCloud {
        @Override
        public String name() {
            return broker.name;
        }

        List<Instance> of(String above) {
            return broker.instances().stream().filter(one -> one.isOf(above)).toList();
        }

        @Override
        public List<String> named(String above) {
            return of(above).stream().map(Instance::name).toList();
        }
    }

    /// A real one.
    record Real(String name, DemoStack stack, String account) implements DemoCloud {
        @Override
        public List<String> named(String above) {
            return stack.servers().stream().filter(above::equals).toList();
        }
    }
}
