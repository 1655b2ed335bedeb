package holdfast.inventory;

/// What XML 1.0 can carry, and how text is escaped for it.
final class Xml {
    private Xml() {}

    /// Whether every character may stand in an XML document: no control characters but tab and line ends, no half
    /// surrogates.
    static boolean isWritable(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
            if (control || c == 0xFFFE || c == 0xFFFF) {
                return false;
            }
            if (Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1))) {
                at++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /// Appends `text` so that a reader gets it back unchanged, in element content and in a double-quoted attribute.
    static void escape(String text, StringBuilder out) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\r' -> out.append("&#13;"); // a bare one would be read back as a line feed
                default -> out.append(c);
            }
        }
    }
}
