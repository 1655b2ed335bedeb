package holdfast.platform;

import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This side speaks, in lines of text, and the other listens.
final class LineConversation extends Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(LineConversation.class);

    private final HttpReply.LineSource source;

    LineConversation(Room room, HttpReply.LineSource source) {
        super(room, room.patience());
        this.source = source;
    }

    @Override
    void speak(WsSession session) {
        try {
            source.run(new HttpReply.LineSink() {
                @Override
                public void line(String text) {
                    send(() -> session.send(text, true));
                }

                @Override
                public void heartbeat() {
                    send(() -> session.ping(BufferData.empty()));
                }
            });
            end(session, NORMAL, "there is no more to tell");
        } catch (HttpServer.ClientGone e) {
            LOG.debug("a subscriber has gone", e);
            end(session, GOING_AWAY, "you read too slowly; go on with after=<the last cursor you have>");
        } catch (InterruptedException _) {
            end(session, GOING_AWAY, "the server stops; connect again and go on after your last cursor");
        } catch (RuntimeException e) {
            LOG.error("a subscriber could not be told", e);
            end(session, FAILED, "the server failed; its log tells why");
        }
    }
}
