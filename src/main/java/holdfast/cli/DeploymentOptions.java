package holdfast.cli;

import holdfast.platform.Json;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// What a deployment is to be.
final class DeploymentOptions {
    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "The deployable in XML; - reads standard input.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--deployable", paramLabel = "NAME", description = "One that is kept, instead of a file.")
    private Optional<String> deployable = Optional.empty();

    @Mixin
    private InPool pool = new InPool();

    @Option(names = "--realm", paramLabel = "REALM", description = "Where. Default: anywhere.")
    private Optional<String> realm = Optional.empty();

    /// The fields of a request.
    ObjectNode fields(Broker broker) {
        if (file.isPresent() == deployable.isPresent())
            throw new CliException(ExitCode.USAGE, "say what is to be made: either --file or --deployable");
        var fields = Json.object();
        file.ifPresent(path -> fields.put("deployable_xml", Inputs.text(path)));
        var in = pool.id(broker);
        deployable
                .map(one -> DeployableCommands.id(broker, one, in))
                .ifPresent(id -> fields.putObject("deployable").put("id", id));
        fields.putObject("pool").put("id", in);
        broker.id(Broker.REALMS, realm)
                .ifPresent(id -> fields.putObject("frontend_realm").put("id", id));
        return fields;
    }
}
