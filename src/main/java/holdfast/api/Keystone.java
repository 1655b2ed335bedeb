package holdfast.api;

import holdfast.platform.Platform;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.Answer;
import holdfast.platform.WebClient.Call;
import holdfast.platform.WebClient.NoAnswerException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Keystone that the operator trusts: asks it who holds a token (promise.md 5.4). What it answers counts for a
/// minute at most and never beyond the end of the token; so a token that was revoked there works that long. While it
/// cannot be asked nobody is let in.
public final class Keystone implements AutoCloseable {
    /// How long it may take to answer one request.
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Keystone.class);
    private static final Duration KEPT = Duration.ofSeconds(60);
    private static final int MOST_KEPT = 10_000;
    private static final int AT_ONCE = 16;
    private static final int AT_ONCE_EACH = 4;
    private static final int LARGEST_ANSWER = 1 << 20;
    private static final Pattern TOKEN = Pattern.compile("[!-~]{1,8192}");

    private final Platform platform;
    private final KeystoneAccount account;
    private final Duration patience;
    private final WebClient web;
    private final KeystoneLogin login;
    private final Remembered<Identity> known;
    private final Turns asking;

    /// @param patience for each answer, and for the turn to ask
    public Keystone(Platform platform, KeystoneAccount account, Duration patience) {
        this.platform = platform;
        this.account = account;
        this.patience = patience;
        this.web = new WebClient(patience, LARGEST_ANSWER);
        this.login = new KeystoneLogin(platform, web, account.credentials(), patience);
        this.known = new Remembered<>(platform, MOST_KEPT);
        this.asking = new Turns(
                AT_ONCE,
                AT_ONCE_EACH,
                patience,
                "too many tokens are being verified at the same time; try again in some seconds");
    }

    /// Who holds a token.
    ///
    /// @param client the address that the request comes from
    /// @return empty if the token is worth nothing there, or is not for a project
    /// @throws CannotTellException if the Keystone cannot be asked, or does not want to say
    Optional<Identity> identity(String token, String client) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        var before = known.find(token);
        return before.isPresent() ? before : asked(token, client);
    }

    private Optional<Identity> asked(String token, String client) {
        try (var _ = asking.take(client)) {
            return read(token, answer(token));
        } catch (NoAnswerException e) {
            throw unsure(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw unsure("interrupted");
        }
    }

    /// With a new token of our own, if the one that we have is not taken any more.
    private Answer answer(String token) throws NoAnswerException, InterruptedException {
        var mine = login.token();
        var answer = ask(mine, token);
        return answer.status() == 401 ? ask(login.renewed(mine), token) : answer;
    }

    private Answer ask(String mine, String token) throws NoAnswerException, InterruptedException {
        var headers = Map.of("X-Auth-Token", mine, "X-Subject-Token", token);
        return web.call(
                new Call("GET", account.credentials().tokens("?nocatalog"), headers, Optional.empty()), patience);
    }

    private Optional<Identity> read(String token, Answer answer) {
        return switch (answer.status()) {
            case 200 -> holder(token, answer.text());
            case 404 -> Optional.empty();
            case 401, 403 ->
                throw unsure("it does not let " + account.credentials().user() + " validate tokens");
            default -> throw unsure("it answered " + answer.status());
        };
    }

    private Optional<Identity> holder(String token, String text) {
        var stated = KeystoneToken.read(text).orElseThrow(() -> unsure("it answered in words that we do not know"));
        var until = earlier(stated.until(), platform.now().plus(KEPT));
        var found = stated.identity(account).filter(_ -> until.isAfter(platform.now()));
        found.ifPresent(identity -> known.add(identity, until, token));
        return found;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static CannotTellException unsure(String why) {
        LOG.warn("the Keystone cannot say who holds a token: {}", why);
        return new CannotTellException("the Keystone cannot be asked who you are; try again in some seconds");
    }

    @Override
    public void close() {
        web.close();
    }
}
