package holdfast.drivers.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;

/// Boots the tiny guest in both accelerators at once and keeps what came of it.
///
/// A KVM that opens may still hang a guest in its first instructions, so it has until emulation is up, and two seconds
/// more: one that is slower than emulation is of no use. Both are slow alike on a busy host.
///
/// @param conditions boot of the host, version of QEMU and guest, for which it holds
/// @param accelerator `kvm`, `tcg`, or empty if neither works
/// @param millis how long the boot took
/// @param why the last words of QEMU, if neither works
record Trial(String conditions, String accelerator, long millis, String why) {
    private static final Duration KVM_AFTER_TCG = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /// What was kept in `file`, or a trial without accelerator if that was under other conditions.
    static Trial read(Path file, String conditions) throws IOException {
        try {
            if (Files.exists(file)) {
                var kept = Json.read(Files.readString(file), Trial.class);
                if (kept.conditions.equals(conditions)) return kept;
            }
        } catch (JacksonException _) {
            // Half-written; made again.
        }
        return new Trial(conditions, "", 0, "not tried");
    }

    static Trial run(Path qemu, Guest guest, String conditions, InstantSource clock) throws IOException {
        var boots = new ArrayList<Boot>();
        try {
            var tcg = new Boot(qemu, guest, "tcg", clock);
            boots.add(tcg);
            if (Files.isWritable(Path.of("/dev/kvm"))) {
                var kvm = new Boot(qemu, guest, "kvm", clock);
                boots.add(kvm);
                within(LIMIT, CompletableFuture.anyOf(kvm.up, tcg.up));
                if (within(tcg.up.isDone() ? KVM_AFTER_TCG : Duration.ofMillis(1), kvm.up))
                    return kvm.worked("kvm", conditions);
            }
            if (within(LIMIT, tcg.up)) return tcg.worked("tcg", conditions);
            return new Trial(conditions, "", 0, tcg.last.isEmpty() ? "it said nothing" : tcg.last);
        } finally {
            boots.forEach(boot -> boot.process.destroyForcibly());
        }
    }

    private static boolean within(Duration limit, CompletableFuture<?> up) {
        try {
            return Boolean.TRUE.equals(up.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// One guest without devices, our child, ended with the trial.
    private static final class Boot {
        private final InstantSource clock;
        private final Instant started;
        private final Process process;
        private final CompletableFuture<Boolean> up = new CompletableFuture<>();
        private volatile String last = "";
        private volatile long millis;

        Boot(Path qemu, Guest guest, String accelerator, InstantSource clock) throws IOException {
            this.clock = clock;
            this.started = clock.instant();
            var words = new ArrayList<>(List.of(qemu.toString(), "-nodefaults", "-no-user-config", "-display", "none"));
            words.addAll(CommandLine.accelerator(accelerator, ""));
            words.addAll(List.of("-m", "96", "-no-reboot", "-serial", "stdio"));
            words.addAll(List.of(
                    "-kernel",
                    guest.kernel().toString(),
                    "-initrd",
                    guest.initrd().toString()));
            process = new ProcessBuilder(words).redirectErrorStream(true).start();
            // Reading a pipe holds its carrier, so not a virtual thread.
            Thread.ofPlatform().daemon().name("trial of " + accelerator).start(this::listen);
        }

        private void listen() {
            try (var reader = process.inputReader(UTF_8)) {
                for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                    last = line;
                    if (line.startsWith(Guest.READY)) {
                        millis = Duration.between(started, clock.instant()).toMillis();
                        up.complete(true);
                        return;
                    }
                }
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            }
            up.complete(false);
        }

        Trial worked(String accelerator, String conditions) {
            return new Trial(conditions, accelerator, millis, "");
        }
    }
}
