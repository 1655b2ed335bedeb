// Inputs for values, by the type of their field. Each has a node to show, and `read`, which gives the value, or
// undefined for none.
import { ask, button, element, schema } from "./dom.js";

const MOST_CHOICES = 200;
const LONG = 256;
const BRACKETS = /^(array|map|reference)\[(.+)\]$/;

/** An input for a field, filled with a value. */
export function input(field, value, id) {
    const [, outer, inner] = BRACKETS.exec(field.type) ?? [];
    if (outer === "array") return rows(inner, value, false);
    if (outer === "map") return rows(inner, value, true);
    if (outer === "reference") return reference(inner, value, id);
    if (field.options?.length) return choice(field.options.map((one) => [one, one]), field, value, id);
    switch (field.type) {
        case "boolean":
            return truth(field, value, id);
        case "int":
        case "float":
            return number(field, value, id);
        case "password":
            return password(field, value, id);
        case "date":
            return line({ ...field, placeholder: "2031-04-05T06:07:08Z" }, value, id);
        case "string":
        case "enum":
            return line(field, value, id);
        default:
            return json(value, id);
    }
}

function bounds(field) {
    return { minlength: field.minLength, maxlength: field.maxLength, placeholder: field.placeholder };
}

/** A line, which can be made an area of several lines. */
function line(field, value, id) {
    let control = element("input", { id, type: "text", ...bounds(field), value: value ?? "" });
    const toggle = button("Several lines", swap, { class: "quiet" });
    function swap() {
        const large = control.tagName === "INPUT";
        const next = element(large ? "textarea" : "input", { id, ...bounds(field), rows: large ? 5 : undefined });
        next.value = control.value;
        control.replaceWith(next);
        control = next;
        toggle.textContent = large ? "One line" : "Several lines";
        control.focus();
    }
    if (typeof value === "string" && value.includes("\n")) {
        const area = element("textarea", { id, ...bounds(field), rows: 5 });
        area.value = value;
        control = area;
        toggle.textContent = "One line";
    }
    const mayBeLong = field.type === "string" && (field.maxLength ?? LONG) >= LONG;
    const node = element("div", { class: "line" }, control, mayBeLong ? toggle : null);
    return { node, read: () => (control.value === "" ? undefined : control.value) };
}

function password(field, value, id) {
    const control = element("input", { id, type: "password", autocomplete: "new-password", ...bounds(field) });
    control.value = value ?? "";
    const show = button("Show", () => {
        control.type = control.type === "password" ? "text" : "password";
        show.textContent = control.type === "password" ? "Show" : "Hide";
    }, { class: "quiet" });
    const node = element("div", { class: "line" }, control, show);
    return { node, read: () => (control.value === "" ? undefined : control.value) };
}

function number(field, value, id) {
    const step = field.type === "int" ? 1 : "any";
    const control = element("input", { id, type: "number", min: field.min, max: field.max, step, value: value ?? "" });
    return { node: control, read: () => (control.value === "" ? undefined : Number(control.value)) };
}

/** A box for what is true or false; a choice for what may be neither. */
function truth(field, value, id) {
    if (field.nullable) {
        const words = [["true", "true"], ["false", "false"]];
        const made = choice(words, field, value === undefined || value === null ? value : String(value), id);
        return { ...made, read: () => ({ true: true, false: false })[made.read()] };
    }
    const control = element("input", { id, type: "checkbox", checked: Boolean(value) });
    return { node: control, read: () => control.checked };
}

function choice(options, field, value, id) {
    const known = options.some(([one]) => one === value) || value === undefined || value === null || value === "";
    const all = known ? options : [[value, value], ...options];
    const none = field.required && value ? [] : [["", field.required ? "choose one" : "(none)"]];
    const control = element(
        "select",
        { id },
        [...none, ...all].map(([one, label]) => element("option", { value: one, selected: one === (value ?? "") }, label)),
    );
    return { node: control, read: () => (control.value === "" ? undefined : control.value) };
}

/** Of the resources of a type; a line for the id if there are too many, or none to be seen. */
function reference(type, value, id) {
    const place = element("div", { class: "line" }, element("span", { class: "hint", role: "status" }, "looking ..."));
    const free = line({ type: "id", placeholder: "id of " + type }, value, id);
    let current = { read: () => value };
    candidates(type).then((found) => {
        current = found ? choice(found, {}, value, id) : free;
        place.replaceChildren(current.node);
    });
    return { node: place, read: () => current.read() };
}

async function candidates(type) {
    const known = await schema(type);
    const collection = known?.links?.collection;
    if (!collection) return null;
    const page = await ask("GET", collection + "?limit=" + MOST_CHOICES);
    if (!page.ok || page.body.pagination?.next) return null;
    return page.body.data.map((one) => [one.id, `${one.name ?? one.type} (${one.id}${one.state ? ", " + one.state : ""})`]);
}

/** A list or map: rows that can be added and removed. */
function rows(type, value, isMap) {
    const list = element("div", { class: "rows" });
    const all = new Set();
    function add(key, one) {
        const name = element("input", { type: "text", value: key ?? "", "aria-label": "key", placeholder: "key" });
        const made = input({ type, required: true }, one);
        made.node.querySelector?.("input, select, textarea")?.setAttribute("aria-label", "value");
        if (made.node.matches("input, select, textarea")) made.node.setAttribute("aria-label", "value");
        const row = { name, read: made.read };
        const remove = button("Remove", () => {
            all.delete(row);
            node.remove();
        }, { class: "quiet" });
        const node = element("div", { class: "row" }, isMap ? name : null, made.node, remove);
        all.add(row);
        list.append(node);
    }
    for (const [key, one] of Object.entries(value ?? {})) add(key, one);
    const more = button("Add", () => {
        add();
        list.lastElementChild.querySelector("input, select, textarea")?.focus();
    }, { class: "quiet" });
    const read = () => {
        const given = [...all].map((row) => [row.name.value, row.read()]).filter(([, one]) => one !== undefined);
        if (given.length === 0 && value === undefined) return undefined;
        return isMap ? Object.fromEntries(given) : given.map(([, one]) => one);
    };
    return { node: element("div", {}, list, more), read };
}

function json(value, id) {
    const control = element("textarea", { id, rows: 4, spellcheck: "false", placeholder: "JSON" });
    control.value = value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
    const read = () => {
        if (control.value.trim() === "") return undefined;
        try {
            return JSON.parse(control.value);
        } catch {
            return control.value; // the server tells what is wrong with it
        }
    };
    return { node: control, read };
}
