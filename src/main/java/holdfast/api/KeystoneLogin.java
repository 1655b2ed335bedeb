package holdfast.api;

import holdfast.platform.KeystoneCredentials;
import holdfast.platform.Platform;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.Answer;
import holdfast.platform.WebClient.NoAnswerException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Our own token at a Keystone. It is renewed five minutes before its end, by one at a time. A password that was
/// refused is tried once a minute only: the account would be locked.
final class KeystoneLogin {
    private static final Logger LOG = LoggerFactory.getLogger(KeystoneLogin.class);
    private static final Duration LEFT = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Platform platform;
    private final WebClient web;
    private final KeystoneCredentials credentials;
    private final Duration patience;
    private final ReentrantLock renewing = new ReentrantLock();
    private Optional<Mine> current = Optional.empty();
    private Instant notBefore = Instant.EPOCH;

    private record Mine(String token, Instant until) {}

    KeystoneLogin(Platform platform, WebClient web, KeystoneCredentials credentials, Duration patience) {
        this.platform = platform;
        this.web = web;
        this.credentials = credentials;
        this.patience = patience;
    }

    /// One that is good for a while.
    ///
    /// @throws CannotTellException if none can be had
    String token() throws NoAnswerException, InterruptedException {
        return other("");
    }

    /// Another than `stale`, which was not taken.
    ///
    /// @throws CannotTellException if none can be had
    String renewed(String stale) throws NoAnswerException, InterruptedException {
        return other(stale);
    }

    private String other(String stale) throws NoAnswerException, InterruptedException {
        if (!renewing.tryLock(2 * patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw unsure();
        }
        try {
            var enough = platform.now().plus(LEFT);
            if (current.filter(mine -> mine.until.isAfter(enough) && !mine.token.equals(stale))
                    .isEmpty()) {
                current = Optional.of(login());
            }
            return current.get().token;
        } finally {
            renewing.unlock();
        }
    }

    private Mine login() throws NoAnswerException, InterruptedException {
        if (platform.now().isBefore(notBefore)) {
            throw unsure();
        }
        var answer = web.call(credentials.login("?nocatalog"), patience);
        return switch (answer.status()) {
            case 201 -> read(answer);
            case 401, 403 -> {
                notBefore = platform.now().plus(PAUSE);
                LOG.error(
                        "the Keystone refuses our own account, {}: nobody from there comes in. Look at user, password"
                                + " and project in the settings file",
                        credentials);
                throw unsure();
            }
            default -> {
                LOG.warn("the Keystone answers {} to {}", answer.status(), credentials);
                throw unsure();
            }
        };
    }

    private static Mine read(Answer answer) {
        var token = answer.header("x-subject-token");
        var stated = KeystoneToken.read(answer.text());
        if (token.isEmpty() || stated.isEmpty()) {
            LOG.warn("the Keystone answers our login in words that we do not know");
            throw unsure();
        }
        return new Mine(token.get(), stated.get().until());
    }

    private static CannotTellException unsure() {
        return new CannotTellException("the Keystone cannot be asked who you are; try again in some seconds");
    }
}
