package holdfast.cli;

import tools.jackson.databind.JsonNode;

/// One resource, for people: a heading, and a line for each fact.
final class Sheet {
    private final Terminal terminal;
    private final JsonNode one;
    private final StringBuilder text;
    private int width = 14;

    /// @param name what it is called in the heading
    /// @param state its state there, in the colour of its field `state`
    Sheet(Terminal terminal, JsonNode one, String name, String state) {
        this.terminal = terminal;
        this.one = one;
        var styled = terminal.styled(States.style(Nodes.text(one, "state")), state);
        this.text = new StringBuilder(terminal.styled(Terminal.Style.STRONG, name))
                .append(state.isEmpty() ? "\n" : "  " + styled + "\n");
    }

    /// One that is known by its name.
    static Sheet named(Terminal terminal, JsonNode one) {
        return new Sheet(terminal, one, Nodes.text(one, "name"), Nodes.text(one, "state"));
    }

    /// With names of up to so many columns before what follows.
    Sheet wide(int columns) {
        width = Math.max(width, columns);
        return this;
    }

    /// Fields as they are.
    Sheet facts(String... fields) {
        for (var field : fields) fact(field, Nodes.text(one, field));
        return this;
    }

    /// Fields that are times.
    Sheet times(String... fields) {
        for (var field : fields) time(field, field);
        return this;
    }

    /// A time under another name.
    Sheet time(String name, String field) {
        return fact(name, Times.seconds(Nodes.text(one, field), terminal.zone()));
    }

    Sheet fact(String name, String value) {
        var room = " ".repeat(Math.max(0, width - name.length()) + 1);
        text.append(name).append(room).append(SliceView.dash(value)).append('\n');
        return this;
    }

    /// A table below, if there is anything in it.
    Sheet below(Table table) {
        if (!table.isEmpty()) text.append('\n').append(table.text(terminal));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
