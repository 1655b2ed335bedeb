package holdfast.notifications;

import holdfast.platform.WebhookClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Calls those who subscribed, by HTTP.
public record Callbacks(WebhookClient client) implements Receiver {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Override
    public int post(URI callback, Letter letter, Optional<String> secret) throws IOException, InterruptedException {
        return client.postSigned(callback, letter.type(), letter.signature(), letter.body(), secret, LIMIT)
                .status();
    }

    @Override
    public boolean takes(URI callback) {
        return client.policy().mayBeNamed(callback);
    }
}
