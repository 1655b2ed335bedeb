package holdfast.orchestrator.intents;

import holdfast.core.Quantity;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An intent, whatever it was written in.
///
/// @param name 3 to 80 characters
/// @param parts names distinct; with the services 1 to [#MOST_PARTS]
/// @param length for how long it shall run
/// @param notBefore when it may begin at the earliest
/// @param deadline when all of it must run
/// @param keepPartial whether the rest shall stay when a part cannot be had
/// @param services that are bought of other domains for what runs, with names that no part has
public record Intent(
        String name,
        Form form,
        Objective objective,
        List<Part> parts,
        Optional<Duration> length,
        Optional<Instant> notBefore,
        Optional<Instant> deadline,
        boolean keepPartial,
        List<Service> services) {
    public static final int MOST_PARTS = 32;

    public Intent {
        parts = List.copyOf(parts);
        services = services == null ? List.of() : List.copyOf(services); // stored before there were any
    }

    /// One that needs no services.
    public Intent(
            String name,
            Form form,
            Objective objective,
            List<Part> parts,
            Optional<Duration> length,
            Optional<Instant> notBefore,
            Optional<Instant> deadline,
            boolean keepPartial) {
        this(name, form, objective, parts, length, notBefore, deadline, keepPartial, List.of());
    }

    /// A service that somebody else runs.
    ///
    /// @param category such as `message-queue`
    /// @param tag that it must have
    public record Service(String name, String category, Optional<String> tag) {}

    /// What it was written in.
    public enum Form {
        ANNOTATED("annotated manifest"),
        PLAIN("plain manifest"),
        MSPL("MSPL"),
        SHORT("short form");

        private final String word;

        Form(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /// Where a part may run.
    public enum Within {
        HERE,
        ANYWHERE,
        OUTSIDE
    }

    /// @param cpu CPUs
    /// @param memory bytes
    /// @param disk bytes
    /// @param gpus whole devices, at most 8
    public record Size(Quantity cpu, Quantity memory, Quantity disk, int gpus) {

        /// For who says nothing of it.
        static final Size SMALL = new Size(Quantity.of(1), Quantity.ofGibi(2), Quantity.ofGibi(10), 0);
    }

    /// What runs on one machine.
    ///
    /// @param image what to boot; what the site usually boots, if empty
    /// @param hard must be met
    /// @param soft should be met
    /// @param kept what is said of it that nobody looks at before it runs, such as `throughput`
    /// @param manifest what runs of it where it comes to a cluster
    public record Part(
            String name,
            Size size,
            Optional<String> image,
            Within within,
            List<Constraint> hard,
            List<Constraint> soft,
            Map<String, String> kept,
            Optional<String> manifest) {
        public Part {
            hard = List.copyOf(hard);
            soft = List.copyOf(soft);
            kept = Map.copyOf(kept);
        }

        /// A machine.
        public Part(
                String name,
                Size size,
                Optional<String> image,
                Within within,
                List<Constraint> hard,
                List<Constraint> soft,
                Map<String, String> kept) {
            this(name, size, image, within, hard, soft, kept, Optional.empty());
        }
    }
}
