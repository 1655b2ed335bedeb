package holdfast.drivers.simulated;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import holdfast.platform.Finishing;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/// A connection to a machine that only pretends. What is said is answered while it is written, in memory and by no
/// thread, so that a simulation may talk to itself; a read waits for an answer as one of a socket does, or for the end.
final class Conversation implements Finishing {
    /// Answers that wait to be read; when there are more, a write waits.
    private static final int ROOM = 64 << 10;

    private final Service service;
    private final ByteBuffer answers = ByteBuffer.allocate(ROOM);
    private boolean open = true;
    private boolean over;

    Conversation(Service service) {
        this.service = service;
    }

    /// What listens at a port.
    interface Service {
        /// Hears some of what is said, and puts what it answers to that.
        ///
        /// @param said not empty
        /// @param answers with room
        /// @return whether it hangs up with that
        boolean hear(ByteBuffer said, ByteBuffer answers);
    }

    /// Port 7 says everything again; port 80 speaks just enough HTTP to tell one line to whoever asks anything.
    static Optional<Service> at(int port, String line) {
        return switch (port) {
            case 7 -> Optional.of(Conversation::echo);
            case 80 -> Optional.of(new Web(line));
            default -> Optional.empty();
        };
    }

    private static boolean echo(ByteBuffer said, ByteBuffer answers) {
        int many = Math.min(said.remaining(), answers.remaining());
        answers.put(said.slice(said.position(), many));
        said.position(said.position() + many);
        return false;
    }

    private static final class Web implements Service {
        private static final int LONGEST_HEAD = 8 << 10;
        private static final Pattern FIRST_LINE = Pattern.compile("[A-Z]{1,16} \\S+ HTTP/1\\.[01]\r?\n");

        private final String line;
        private final StringBuilder head = new StringBuilder();
        private int lineEnds;

        Web(String line) {
            this.line = line;
        }

        @Override
        public boolean hear(ByteBuffer said, ByteBuffer answers) {
            while (lineEnds < 2) {
                if (!said.hasRemaining()) return false;
                if (head.length() == LONGEST_HEAD) break;
                char next = (char) (said.get() & 0xff);
                head.append(next);
                lineEnds = next == '\n' ? lineEnds + 1 : next == '\r' ? lineEnds : 0;
            }
            boolean understood = lineEnds == 2 && FIRST_LINE.matcher(head).lookingAt();
            var body = understood ? line + "\n" : "";
            answers.put("HTTP/1.0 %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                    .formatted(understood ? "200 OK" : "400 Bad Request", body.length(), body)
                    .getBytes(ISO_8859_1));
            return true;
        }
    }

    @Override
    public synchronized int write(ByteBuffer said) throws ClosedChannelException {
        int before = said.remaining();
        await(() -> over || !said.hasRemaining() || answers.hasRemaining());
        if (over) said.position(said.limit()); // as a socket takes what nobody will read
        else if (said.hasRemaining()) over = service.hear(said, answers);
        notifyAll();
        return before - said.remaining();
    }

    @Override
    public synchronized int read(ByteBuffer into) throws ClosedChannelException {
        await(() -> over || !into.hasRemaining() || answers.position() > 0);
        if (over && answers.position() == 0) return -1;
        answers.flip();
        int many = Math.min(into.remaining(), answers.remaining());
        into.put(answers.slice(0, many));
        answers.position(many).compact();
        notifyAll();
        return many;
    }

    private synchronized void await(BooleanSupplier ready) throws ClosedChannelException {
        try {
            while (open && !ready.getAsBoolean()) wait();
        } catch (InterruptedException _) {
            close();
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
        if (!open) throw new ClosedChannelException();
    }

    /// The machine hangs up; what it has said may still be read.
    synchronized void end() {
        over = true;
        notifyAll();
    }

    /// To who says no more nothing more is answered.
    @Override
    public void finish() {
        end();
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public synchronized void close() {
        open = false;
        notifyAll();
    }
}
