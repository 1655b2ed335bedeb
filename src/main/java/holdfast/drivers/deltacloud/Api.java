package holdfast.drivers.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.drivers.deltacloud.Outcome.NotDoneException;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.NoAnswerException;
import holdfast.platform.XmlTree;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// One call to a Deltacloud server, with the headers and by the rules of aeolus.md 5.6. Repeats nothing.
final class Api {
    private static final Duration ENTRY_KEPT = Duration.ofMinutes(5);

    private final WebClient web;
    private final Account account;
    private final Limits limits;
    private final InstantSource clock;
    private final URI base;
    private Optional<Known> known = Optional.empty();

    private record Known(Entry entry, Instant until) {}

    Api(WebClient web, Account account, Limits limits, InstantSource clock) {
        this.web = web;
        this.account = account;
        this.limits = limits;
        this.clock = clock;
        this.base = URI.create(account.base().toString().replaceAll("/{1,10}$", ""));
    }

    /// Looks at the entry point without saying who we are.
    Outcome greet() {
        return stranger(base);
    }

    /// Reads what everybody may.
    Outcome stranger(URI url) {
        return call("GET", url, headers(false), Optional.empty(), limits.read());
    }

    /// Looks at the entry point with a login, as good as new.
    ///
    /// @throws NotDoneException if it cannot be had, or the login is refused
    Entry login() {
        return learn(get(URI.create(base + "?force_auth=true")));
    }

    /// As it was not long ago.
    ///
    /// @throws NotDoneException if it cannot be had now
    synchronized Entry entry() {
        var fresh = known.filter(one -> clock.instant().isBefore(one.until));
        return fresh.isPresent() ? fresh.get().entry : learn(get(base));
    }

    synchronized void forget() {
        known = Optional.empty();
    }

    private synchronized Entry learn(XmlTree root) {
        var entry = Entry.read(root).orElseThrow(() -> new NotDoneException(new Outcome.Away(NO_ENTRY)));
        known = Optional.of(new Known(entry, clock.instant().plus(ENTRY_KEPT)));
        return entry;
    }

    static final String NO_ENTRY = "what answers there is not the entry point of a Deltacloud server";

    /// Where a collection is.
    ///
    /// @throws NotDoneException if the server does not show it, or cannot be asked now
    URI of(String collection) {
        return link(entry().need(collection).href());
    }

    /// Where a member of a collection is, or something that can be done with it.
    URI of(String collection, String... path) {
        var where = new StringBuilder(of(collection).toString());
        for (var part : path) where.append('/').append(word(part));
        return URI.create(where.toString());
    }

    /// Where a link leads. A server behind another may name hosts that are none; and what began in secret is not
    /// continued in the open.
    ///
    /// @throws NotDoneException if it leads nowhere
    URI link(String href) {
        try {
            var to = URI.create(base + "/").resolve(href.strip());
            boolean open = base.getScheme().equals("https") && !"https".equals(to.getScheme());
            if (!account.rewriteHosts() && !open) return to;
            var query = to.getRawQuery() == null ? "" : "?" + to.getRawQuery();
            return URI.create(base.getScheme() + "://" + base.getRawAuthority() + to.getRawPath() + query);
        } catch (IllegalArgumentException _) {
            throw new NotDoneException(new Outcome.Away("a link of the server leads nowhere"));
        }
    }

    static String word(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /// Reads.
    ///
    /// @throws NotDoneException if it cannot be had now, or never
    XmlTree get(URI url) {
        return call("GET", url, headers(true), Optional.empty(), limits.read())
                .orThrow()
                .body()
                .orElseThrow(() -> new NotDoneException(new Outcome.Away("it answered with nothing")));
    }

    /// Reads a list, one entry after the other, none of which is kept here.
    ///
    /// @return what is around the entries
    /// @throws NotDoneException if it cannot be had now, or not all of it: then what was told counts for nothing
    XmlTree each(URI url, Consumer<XmlTree> entry) {
        Sending sending = call -> web.read(call, Limits.LARGEST_LIST, limits.read(), answer -> listed(answer, entry));
        return follow(new WebClient.Call("GET", url, headers(true), Optional.empty()), sending)
                .orThrow()
                .body()
                .orElseThrow(() -> new NotDoneException(new Outcome.Away("it answered with nothing")));
    }

    private static Got listed(WebClient.Streamed answer, Consumer<XmlTree> entry) throws IOException {
        if (answer.status() < 200 || answer.status() >= 300) {
            var text = new String(answer.body().readNBytes(Limits.LONGEST_COMPLAINT), UTF_8);
            return Got.of("GET", new WebClient.Answer(answer.status(), answer.headers(), text));
        }
        return new Got(
                answer.status(),
                Optional.empty(),
                switch (XmlTree.each(answer.body(), entry)) {
                    case Answer.Yes<XmlTree>(var root) ->
                        new Outcome.Done(answer.status(), Optional.of(root), Optional.empty());
                    case Answer.No<XmlTree>(var why) -> nonsense("GET", why);
                });
    }

    /// Sends a form.
    Outcome post(URI url, Map<String, String> form, Duration limit) {
        return act("POST", url, form, limit);
    }

    Outcome act(String method, URI url, Map<String, String> form, Duration limit) {
        var headers = headers(true);
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        return call(method, url, headers, Optional.of(form(form)), limit);
    }

    Outcome delete(URI url) {
        return call("DELETE", url, headers(true), Optional.empty(), limits.read());
    }

    static String form(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> word(field.getKey()) + "=" + word(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    Map<String, String> headers(boolean login) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Accept", "application/xml");
        headers.put("User-Agent", "Holdfast");
        headers.put("X-Deltacloud-Driver", account.driver());
        account.provider().ifPresent(provider -> headers.put("X-Deltacloud-Provider", provider));
        if (login) {
            var who = (account.username() + ":" + account.password()).getBytes(UTF_8);
            headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(who));
        }
        return headers;
    }

    private Outcome call(String method, URI url, Map<String, String> headers, Optional<String> body, Duration limit) {
        return follow(
                new WebClient.Call(method, url, headers, body), call -> Got.of(call.method(), web.call(call, limit)));
    }

    /// How a call is sent.
    private interface Sending {
        Got send(WebClient.Call call) throws NoAnswerException, InterruptedException;
    }

    /// What came of it.
    ///
    /// @param location where else to ask
    private record Got(int status, Optional<String> location, Outcome outcome) {
        static Got of(String method, WebClient.Answer answer) {
            return new Got(answer.status(), answer.header("location"), judge(method, answer));
        }
    }

    private Outcome follow(WebClient.Call first, Sending sending) {
        var method = first.method();
        var next = first;
        for (int n = 0; n <= Limits.REDIRECTS; n++) {
            try {
                var got = sending.send(next);
                var there = got.location.filter(_ -> got.status >= 300 && got.status < 400);
                if (there.isEmpty()) return got.outcome;
                next = redirected(next, got.status, there.get());
            } catch (NoAnswerException e) {
                return lost(method, e.reached(), String.valueOf(e.getMessage()));
            } catch (NotDoneException e) {
                return e.outcome();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return lost(method, true, "interrupted");
            }
        }
        return lost(method, true, "it sends us from one place to the next");
    }

    /// To the same host only: what we say to one is not for another.
    private WebClient.Call redirected(WebClient.Call call, int status, String location) {
        var to = link(call.url().resolve(location).toString());
        if (!String.valueOf(to.getHost()).equalsIgnoreCase(call.url().getHost()))
            throw new NotDoneException(new Outcome.Wrong("it sends us to another host, " + to.getHost()));
        boolean same = status == 307 || status == 308 || call.method().equals("GET");
        var headers = new LinkedHashMap<>(call.headers());
        if (!same) headers.remove("Content-Type");
        return same
                ? new WebClient.Call(call.method(), to, headers, call.body())
                : new WebClient.Call("GET", to, headers, Optional.empty());
    }

    static Outcome lost(String method, boolean reached, String why) {
        return reached && !method.equals("GET") ? new Outcome.Unknown(why) : new Outcome.Away(why);
    }

    static Outcome judge(String method, WebClient.Answer answer) {
        int status = answer.status();
        if (status >= 200 && status < 300) return done(method, answer);
        return refused(status, complaint(answer));
    }

    static Outcome refused(int status, String why) {
        return switch (status) {
            case 401, 403 -> new Outcome.Denied(why);
            case 404, 410 -> new Outcome.Gone(why);
            case 405, 409 -> new Outcome.BadState(why);
            case 412, 501 -> new Outcome.Unsupported(why);
            case 408, 429, 503 -> new Outcome.Away(why); // nobody took it
            default -> status >= 500 ? new Outcome.Broken(status, why) : new Outcome.Wrong(why);
        };
    }

    private static Outcome done(String method, WebClient.Answer answer) {
        var location = answer.header("location");
        if (answer.text().isBlank()) return new Outcome.Done(answer.status(), Optional.empty(), location);
        return switch (XmlTree.read(answer.text())) {
            case Answer.Yes<XmlTree>(var root) -> new Outcome.Done(answer.status(), Optional.of(root), location);
            case Answer.No<XmlTree> _
            when method.equals("DELETE") -> new Outcome.Done(answer.status(), Optional.empty(), location);
            case Answer.No<XmlTree>(var why) -> nonsense(method, why);
        };
    }

    private static Outcome nonsense(String method, Refusal why) {
        return lost(method, true, "it answered with nonsense: " + why.message());
    }

    private static String complaint(WebClient.Answer answer) {
        var fallback = "it answered with status " + answer.status();
        return XmlTree.read(answer.text()) instanceof Answer.Yes<XmlTree>(var root)
                        && root.name().equalsIgnoreCase("error")
                ? root.says("message")
                        .map(said -> said.replaceAll("\\s+", " "))
                        .map(Api::cut)
                        .orElse(fallback)
                : fallback;
    }

    private static String cut(String text) {
        return text.length() <= Limits.LONGEST_MESSAGE ? text : text.substring(0, Limits.LONGEST_MESSAGE);
    }

    WebClient web() {
        return web;
    }

    Limits limits() {
        return limits;
    }
}
