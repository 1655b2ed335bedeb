// JSON as a tree that folds, with links to follow.
import { element, isAddress, local } from "./dom.js";

const OPEN_DEPTH = 3;
const LARGE = 30;
const ACTIONS = "actions";
const ID = /^(.+)Id$/;

function scalar(value, target) {
    const kind = value === null ? "null" : typeof value;
    const text = kind === "string" ? JSON.stringify(value) : String(value);
    const address = isAddress(value) ? value : target;
    return address
        ? element("a", { href: local(address), class: "string" }, text)
        : element("span", { class: kind }, text);
}

/** Where a member leads: `imageId` to what the link `image` names, `id` to the resource itself. */
function target(owner, name) {
    if (typeof owner.links !== "object" || owner.links === null) return undefined;
    const link = name === "id" ? ["", "self"] : ID.exec(name);
    const to = link && typeof owner[name] === "string" ? owner.links[link[1]] : undefined;
    return isAddress(to) && new URL(to, location.href).origin === location.origin ? to : undefined;
}

function unlink(anchor) {
    anchor.replaceWith(element("span", { class: "string" }, anchor.textContent));
}

function label(name) {
    return name === undefined ? null : [element("span", { class: "name" }, name), ": "];
}

const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

function branch(name, value, depth) {
    const isList = Array.isArray(value);
    const entries = Object.entries(value);
    const [begin, end] = isList ? ["[", "]"] : ["{", "}"];
    if (entries.length === 0) return element("div", { class: "leaf" }, label(name), begin + end);
    const items = entries.map(([key, member]) =>
        node(isList ? undefined : key, member, depth + 1, isList ? undefined : target(value, key)),
    );
    if (name === ACTIONS) items.forEach((one) => one.querySelectorAll("a").forEach(unlink)); // they are not for looking
    const open = depth < OPEN_DEPTH && entries.length <= LARGE;
    const size = element("span", { class: "size" }, counted(entries.length, isList ? "item" : "member"));
    return element(
        "details",
        { open: open || depth === 0 },
        element("summary", {}, label(name), begin, size, element("span", { class: "closed" }, end)),
        element("div", { class: "members" }, items),
        element("div", { class: "leaf" }, end),
    );
}

function node(name, value, depth, link) {
    return typeof value === "object" && value !== null
        ? branch(name, value, depth)
        : element("div", { class: "leaf" }, label(name), scalar(value, link));
}

/** The tree of a value. */
export function tree(value) {
    const all = (open) => (event) => {
        const whole = event.target.closest(".json");
        whole.querySelectorAll("details").forEach((one) => (one.open = open));
    };
    return element(
        "section",
        { class: "json card", "aria-label": "JSON" },
        element(
            "div",
            { class: "corner" },
            element("button", { type: "button", class: "quiet", onclick: all(true) }, "Unfold all"),
            element("button", { type: "button", class: "quiet", onclick: all(false) }, "Fold all"),
        ),
        node(undefined, value, 0),
    );
}
