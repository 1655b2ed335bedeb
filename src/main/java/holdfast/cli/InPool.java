package holdfast.cli;

import picocli.CommandLine.Option;

/// The pool that something is to be in.
final class InPool {
    @Option(names = "--pool", paramLabel = "POOL", description = "In which pool. Default: the pool default.")
    private String pool = "default";

    /// As it was given.
    String name() {
        return pool;
    }

    String id(Broker broker) {
        return broker.id(Broker.POOLS, pool);
    }
}
