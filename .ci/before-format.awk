# What the formatter cannot do, done before it sees a file:
# - it wraps `///` comments that are too long into lines that lack the slashes, so they are wrapped here. It counts the
#   indentation twice. A line that is too long takes the rest of its paragraph along; tables and code are left alone.
# - it does not know the unnamed pattern `_` inside of a record pattern; `var _` says the same.
function flush_paragraph(    n, words, i, line) {
    if (text == "") return
    n = split(text, words, " ")
    line = lead words[1]
    for (i = 2; i <= n; i++) {
        if (length(line) + 1 + length(words[i]) > limit) { print line; line = hang words[i] }
        else line = line " " words[i]
    }
    print line
    text = ""
}
/^ *\/\/\/ / {
    match($0, /^ *\/\/\/ +/); mark = substr($0, 1, RLENGTH); rest = substr($0, RLENGTH + 1)
    fresh = rest ~ /^(@|- |\* |[0-9]+\. |\||#|```)/ || mark ~ /\/\/\/  /
    if (rest ~ /^```/) fenced = !fenced
    if (text != "" && !fresh && !fenced) { text = text " " rest; next }
    flush_paragraph()
    limit = 120 - (index(mark, "/") - 1)
    if (length($0) <= limit || fenced || rest ~ /^\|/) { print; next }
    lead = mark; hang = mark; text = rest
    if (rest ~ /^@/) hang = substr(mark, 1, index(mark, "///") + 2) "     "
    next
}
/(^|[^A-Za-z0-9_])(case|instanceof) / {
    flush_paragraph()
    match($0, /(^|[^A-Za-z0-9_])(case|instanceof) /)
    before = substr($0, 1, RSTART - 1); label = substr($0, RSTART); after = ""
    if (label ~ /case / && (end = index(label, "->")) > 0) { after = substr(label, end); label = substr(label, 1, end - 1) }
    if (label !~ /->/) while (match(label, /[(,] ?_ ?[,)]/)) {
        at = RSTART + index(substr(label, RSTART, RLENGTH), "_") - 1
        label = substr(label, 1, at - 1) "var _" substr(label, at + 1)
    }
    print before label after
    next
}
{ flush_paragraph(); if ($0 !~ /^ *\/\/\//) fenced = 0; print }
END { flush_paragraph() }
