// What of a collection is shown, in which order: filters, sorting, limit and pages.
import { button, element, local, unique } from "./dom.js";

const WITHOUT_VALUE = ["null", "notnull"];
const WORDS = {
    eq: "is", ne: "is not", lt: "<", lte: "≤", gt: ">", gte: "≥", prefix: "begins with",
    like: "is like", notlike: "is not like", null: "is null", notnull: "is not null",
};

function select(label, options, value) {
    return element(
        "select",
        { "aria-label": label },
        options.map(([one, text]) => element("option", { value: one, selected: one === value }, text)),
    );
}

/** One condition: a field, how it is compared, and with what. */
function condition(known, given, remove) {
    const names = Object.keys(known).sort();
    const field = select("field", names.map((name) => [name, name]), given.field ?? names[0]);
    const how = element("span", { class: "line" });
    let modifier;
    let value;
    function compare() {
        const filter = known[field.value];
        modifier = select("comparison", filter.modifiers.map((one) => [one, WORDS[one] ?? one]), given.modifier);
        value = filter.options?.length
            ? select("value", filter.options.map((one) => [one, one]), given.value)
            : element("input", { type: "text", "aria-label": "value", value: given.value ?? "" });
        const hide = () => (value.hidden = WITHOUT_VALUE.includes(modifier.value));
        modifier.addEventListener("change", hide);
        hide();
        how.replaceChildren(modifier, value);
    }
    field.addEventListener("change", () => {
        given = {};
        compare();
    });
    compare();
    const node = element("div", { class: "row" }, field, how, button("Remove", () => remove(made), { class: "quiet" }));
    const made = {
        node,
        parameter: () => [
            modifier.value === "eq" ? field.value : `${field.value}_${modifier.value}`,
            WITHOUT_VALUE.includes(modifier.value) ? "" : value.value,
        ],
    };
    return made;
}

function present(filters) {
    return Object.entries(filters ?? {}).flatMap(([field, all]) =>
        (all ?? []).map((one) => ({ field, modifier: one.modifier, value: one.value })),
    );
}

/** The editor of a collection's query. */
export function query(collection, schema) {
    const known = schema?.collectionFilters ?? {};
    const given = present(collection.filters);
    const list = element("div", { class: "rows" });
    const all = new Set();
    const add = (one) => {
        const made = condition(known, one, (gone) => {
            all.delete(gone);
            gone.node.remove();
        });
        all.add(made);
        list.append(made.node);
        return made;
    };
    given.filter((one) => known[one.field]).forEach(add);
    const sorts = Object.keys(collection.sortLinks ?? {}).sort();
    const sort = select("sort by", [["", "(as made)"], ...sorts.map((one) => [one, one])], collection.sort?.name ?? "");
    const order = select("order", [["asc", "ascending"], ["desc", "descending"]], collection.sort?.order ?? "asc");
    const limit = element("input", {
        type: "number", id: unique(), min: 1, max: 3000, value: collection.pagination?.limit ?? 100,
    });

    function apply(event) {
        event.preventDefault();
        const url = new URL(collection.links.self, location.href);
        const keep = ["include", "projectId", "_removed"];
        const next = new URLSearchParams([...url.searchParams].filter(([name]) => keep.includes(name)));
        for (const one of all) next.append(...one.parameter());
        if (sort.value) {
            next.set("sort", sort.value);
            next.set("order", order.value);
        }
        if (limit.value && limit.value !== "100") next.set("limit", limit.value);
        location.assign(url.pathname + (next.size ? "?" + next : ""));
    }

    const filtered = given.length + (collection.sort ? 1 : 0);
    return element(
        "details",
        { class: "query card", open: given.length > 0 },
        element("summary", {}, "Filter and sort", filtered ? element("span", { class: "size" }, filtered + " set") : null),
        element(
            "form",
            { onsubmit: apply },
            list,
            sorts.length || Object.keys(known).length
                ? button("Add filter", () => add({}).node.querySelector("select").focus(), { class: "quiet" })
                : null,
            element("div", { class: "line spread" },
                element("label", {}, "Sort by ", sort), element("label", {}, "Order ", order),
                element("label", { for: limit.id }, "Limit "), limit,
                element("button", { type: "submit", class: "primary" }, "Apply"),
                element("a", { href: new URL(local(collection.links.self), location.href).pathname }, "Clear"),
            ),
        ),
    );
}

/** First, previous and next page. */
export function pages(collection) {
    const pagination = collection.pagination;
    if (!pagination || (!pagination.first && !pagination.previous && !pagination.next)) return null;
    const one = (word, label) =>
        button(label, () => location.assign(local(pagination[word])), { disabled: !pagination[word] });
    return element(
        "nav",
        { class: "line", "aria-label": "Pages" },
        one("first", "First"), one("previous", "Previous"), one("next", "Next"),
    );
}
