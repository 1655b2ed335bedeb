package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class XmlTreeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not found",
                "<instances><instance id='a'>",
                "<!DOCTYPE html><html><body/></html>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
                "<x>&lol;</x>",
                "<a/><b/>"
            })
    void what_is_not_whole_or_wants_more_than_to_be_read_is_not_read(String text) {
        assertThat(XmlTree.read(text)).isInstanceOf(Answer.No.class);
    }

    @Test
    void depth_has_an_end() {
        var deep = XmlTree.read("<a>".repeat(50) + "</a>".repeat(50));
        assertThat(((Answer.No<XmlTree>) deep).why().message()).contains("more than 40 levels");
    }

    @Test
    void what_is_unknown_does_no_harm_and_what_is_missing_is_empty() {
        var root = XmlTree.read(
                        "<?xml version='1.0'?><!-- x --><r new='1'><b> <![CDATA[ c ]]> </b><c href='http://x/y/z'/><d/></r>")
                .orThrow();
        assertThat(root.says("b")).contains("c");
        assertThat(root.refers("c")).contains("z");
        assertThat(root.says("d")).isEmpty();
        assertThat(root.refers("none")).isEmpty();
        assertThat(root.attribute("none")).isEmpty();
    }

    @Test
    void a_list_longer_than_any_document_is_read_entry_by_entry() {
        int many = 60_000;
        var rest = "<x/>".repeat(8);
        var parts = IntStream.rangeClosed(0, many + 1)
                .mapToObj(n -> n == 0 ? "<list of='x'>" : n > many ? "</list>" : "<e><n>" + n + "</n>" + rest + "</e>")
                .<InputStream>map(text -> new ByteArrayInputStream(text.getBytes(UTF_8)))
                .iterator();
        var numbers = new long[2];
        var around = XmlTree.each(new SequenceInputStream(each(parts)), entry -> {
            numbers[0]++;
            numbers[1] += Long.parseLong(entry.says("n").orElseThrow());
        });
        assertThat(around.orThrow()).isEqualTo(new XmlTree("list", Map.of("of", "x"), List.of(), ""));
        assertThat(numbers).containsExactly(many, many * (many + 1L) / 2);
    }

    @SuppressWarnings("JdkObsolete") // streams in sequence want one
    private static Enumeration<InputStream> each(Iterator<InputStream> parts) {
        return new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return parts.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return parts.next();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<list><e/>",
                "<list><e></list>",
                "<list><e/></list><more/>",
                "<!DOCTYPE list><list/>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x><e>&e;</e></x>"
            })
    void a_list_that_is_not_whole_is_none(String text) {
        var bytes = new ByteArrayInputStream(text.getBytes(UTF_8));
        assertThat(XmlTree.each(bytes, _ -> {})).isInstanceOf(Answer.No.class);
    }
}
