package holdfast.drivers.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Answer;
import holdfast.platform.Commands;
import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// What this host offers to run guests on. Found out by trying: a tiny guest is booted, because a `/dev/kvm` that opens
/// proves nothing.
public sealed interface Substrate {
    /// The one line that installs what is needed on Debian and its kin.
    String INSTALL = "apt-get install --no-install-recommends qemu-system-x86 busybox-static";

    /// Guests can run.
    ///
    /// @param qemu the program
    /// @param version of QEMU, such as `7.2.22`
    /// @param accelerator `kvm`, or `tcg` which is emulation in software
    /// @param guest what boots in a machine whose image is not configured
    /// @param bootMillis how long the trial boot took
    record Ready(Path qemu, String version, String accelerator, Guest guest, long bootMillis) implements Substrate {
        /// In words for the site's status.
        public String describe() {
            return "QEMU " + version + ", "
                    + (accelerator.equals("kvm") ? "hardware virtualisation" : "software emulation");
        }
    }

    /// Guests cannot run: take the simulated driver, and say so.
    ///
    /// @param missing what is missing, in sentences
    /// @param wayOut the command or the step that would mend it
    record Unusable(List<String> missing, String wayOut) implements Substrate {}

    /// Looks, makes the tiny guest if need be, and boots it once per host boot and QEMU version (a few seconds; the
    /// outcome is kept in `directory`). Whoever else looks there meanwhile, in this process or another, waits for
    /// it.
    ///
    /// @param directory for the guest's files, such as `guest` in the data directory
    /// @param progress told what is being done, one line at a time
    static Substrate find(Path directory, InstantSource clock, Consumer<String> progress) {
        var qemu = Commands.find("qemu-system-x86_64");
        try {
            var missing = new ArrayList<String>();
            if (qemu.isEmpty()) missing.add("qemu-system-x86_64 is not on the PATH");
            if (Guest.staticBusybox().isEmpty()) missing.add("there is no static busybox");
            if (qemu.isEmpty() || !missing.isEmpty()) return new Unusable(missing, INSTALL);
            return Alone.in(directory, () -> switch (Guest.prepare(directory, progress)) {
                case Answer.No<Guest>(var why) -> new Unusable(List.of(why.message()), "see above");
                case Answer.Yes<Guest>(var guest) -> trial(directory, qemu.get(), guest, clock, progress);
            });
        } catch (IOException e) {
            return new Unusable(
                    List.of(String.valueOf(e.getMessage())), "free space in " + directory + " or make it writable");
        }
    }

    /// Installs what is needed, if this is root on a host with apt; tells each line of apt's output.
    ///
    /// @return whether apt said that all went well
    static boolean installIfRoot(Consumer<String> progress) throws IOException {
        if (!Confinement.isRoot() || Commands.find("apt-get").isEmpty()) return false;
        var words = new ArrayList<>(List.of(INSTALL.split(" ")));
        words.add(2, "-y");
        // An image of a fresh host often has no package lists; a first failure is answered by fetching them.
        return apt(words, progress) || (apt(List.of("apt-get", "update"), progress) && apt(words, progress));
    }

    private static boolean apt(List<String> words, Consumer<String> progress) throws IOException {
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        var process = builder.start();
        process.getOutputStream().close();
        try (var reader = process.inputReader(UTF_8)) {
            var watch = Thread.ofPlatform().daemon().start(() -> endAfter(process, 600));
            reader.lines().forEach(progress);
            watch.interrupt();
            return process.waitFor() == 0;
        } catch (InterruptedException _) {
            process.destroy();
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void endAfter(Process process, long seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) process.destroy();
        } catch (InterruptedException _) {
            // It ended in time.
        }
    }

    private static Substrate trial(
            Path directory, Path qemu, Guest guest, InstantSource clock, Consumer<String> progress) throws IOException {
        var said = Commands.run(qemu.toString(), "--version");
        var version = Pattern.compile("version ([0-9.]{1,20})").matcher(said.output());
        if (!said.ok() || !version.find())
            return new Unusable(
                    List.of(qemu + " --version failed: " + said.output().strip()), "reinstall it: " + INSTALL);
        var kept = directory.resolve("trial.json");
        var conditions =
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + " " + version.group(1) + " "
                        + guest.initrd().getFileName() + " " + Files.size(guest.kernel());
        var outcome = Trial.read(kept, conditions);
        if (outcome.accelerator().isEmpty()) {
            progress.accept("booting a tiny guest to see what this host can do (a few seconds)");
            outcome = Trial.run(qemu, guest, conditions, clock);
            Files.writeString(kept, Json.text(outcome));
        }
        if (outcome.accelerator().isEmpty())
            return new Unusable(
                    List.of("a tiny guest did not boot: " + outcome.why()),
                    "give the host more memory or processor time");
        return new Ready(qemu, version.group(1), outcome.accelerator(), guest, outcome.millis());
    }
}
