// The page around an answer of the interface: what it is, what can be done with it, and itself as a tree.
import { ask, button, dialog, element, local, schema } from "./dom.js";
import { create, edit } from "./form.js";
import { tree } from "./json.js";
import { pages, query } from "./query.js";
import { propose } from "./send.js";

const LOOK_AGAIN_MILLIS = 1000;
const LOOKS = 300;
const COLUMNS = 7;
const FIRST_COLUMNS = ["name", "state", "type", "description", "created"];
const NO_COLUMNS = [
    ...FIRST_COLUMNS, "id", "uuid", "baseType", "kind", "transitioning", "accountId", "project", "actor", "parent",
    "updated", "version",
];

const page = JSON.parse(document.getElementById("page").textContent);
const main = document.getElementById("main");
let looks = 0;

function go(address) {
    const target = local(address);
    if (target === location.pathname + location.search) location.reload();
    else location.assign(target);
}

function up() {
    const path = location.pathname.split("/").filter(Boolean);
    go("/" + path.slice(0, -1).join("/"));
}

/** After something was made: its secrets, which are shown this once, then the new resource itself. */
function made(answer, known) {
    const body = answer.body ?? {};
    const target = answer.location ?? body.links?.self ?? location.href;
    const once = Object.entries(known?.resourceFields ?? {})
        .filter(([name, field]) => field.readOnCreateOnly && typeof body[name] === "string")
        .map(([name]) => name);
    if (once.length === 0) {
        go(target);
        return;
    }
    const shown = [...(body.publicValue ? ["publicValue"] : []), ...once];
    const window = dialog(
        "Keep this",
        element("p", {}, "What is below is shown now and never again."),
        element("dl", {}, shown.map((name) => [element("dt", {}, name), element("dd", {}, element("code", {}, body[name]))])),
        element("div", { class: "buttons" }, button("I have kept it", () => window.close(), { class: "primary" })),
    );
    window.addEventListener("close", () => go(target));
}

async function removed() {
    const still = await ask("GET", location.href);
    if (still.ok) show(still.body);
    else up();
}

function actions(data, known) {
    const offered = data.actions ?? {};
    const verbs = [...new Set([...Object.keys(known?.resourceActions ?? {}), ...Object.keys(offered)])].sort();
    if (data.type === "collection" || verbs.length === 0) return null;
    return element(
        "div",
        { class: "line actions", role: "group", "aria-label": "Actions" },
        verbs.map((verb) =>
            button(
                verb,
                () => propose({ method: "POST", address: offered[verb] }, { done: (answer) => go(answer.location ?? data.links.self) }),
                { disabled: !offered[verb], title: offered[verb] ? verb : "not possible in this state" },
            ),
        ),
    );
}

function tools(data, known) {
    const isCollection = data.type === "collection";
    const may = (method) => (isCollection ? known?.collectionMethods : known?.resourceMethods)?.includes(method) ?? false;
    const isResource = !isCollection && Boolean(data.links?.self);
    return element(
        "div",
        { class: "line tools", role: "group", "aria-label": "Resource" },
        button("Up", up, { disabled: location.pathname.replace(/\/$/, "") === "/v1" }),
        button("Reload", () => location.reload()),
        isCollection ? button("Create", () => create(data, made), { disabled: !may("POST"), class: "primary" }) : null,
        isResource
            ? [
                  button("Edit", () => edit(data, known, (answer) => show(answer.body)), { disabled: !may("PUT") }),
                  button("Delete", () => propose({ method: "DELETE", address: data.links.self }, { done: removed }), {
                      disabled: !may("DELETE"),
                      class: "danger",
                  }),
              ]
            : null,
        element("span", { class: "space" }),
        element("a", { href: rawAddress(), class: "hint" }, "JSON only"),
    );
}

function rawAddress() {
    const url = new URL(location.href);
    url.searchParams.set("_format", "json");
    return url.pathname + url.search;
}

function badge(data) {
    if (typeof data.state !== "string") return null;
    const mood = data.transitioning === "yes" ? "moving" : data.transitioning === "error" ? "wrong" : "still";
    return element("span", { class: "badge " + mood }, data.state);
}

function heading(data, known) {
    const isCollection = data.type === "collection";
    const what = isCollection ? (known?.pluralName ?? data.resourceType) : data.type === "error" ? "Error" : (data.type ?? "Answer");
    const name = isCollection ? `${data.data.length}${data.pagination?.partial ? "+" : ""} shown` : data.name;
    const progress = data.transitioningProgress;
    return element(
        "header",
        {},
        element(
            "h1",
            {},
            element("span", { class: "what" }, what, isCollection ? "" : " " + (data.id ?? "")),
            " ",
            name ?? "",
            " ",
            badge(data),
        ),
        data.type === "error" ? element("p", { class: "failure", role: "alert" }, data.message ?? "") : null,
        data.transitioningMessage
            ? element("p", { role: "status" }, data.transitioningMessage,
                  typeof progress === "number" ? element("progress", { max: 100, value: progress, "aria-label": "progress" }) : null)
            : null,
    );
}

/** The members of a collection in rows, by what most of them have. */
function table(data) {
    const rows = data.data.filter((one) => typeof one === "object" && one !== null);
    if (rows.length === 0) return element("p", { class: "hint card" }, "Nothing is here.");
    const plain = (value) => value !== null && value !== undefined && typeof value !== "object" && value !== "";
    const columns = FIRST_COLUMNS.filter((name) => rows.some((one) => plain(one[name])));
    for (const name of Object.keys(rows[0])) {
        const useless = NO_COLUMNS.includes(name) || name.endsWith("TS");
        if (columns.length < COLUMNS && !useless && rows.some((one) => plain(one[name]))) columns.push(name);
    }
    const link = (one, text) => (one.links?.self ? element("a", { href: local(one.links.self) }, text) : text);
    const cell = (one, name) =>
        name === "state" ? badge(one) : name === "name" ? link(one, String(one.name ?? "")) : String(one[name] ?? "");
    return element(
        "div",
        { class: "card scroll", tabindex: "0", role: "region", "aria-label": "Members" },
        element(
            "table",
            {},
            element("thead", {}, element("tr", {}, ["id", ...columns].map((name) => element("th", { scope: "col" }, name)))),
            element(
                "tbody",
                {},
                rows.map((one) =>
                    element("tr", {}, element("th", { scope: "row" }, link(one, String(one.id ?? ""))),
                        columns.map((name) => element("td", {}, cell(one, name)))),
                ),
            ),
        ),
    );
}

function pictures(data) {
    return Object.entries(data.links ?? {})
        .filter(([name, address]) => typeof address === "string" && (name.endsWith("Svg") || address.endsWith(".svg")))
        .map(([name, address]) =>
            element("figure", { class: "card scroll" },
                element("img", { src: local(address), alt: `states of ${data.name ?? data.id}` }),
                element("figcaption", {}, name)),
        );
}

async function show(data) {
    const isCollection = data?.type === "collection";
    const known = await schema(isCollection ? data.resourceType : (data?.type ?? ""));
    const simple = typeof data !== "object" || data === null;
    document.title = simple ? "Holdfast" : `${data.name ?? data.resourceType ?? data.type ?? ""} · Holdfast`;
    main.replaceChildren(
        ...(simple
            ? [tree({ value: data })]
            : [heading(data, known), tools(data, known), actions(data, known),
               isCollection ? query(data, known) : null, isCollection ? pages(data) : null,
               isCollection ? table(data) : null, ...pictures(data), tree(data)]
        ).filter(Boolean),
    );
    if (data?.transitioning === "yes" && looks < LOOKS) {
        looks += 1;
        setTimeout(look, LOOK_AGAIN_MILLIS);
    }
}

/** Until nothing is under way any more; not while the user fills in something. */
async function look() {
    if (document.querySelector("dialog[open]")) {
        setTimeout(look, LOOK_AGAIN_MILLIS);
        return;
    }
    const answer = await ask("GET", location.href).catch(() => null);
    if (answer?.ok) show(answer.body);
}

function path() {
    const parts = location.pathname.split("/").filter(Boolean);
    return parts.map((part, n) => {
        const address = "/" + parts.slice(0, n + 1).join("/");
        const text = decodeURIComponent(part);
        return element("li", {}, n === parts.length - 1
            ? element("a", { href: address, "aria-current": "page" }, text)
            : element("a", { href: address }, text));
    });
}

document.getElementById("path").append(...path());
document.getElementById("who").append(
    ...(page.user
        ? [element("span", {}, page.user), page.project ? ` in ${page.project} ` : " ", element("a", { href: "/console/logout" }, "Log out")]
        : []),
);
show(page.data);
