package holdfast.drivers.kubernetes;

import holdfast.authority.Driver.Result;
import holdfast.authority.Fabric;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Something done in steps, each of which may be done again: always from the first, as far as it goes.
///
/// @param with who the other side is, in words
record Steps(String with, List<Step> steps) {
    /// @param work what it still waits for; empty = done
    record Step(String name, Supplier<Optional<String>> work) {
        /// One that waits for nothing.
        static Step once(String name, Runnable work) {
            return new Step(name, () -> {
                work.run();
                return Optional.empty();
            });
        }
    }

    Result walk(Supplier<Map<String, String>> facts) {
        var at = "first";
        try {
            for (var step : steps) {
                at = step.name();
                var waiting = step.work().get();
                if (waiting.isPresent()) {
                    return new Result.Later(where(at) + waiting.get(), Optional.of(Fabric.POLL));
                }
            }
            return new Result.Done(facts.get());
        } catch (ClusterException e) {
            return switch (e.sort()) {
                case LATER -> new Result.Later(where(at) + e.getMessage(), Optional.of(Fabric.POLL));
                case DENIED, NEVER -> new Result.Failed(where(at) + e.getMessage());
            };
        }
    }

    /// A step that is done by others.
    static Optional<String> waiting(Result result) {
        return switch (result) {
            case Result.Done _ -> Optional.empty();
            case Result.Later(var what, var _) -> Optional.of(what);
            case Result.Failed(var why) -> throw ClusterException.never(why);
        };
    }

    private String where(String step) {
        return with + ", step " + step + ": ";
    }
}
