// Elements, addresses and requests. Text from the server becomes text nodes and attributes here, never markup.

/** Makes an element: `on...` are listeners, true and false are attributes without a value, the rest are attributes. */
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
        else if (value === true) made.setAttribute(name, "");
        else if (value !== false && value !== undefined && value !== null) made.setAttribute(name, value);
    }
    made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
    return made;
}

export function button(label, action, attributes = {}) {
    return element("button", { type: "button", onclick: action, ...attributes }, label);
}

/** The way to an address of this server; others stay as they are. What stands in front of the server may speak TLS. */
export function local(address) {
    const url = new URL(address, location.href);
    return url.host === location.host ? url.pathname + url.search : url.href;
}

/** Whether a text is an address that may become a link. */
export function isAddress(text) {
    return typeof text === "string" && /^https?:\/\//.test(text) && URL.canParse(text);
}

/** What a non-GET request must repeat of the cookie, so that other sites cannot make this browser send it. */
function csrf() {
    const cookie = document.cookie.split("; ").find((one) => one.startsWith("CSRF="));
    return cookie ? cookie.slice("CSRF=".length) : "";
}

/** Asks the server. The body is null if there is none that is JSON. */
export async function ask(method, address, body) {
    const headers = { Accept: "application/json", "X-API-No-Challenge": "true" };
    if (method !== "GET") headers["X-API-CSRF"] = csrf();
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const response = await fetch(local(address), {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    let read = null;
    try {
        read = JSON.parse(text);
    } catch {
        // told by its status
    }
    return { ok: response.ok, status: response.status, location: response.headers.get("Location"), body: read };
}

const schemas = new Map();

/** The schema of a type, or null if the caller has none of it. Asked once. */
export function schema(type) {
    if (!schemas.has(type)) {
        const address = "/v1/schemas/" + encodeURIComponent(type);
        schemas.set(type, ask("GET", address).then((answer) => (answer.ok ? answer.body : null)));
    }
    return schemas.get(type);
}

/** Shows a window with a heading; `close` takes it away again. */
export function dialog(title, ...content) {
    const window = element("dialog", { "aria-label": title }, element("h2", {}, title), ...content);
    window.addEventListener("close", () => window.remove());
    document.body.append(window);
    window.showModal();
    return window;
}

let count = 0;

/** An id that no other element has. */
export function unique() {
    count += 1;
    return "field-" + count;
}
