package holdfast.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `completion`.
@Command(
        name = "completion",
        description = "Writes a script that completes commands and options in bash and zsh.",
        footer = {
            "",
            "Now, in bash:       source <(holdfast completion)",
            "Always:             holdfast completion > ~/.local/share/bash-completion/completions/holdfast",
            "In zsh, first:      autoload -U +X bashcompinit && bashcompinit",
            ""
        })
final class CompletionCommand implements Callable<Integer> {
    private final Wiring wiring;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    CompletionCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        wiring.terminal()
                .print(AutoComplete.bash("holdfast", spec.root().commandLine()).stripTrailing());
        return ExitCode.OK;
    }
}
