package holdfast.platform;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
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
}
