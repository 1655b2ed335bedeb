// Shows a request in the ways in which it can be made elsewhere, then makes it.
import { ask, button, dialog, element, local } from "./dom.js";

const quote = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

function curl(request, shown) {
    const parts = ['curl -u "$ACCESS_KEY:$SECRET_KEY"', "-X " + request.method];
    if (shown) parts.push("-H 'Content-Type: application/json'", "-d " + quote(JSON.stringify(shown)));
    return [...parts, quote(request.address)].join(" \\\n    ");
}

function raw(request, shown) {
    const body = shown ? JSON.stringify(shown) : "";
    const lines = [`${request.method} ${local(request.address)} HTTP/1.1`, "Host: " + location.host];
    lines.push("Accept: application/json", "Authorization: Basic ...");
    if (shown) lines.push("Content-Type: application/json");
    return lines.join("\n") + "\n\n" + body;
}

function masked(body, secrets) {
    if (!body) return undefined;
    return Object.fromEntries(
        Object.entries(body).map(([name, value]) => [name, secrets.has(name) && value !== null ? "********" : value]),
    );
}

function block(title, text) {
    const copied = element("span", { class: "hint", role: "status" });
    const copy = () =>
        navigator.clipboard.writeText(text).then(
            () => (copied.textContent = "copied"),
            () => (copied.textContent = "the browser does not allow it"),
        );
    return element(
        "section",
        {},
        element("h3", {}, title, " ", button("Copy", copy, { class: "quiet" }), " ", copied),
        element("pre", { tabindex: "0" }, text),
    );
}

/** What went wrong, in the words of the server. */
export function failure(answer) {
    const told = answer.body ?? {};
    const more = (told.details ?? []).slice(1).map((one) => element("li", {}, one.message ?? ""));
    return element(
        "div",
        { class: "failure", role: "alert" },
        element("strong", {}, `${answer.status} ${told.code ?? ""}`),
        " ",
        told.message ?? "the server gave no reason",
        more.length ? element("ul", {}, more) : null,
    );
}

/**
 * Shows a request, and makes it when the user says so.
 *
 * @param request method, address and perhaps body
 * @param options `secrets`: names of members that are not shown; `refused`: shows an answer that is a failure, in place of
 *     this window; `done`: told of any other
 */
export function propose(request, { secrets = new Set(), refused, done }) {
    const shown = masked(request.body, secrets);
    const result = element("div", { "aria-live": "polite" });
    const send = button("Send request", run, { class: "primary", autofocus: true });
    const window = dialog(
        "Request",
        block("curl", curl(request, shown)),
        block("HTTP", raw(request, shown)),
        shown ? block("JSON", JSON.stringify(shown, null, 2)) : null,
        result,
        element("div", { class: "buttons" }, button("Cancel", () => window.close()), send),
    );

    async function run() {
        send.disabled = true;
        try {
            const answer = await ask(request.method, request.address, request.body);
            if (answer.ok) {
                window.close();
                await done(answer);
            } else if (refused) {
                window.close(); // first: what is below it cannot have the focus
                refused(answer);
            } else {
                result.replaceChildren(failure(answer));
            }
        } catch (error) {
            result.replaceChildren(failure({ status: "", body: { message: "The server did not answer: " + error } }));
        } finally {
            send.disabled = false;
        }
    }
}
