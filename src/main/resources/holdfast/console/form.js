// Forms to create and edit resources, made from their schemas.
import { button, dialog, element, schema, unique } from "./dom.js";
import { input } from "./inputs.js";
import { failure, propose } from "./send.js";

const FIRST = ["name", "description"];
const LAST = ["data", "uuid"];

function order([one, left], [other, right]) {
    const rank = (name, field) =>
        FIRST.includes(name) ? FIRST.indexOf(name) - FIRST.length : (field.required ? 0 : 1) + 2 * LAST.indexOf(name);
    return rank(one, left) - rank(other, right) || one.localeCompare(other);
}

const equal = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** One field with its label, its rule, and a box for null. */
function row(name, field, value, isNew) {
    const id = unique();
    const start = value ?? (isNew ? field.default : undefined) ?? undefined;
    const made = input(field, start, id);
    const nothing = element("input", { type: "checkbox", id: id + "-null", checked: !isNew && value === null });
    const withNull = field.nullable && !field.required && !isNew;
    const rules = [
        field.type,
        field.required ? "required" : null,
        field.unique ? "unique" : null,
        field.min !== undefined ? "min " + field.min : null,
        field.max !== undefined ? "max " + field.max : null,
        field.maxLength !== undefined ? "at most " + field.maxLength + " characters" : null,
        field.readOnCreateOnly ? "shown only once" : null,
    ].filter(Boolean);
    const node = element(
        "div",
        { class: "field", "data-field": name },
        element("label", { for: id }, name, field.required ? element("span", { class: "needed" }, " *") : null),
        element(
            "div",
            { class: "value" },
            made.node,
            withNull ? element("label", { class: "null" }, nothing, " NULL") : null,
            element("div", { class: "hint" }, [field.description, rules.join(", ")].filter(Boolean).join(" · ")),
        ),
    );
    if (withNull) {
        const other = made.node;
        const shade = () => (other.inert = nothing.checked);
        nothing.addEventListener("change", shade);
        shade();
    }
    const read = () => (withNull && nothing.checked ? null : made.read());
    const initial = isNew ? undefined : value;
    const changed = () => {
        const now = read();
        if (now === undefined) return isNew || initial === null || initial === undefined ? undefined : null;
        return equal(now, initial) ? undefined : now;
    };
    return { name, node, read: changed, secret: field.type === "password" || Boolean(field.readOnCreateOnly) };
}

function open(title, chooser, build, request, done) {
    const fault = element("div", { "aria-live": "assertive" });
    const place = element("div", { class: "fields" });
    let rows = [];
    const form = element("form", { method: "dialog", novalidate: true }, chooser, fault, place);
    const submit = element("button", { type: "submit", class: "primary" }, "Show request");
    form.append(element("div", { class: "buttons" }, button("Cancel", () => window.close()), submit));
    const window = dialog(title, form);

    function mark(answer) {
        const name = answer.body?.fieldName;
        place.querySelectorAll("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
        fault.replaceChildren(failure(answer));
        const at = name ? place.querySelector(`[data-field="${CSS.escape(name.split(".")[0])}"]`) : null;
        const control = at?.querySelector("input, select, textarea");
        control?.setAttribute("aria-invalid", "true");
        (control ?? fault).scrollIntoView({ block: "center" });
        control?.focus();
    }

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        const given = rows.map((one) => [one.name, one.read()]).filter(([, value]) => value !== undefined);
        propose(
            { ...request(), body: Object.fromEntries(given) },
            {
                secrets: new Set(rows.filter((one) => one.secret).map((one) => one.name)),
                refused: mark,
                done: async (answer) => {
                    window.close();
                    await done(answer);
                },
            },
        );
    });

    return async function fill() {
        rows = await build();
        place.replaceChildren(...rows.map((one) => one.node));
        if (rows.length === 0) place.append(element("p", { class: "hint" }, "There is nothing to fill in."));
        (chooser?.querySelector("select") ?? place.querySelector("input, select, textarea"))?.focus();
    };
}

function fields(known, right) {
    return Object.entries(known?.resourceFields ?? {}).filter(([, field]) => field[right]).sort(order);
}

/** A form for a new resource in a collection. */
export function create(collection, done) {
    const types = Object.keys(collection.createTypes ?? {});
    const first = types.includes(collection.resourceType) || types.length === 0 ? collection.resourceType : types[0];
    const select = element(
        "select",
        { id: unique(), onchange: () => fill() },
        types.map((type) => element("option", { value: type, selected: type === first }, type)),
    );
    const chooser = types.length > 1
        ? element("div", { class: "field" }, element("label", { for: select.id }, "type"), element("div", { class: "value" }, select))
        : null;
    const type = () => (chooser ? select.value : first);
    const address = () => collection.createTypes?.[type()] ?? collection.links.self.split("?")[0];
    const fill = open(
        "Create " + collection.resourceType,
        chooser,
        async () =>
            fields(await schema(type()), "create").map(([name, field]) =>
                row(name, field, collection.createDefaults?.[name], true),
            ),
        () => ({ method: "POST", address: address() }),
        async (answer) => done(answer, await schema(type())),
    );
    return fill();
}

/** A form for what can be changed of a resource. */
export function edit(resource, known, done) {
    const fill = open(
        "Edit " + (resource.name ?? resource.id),
        null,
        async () => fields(known, "update").map(([name, field]) => row(name, field, resource[name], false)),
        () => ({ method: "PUT", address: resource.links.self }),
        done,
    );
    return fill();
}
