package holdfast.drivers.qemu;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Commands;
import holdfast.platform.PrivateFiles;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/// The tiny guest: Debian's cloud kernel, and an initial file system of busybox and one script that tells over the
/// serial line what the guest sees. Made on this host from this host's packages; none of it is shipped.
///
/// @param kernel the kernel, readable by everybody
/// @param initrd the initial file system, readable by everybody
public record Guest(Path kernel, Path initrd) {
    /// How the guest's own line begins that says it is up.
    public static final String READY = "holdfast-guest ready";

    /// In the order in which they load; what a kernel has built in is simply not found.
    private static final List<String> MODULES = List.of(
            "virtio_ring",
            "virtio",
            "virtio_pci_legacy_dev",
            "virtio_pci_modern_dev",
            "virtio_pci",
            "failover",
            "net_failover",
            "virtio_net",
            "virtio_blk");

    private static final String META_PACKAGE = "linux-image-cloud-amd64";
    private static final Pattern REAL_PACKAGE =
            Pattern.compile("Depends: (linux-image-[0-9a-z.+~-]{1,80}-cloud-amd64)\\b");

    /// The guest in `directory`, made if it is not there yet: a download of about 27 MB through apt (any user may),
    /// then two seconds. What is there and still right is used as it is. One at a time: [Substrate#find] sees to
    /// it.
    ///
    /// @param progress told what is being done, one line at a time
    /// @return no with what is missing and what to do about it
    static Answer<Guest> prepare(Path directory, Consumer<String> progress) {
        try {
            Files.createDirectories(directory);
            var busybox = staticBusybox();
            if (busybox.isEmpty())
                return unavailable(
                        "there is no static busybox", "apt-get install --no-install-recommends busybox-static");
            var kernel = directory.resolve("vmlinuz");
            if (!Files.exists(kernel)) {
                var failure = fetchKernel(directory, progress);
                if (failure.isPresent()) return Answer.no(failure.get());
            }
            return Answer.yes(new Guest(kernel, initrd(directory, busybox.get(), progress)));
        } catch (IOException e) {
            return unavailable(String.valueOf(e.getMessage()), "free space in " + directory + " or make it writable");
        }
    }

    /// The host's busybox, if it needs no libraries; a dynamic one would not run in the guest.
    static Optional<Path> staticBusybox() throws IOException {
        for (var place : List.of("/bin/busybox", "/usr/bin/busybox", "/usr/local/bin/busybox")) {
            var path = Path.of(place);
            if (Files.isReadable(path) && isStatic(Files.readAllBytes(path))) return Optional.of(path);
        }
        return Optional.empty();
    }

    /// Whether a 64-bit ELF program names no interpreter (program header of type 3).
    private static boolean isStatic(byte[] elf) {
        var bytes = java.nio.ByteBuffer.wrap(elf).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        if (elf.length < 64 || bytes.getInt(0) != 0x464c457f || elf[4] != 2) return false;
        long table = bytes.getLong(32);
        int size = bytes.getShort(54) & 0xffff;
        int count = bytes.getShort(56) & 0xffff;
        for (int i = 0; i < count; i++) {
            long at = table + (long) i * size;
            if (at < 0 || at + 4 > elf.length || bytes.getInt((int) at) == 3) return false;
        }
        return true;
    }

    private static Optional<Refusal> fetchKernel(Path directory, Consumer<String> progress) throws IOException {
        for (var program : List.of("apt-get", "apt-cache", "dpkg-deb")) {
            if (Commands.find(program).isEmpty())
                return Optional.of(reason(
                        "the guest's kernel comes from Debian's package " + META_PACKAGE + ", and there is no "
                                + program,
                        "put a kernel at " + directory.resolve("vmlinuz")));
        }
        var depends = REAL_PACKAGE.matcher(
                Commands.run("apt-cache", "depends", META_PACKAGE).output());
        if (!depends.find())
            return Optional.of(
                    reason("apt does not know the package " + META_PACKAGE, "apt-get update, on a Debian amd64 host"));
        var real = depends.group(1);
        var work = Files.createTempDirectory(directory, "fetch-");
        try {
            progress.accept("downloading " + real + " (about 27 MB) for the guest's kernel");
            var got = Commands.run(
                    "env", "-C", work.toString(), "apt-get", "-o", "APT::Sandbox::User=root", "download", real);
            var file = first(work, "linux-image-", ".deb");
            if (!got.ok() || file.isEmpty())
                return Optional.of(reason(
                        "apt-get could not download " + real + ": " + lastLine(got.output()),
                        "apt-get update, and check the network"));
            progress.accept("unpacking " + real);
            var unpacked = Commands.run(
                    "dpkg-deb",
                    "-x",
                    file.get().toString(),
                    work.resolve("root").toString());
            if (!unpacked.ok())
                return Optional.of(reason("dpkg-deb: " + lastLine(unpacked.output()), "free space in " + directory));
            keep(work.resolve("root"), directory);
            return Optional.empty();
        } finally {
            PrivateFiles.deleteTree(work);
        }
    }

    /// Takes out of an unpacked kernel package what the guest needs. The kernel goes last: it is the mark that all
    /// is there.
    private static void keep(Path root, Path directory) throws IOException {
        var modules = directory.resolve("modules");
        PrivateFiles.deleteTree(modules);
        Files.createDirectories(modules);
        try (Stream<Path> files = Files.walk(root)) {
            for (var file : (Iterable<Path>) files::iterator) {
                var name = file.getFileName().toString();
                int order = MODULES.indexOf(name.replaceFirst("\\.ko(\\.[a-z0-9]+)?$", ""));
                if (order >= 0 && name.contains(".ko"))
                    Files.copy(file, modules.resolve("%02d-%s".formatted(order, name)));
            }
        }
        var kernel = first(root.resolve("boot"), "vmlinuz-", "")
                .orElseThrow(() -> new IOException("the package holds no kernel"));
        openToAll(kernel);
        Files.move(kernel, directory.resolve("vmlinuz"), ATOMIC_MOVE, REPLACE_EXISTING);
    }

    /// Packed again whenever script, busybox or modules changed: the name says of what it was packed.
    private static Path initrd(Path directory, Path busybox, Consumer<String> progress) throws IOException {
        var script = script();
        var program = Files.readAllBytes(busybox);
        var modules = new ArrayList<Path>();
        if (Files.isDirectory(directory.resolve("modules"))) {
            try (Stream<Path> files = Files.list(directory.resolve("modules"))) {
                files.sorted().forEach(modules::add);
            }
        }
        var sum = new CRC32();
        sum.update(script);
        sum.update(program);
        for (var module : modules) sum.update(Files.readAllBytes(module));
        var initrd = directory.resolve("initrd-%08x.gz".formatted(sum.getValue()));
        if (Files.exists(initrd)) return initrd;
        progress.accept("packing the guest's file system");
        var fresh = Files.createTempFile(directory, "initrd-", ".new");
        try (var cpio = new Cpio(new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(fresh))))) {
            for (var name : List.of("bin", "proc", "sys", "dev", "modules")) cpio.directory(name);
            cpio.file("init", 0755, script);
            cpio.file("bin/busybox", 0755, program);
            for (var module : modules) cpio.file("modules/" + module.getFileName(), 0644, Files.readAllBytes(module));
        }
        openToAll(fresh);
        Files.move(fresh, initrd, ATOMIC_MOVE, REPLACE_EXISTING);
        return initrd;
    }

    private static byte[] script() throws IOException {
        try (var in = Guest.class.getResourceAsStream("guest-init.sh")) {
            if (in == null) throw new IllegalStateException("guest-init.sh is not in the jar");
            return in.readAllBytes();
        }
    }

    private static void openToAll(Path file) throws IOException {
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static Optional<Path> first(Path directory, String start, String end) throws IOException {
        if (!Files.isDirectory(directory)) return Optional.empty();
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(start))
                    .filter(file -> file.getFileName().toString().endsWith(end))
                    .sorted()
                    .findFirst();
        }
    }

    private static String lastLine(String output) {
        return output.lines()
                .filter(line -> !line.isBlank())
                .reduce((_, last) -> last)
                .orElse("no output");
    }

    private static Answer<Guest> unavailable(String why, String wayOut) {
        return Answer.no(reason(why, wayOut));
    }

    private static Refusal reason(String why, String wayOut) {
        return Refusal.broken("The tiny guest cannot be made: " + why + ". Way out: " + wayOut + ".");
    }
}
