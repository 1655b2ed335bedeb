package holdfast.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/// A command that asks the server.
abstract class RemoteCommand implements Callable<Integer> {
    @Mixin
    final ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    final OutputOptions output = new OutputOptions();

    final Wiring wiring;

    RemoteCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    Terminal terminal() {
        return wiring.terminal();
    }

    Client client() {
        return connection.client(wiring);
    }
}
