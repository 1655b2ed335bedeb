# Wraps `///` comments at 120 columns. The formatter cannot: it breaks a long one into lines that lack the slashes.
# A line that is too long takes the rest of its paragraph along; others stay as they are. Tables and code are left alone.
function flush_paragraph(    n, words, i, line) {
    if (text == "") return
    n = split(text, words, " ")
    line = lead words[1]
    for (i = 2; i <= n; i++) {
        if (length(line) + 1 + length(words[i]) > 120) { print line; line = hang words[i] }
        else line = line " " words[i]
    }
    print line
    text = ""
}
/^ *\/\/\/ /  {
    match($0, /^ *\/\/\/ +/); mark = substr($0, 1, RLENGTH); rest = substr($0, RLENGTH + 1)
    fresh = rest ~ /^(@|- |\* |[0-9]+\. |\||#|```)/ || mark ~ /\/\/\/  /
    if (rest ~ /^```/) fenced = !fenced
    if (text != "" && !fresh && !fenced) { text = text " " rest; next }
    flush_paragraph()
    if (length($0) <= 120 || fenced || rest ~ /^\|/) { print; next }
    lead = mark; hang = mark; text = rest
    if (rest ~ /^@/) hang = substr(mark, 1, index(mark, "///") + 2) "     "
    next
}
{ flush_paragraph(); if ($0 !~ /^ *\/\/\//) fenced = 0; print }
END { flush_paragraph() }
