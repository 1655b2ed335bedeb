package holdfast.cli;

import holdfast.platform.Bridge;
import holdfast.platform.Json;
import holdfast.platform.WebClient;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ByteChannel;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `slice connect`.
@Command(
        name = "connect",
        description = {
            "Connects to a TCP port of a machine of a slice, wherever it runs.",
            "Listens on this host and carries each connection there and back, until you interrupt; with --stdio",
            "it carries one, from standard input and to standard output."
        },
        footer = {
            "",
            "Examples:",
            "  holdfast slice connect web 80 --listen 8080",
            "  ssh -o ProxyCommand='holdfast slice connect web 22 --stdio' root@web",
            ""
        })
final class SliceConnect extends RemoteCommand {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long LARGEST = 1 << 20;
    private static final int LAST_PORT = 65_535;
    private static final Pattern ADDRESS = Pattern.compile("(?:(.+):)?(\\d{1,5})");

    @Parameters(index = "0", paramLabel = "SLICE", description = "Name or id.")
    private String slice = "";

    @Parameters(index = "1", paramLabel = "PORT", description = "Of the machine, such as 22.")
    private int port;

    @Option(names = "--machine", paramLabel = "NAME", description = "Which one. Default: the only one of the slice.")
    private Optional<String> machine = Optional.empty();

    @ArgGroup
    private Where where = new Where();

    /// One of both.
    private static final class Where {
        @Option(
                names = "--listen",
                paramLabel = "[ADDR:]PORT",
                description = "Where to listen. Default: any free port of 127.0.0.1.")
        private String listen = "0";

        @Option(names = "--stdio", description = "Carry standard input and output instead.")
        private boolean stdio;
    }

    SliceConnect(Wiring wiring) {
        super(wiring);
    }

    /// What is connected to.
    ///
    /// @param path of the interface
    /// @param name in words
    private record Target(Client client, WebClient web, String path, String name) {
        ByteChannel dial() {
            return client.dial(web, path);
        }
    }

    @Override
    public Integer call() {
        var client = client();
        var sliver = sliver(client);
        var path = Client.path(
                List.of("slivers", sliver.id(), "connect"), Map.of("port", Optional.of(String.valueOf(port))));
        try (var web = new WebClient(CONNECT, LARGEST)) {
            var target = new Target(client, web, path, "port " + port + " of " + sliver.name() + " in " + slice);
            return where.stdio ? stdio(target) : listen(target, address());
        }
    }

    private SliverView sliver(Client client) {
        var slivers = SliceCommands.whole(client, slice).slivers();
        var found = slivers.stream()
                .filter(one -> machine.map(one.name()::equals).orElse(true))
                .toList();
        if (found.size() == 1) return found.getFirst();
        var names = slivers.stream().map(SliverView::name).collect(Collectors.joining(", "));
        throw machine.isPresent()
                ? new CliException(
                        ExitCode.NOT_THERE,
                        "slice " + slice + " has no machine " + machine.get() + "; it has: " + names)
                : new CliException(
                        ExitCode.USAGE,
                        "slice " + slice + " has " + slivers.size() + " machines",
                        "name one with --machine: " + names);
    }

    // ---------------------------------------------------------------------------------------------------------------
    // one connection

    /// Ends when the machine has said all.
    private static int stdio(Target target) {
        try (var far = target.dial();
                var out = new FileOutputStream(FileDescriptor.out)) {
            Thread.ofPlatform().daemon().name("standard input").start(() -> {
                try {
                    Bridge.carry(Channels.newChannel(System.in), far);
                } catch (IOException _) {
                    // told by the other direction
                }
            });
            Bridge.carry(far, out.getChannel());
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, target.name() + ": " + e.getMessage());
        }
    }

    // ---------------------------------------------------------------------------------------------------------------
    // as many as come

    private InetSocketAddress address() {
        var parts = ADDRESS.matcher(where.listen);
        if (parts.matches() && Integer.parseInt(parts.group(2)) <= LAST_PORT) {
            try {
                var host = Optional.ofNullable(parts.group(1)).orElse("127.0.0.1");
                return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(parts.group(2)));
            } catch (UnknownHostException _) {
                // told below
            }
        }
        throw new CliException(
                ExitCode.USAGE,
                "--listen is " + where.listen + "; write a port, or an address and a port: 127.0.0.1:8080");
    }

    private int listen(Target target, InetSocketAddress address) {
        var way = Nodes.text(target.client().get(target.path()), "way");
        try (var listening = ServerSocketChannel.open().bind(address)) {
            var bound = (InetSocketAddress) listening.getLocalAddress();
            var at = bound.getAddress().getHostAddress() + ":" + bound.getPort();
            say(Json.object().put("listen", at).put("way", way), _ -> at + " is " + target.name() + " (" + way + ")\n");
            while (true) {
                var here = listening.accept();
                Thread.ofVirtual().start(() -> carry(target, here));
            }
        } catch (ClosedByInterruptException _) {
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILED, "cannot listen at " + where.listen + ": " + e.getMessage(), "choose another port");
        }
    }

    /// What is wrong is told before the connection is closed.
    private void carry(Target target, SocketChannel here) {
        try (here) {
            join(target, here).ifPresent(why -> terminal().note(target.name() + ": " + why));
        } catch (IOException e) {
            terminal().note(target.name() + ": " + e.getMessage());
        }
    }

    private static Optional<String> join(Target target, SocketChannel here) {
        try (var far = target.dial()) {
            return Bridge.join(here, far).map(Exception::getMessage);
        } catch (CliException | IOException e) {
            return Optional.ofNullable(e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
