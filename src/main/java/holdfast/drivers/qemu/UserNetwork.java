package holdfast.drivers.qemu;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The network of a machine: one in QEMU's own process, for it alone. The guest reaches nobody there, neither this host
/// nor what is behind it; who wants to reach the guest is let in for one connection ([#connect]). The caller has the
/// machine's turn.
final class UserNetwork {
    /// What QEMU gives to the only guest of such a network, by DHCP, too.
    static final String ADDRESS = "10.0.2.15";

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final String NETDEV = "net";
    /// Beside the root disk, where `guest-init.sh` looks for it.
    private static final String PCI_SLOT = "0x11";

    /// How long a guest may take to answer; one that boots does not.
    private static final int ANSWER_MILLIS = 2000;

    private static final int LOOK_AGAIN_MILLIS = 10;

    /// A line of `info usernet`: state, and port of this host.
    private static final Pattern CONNECTION =
            Pattern.compile("TCP\\[([A-Z0-9_]{1,20})] +\\d{1,9} +\\S{1,15} +(\\d{1,5}) +\\S{1,15} +\\d{1,5}\\s");

    private static final String FORWARD = "HOST_FORWARD";
    /// The guest has answered; perhaps it has said all it will.
    private static final Set<String> ANSWERED = Set.of("ESTABLISHED", "CLOSE_WAIT");

    private final Host host;

    UserNetwork(Host host) {
        this.host = host;
    }

    /// For QEMU's command line.
    static List<String> words(String processName) {
        return List.of(
                "-netdev",
                "user,id=" + NETDEV + ",restrict=on,ipv6=off",
                "-device",
                "virtio-net-pci,id=card,netdev=" + NETDEV + ",mac=" + mac(processName) + ",romfile=,bus=pcie.0,addr="
                        + PCI_SLOT);
    }

    private static String mac(String processName) {
        return Emulation.mac(processName + " " + NETDEV);
    }

    /// Empty for a guest that an earlier release has started.
    static Map<String, String> facts(String processName, long pid) {
        return isOf(pid)
                ? Map.of(
                        "network.address",
                        ADDRESS,
                        "network.mac",
                        mac(processName),
                        "network.reach",
                        "by connections through Holdfast only")
                : Map.of();
    }

    private static boolean isOf(long pid) {
        return GuestProcess.words(pid).contains("-netdev");
    }

    /// Lets one connection in: a forward from a port of this host, which the system chooses, stands for the moment
    /// of connecting, in which every user of this host could use it, too. The connection outlives it.
    ///
    /// QEMU takes a connection before the guest has answered, so it is asked whether the guest has. A guest that
    /// takes a connection and breaks it off at once looks as if nobody listened.
    Answer<ByteChannel> connect(String lease, int port) throws IOException {
        var home = host.home(lease);
        var process = home.process();
        if (process.isEmpty()) return Answer.no(Refusal.notThere("the machine does not run"));
        if (!isOf(process.get()))
            return Answer.no(Refusal.clash("the machine has no network card, because it was started by an earlier"
                    + " release; it gets one when it is started anew"));
        try (var qmp = Qmp.open(home.socket(MachineHome.QMP, process.get()), Qmp.PATIENCE)) {
            // Forwards are made on this connection alone, and QEMU has one at a time: what is there was left by a
            // crash.
            for (int left : forwards(qmp)) take(qmp, left);
            var said = tell(
                    qmp, "hostfwd_add %s tcp:%s:0-%s:%d".formatted(NETDEV, LOOPBACK.getHostAddress(), ADDRESS, port));
            var forwards = forwards(qmp);
            return forwards.size() == 1
                    ? enter(qmp, forwards.getFirst(), port)
                    : Answer.no(Refusal.broken("QEMU lets nobody in: " + said.strip()));
        }
    }

    private static Answer<ByteChannel> enter(Qmp qmp, int forward, int port) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(new InetSocketAddress(LOOPBACK, forward));
            var refusal = awaitAnswer(qmp, channel, forward, port);
            channel.configureBlocking(true);
            take(qmp, forward);
            if (refusal.isEmpty()) return Answer.yes(channel);
            channel.close();
            return Answer.no(refusal.get());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// Waits for the guest's answer. What the guest says first stays in the channel.
    private static Optional<Refusal> awaitAnswer(Qmp qmp, SocketChannel channel, int forward, int port)
            throws IOException {
        channel.configureBlocking(false);
        try (var selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            boolean heard = false;
            for (int waited = 0; waited < ANSWER_MILLIS; waited += LOOK_AGAIN_MILLIS) {
                // Either the guest speaks, or QEMU hangs up; then it knows of the connection no more.
                heard |= selector.select(LOOK_AGAIN_MILLIS) > 0;
                var states = states(qmp, forward);
                if (states.stream().anyMatch(ANSWERED::contains)) return Optional.empty();
                if (heard && states.isEmpty())
                    return Optional.of(Refusal.notThere("nobody listens at port " + port + " of the machine"));
            }
        }
        return Optional.of(Refusal.silent("the machine does not answer at port " + port));
    }

    private static void take(Qmp qmp, int forward) throws IOException {
        tell(qmp, "hostfwd_remove %s tcp:%s:%d".formatted(NETDEV, LOOPBACK.getHostAddress(), forward));
    }

    /// Ports of this host that lead to the guest.
    private static List<Integer> forwards(Qmp qmp) throws IOException {
        return connections(qmp)
                .filter(one -> one.group(1).equals(FORWARD))
                .map(one -> Integer.valueOf(one.group(2)))
                .toList();
    }

    /// Of the connections that came in at a port of this host.
    private static List<String> states(Qmp qmp, int forward) throws IOException {
        return connections(qmp)
                .filter(one -> Integer.parseInt(one.group(2)) == forward)
                .map(one -> one.group(1))
                .filter(state -> !state.equals(FORWARD))
                .toList();
    }

    private static Stream<MatchResult> connections(Qmp qmp) throws IOException {
        return CONNECTION.matcher(tell(qmp, "info usernet")).results();
    }

    /// QEMU has no other words for this than those for people.
    private static String tell(Qmp qmp, String words) throws IOException {
        return qmp.execute("human-monitor-command", Map.of("command-line", words))
                .asString("");
    }
}
