package holdfast.api.cimi;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.platform.Json;
import holdfast.platform.XmlTree;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// One document, written in two ways.
final class NotationTest {
    private static String xml(String json) {
        return Notation.xml((ObjectNode) Json.tree(json)).document();
    }

    private static ObjectNode json(String xml) {
        return Notation.json(XmlTree.read(xml).orThrow());
    }

    @Test
    void a_machine_is_written_as_the_standard_shows_it() {
        assertThat(xml("""
                {"resourceURI": "http://schemas.dmtf.org/cimi/1/Machine", "id": "http://b/cimi/machines/21", "name": "a<b",
                 "properties": {"tier": "front"}, "machineImage": {"href": "http://b/cimi/machine_images/web-os"},
                 "cpu": 1, "disks": {"href": "http://b/cimi/machines/21/disks"},
                 "operations": [{"rel": "edit", "href": "http://b/cimi/machines/21"}]}
                """))
                .isEqualToIgnoringNewLines("<?xml version=\"1.0\" encoding=\"utf-8\"?>"
                        + "<Machine xmlns=\"http://schemas.dmtf.org/cimi/1\" resourceURI=\"http://schemas.dmtf.org/cimi/1/Machine\">"
                        + "<id>http://b/cimi/machines/21</id><name>a&lt;b</name><property key=\"tier\">front</property>"
                        + "<machineImage href=\"http://b/cimi/machine_images/web-os\"/><cpu>1</cpu>"
                        + "<disks href=\"http://b/cimi/machines/21/disks\"/>"
                        + "<operation rel=\"edit\" href=\"http://b/cimi/machines/21\"/></Machine>");
    }

    @Test
    void the_members_of_a_collection_have_the_name_of_their_type() {
        assertThat(xml("""
                {"resourceURI": "http://schemas.dmtf.org/cimi/1/MachineCollection", "id": "x", "href": "x", "count": 1,
                 "machines": [{"id": "x/1"}], "operations": [{"rel": "add", "href": "x"}]}
                """))
                .contains("<Collection xmlns=\"http://schemas.dmtf.org/cimi/1\"")
                .contains("<count>1</count><Machine><id>x/1</id></Machine><operation rel=\"add\" href=\"x\"/>");
    }

    @Test
    void what_clients_send_is_read_leniently() {
        var body = json("""
                <machineCreate><name> web-1 </name><property key="tier">front</property><surprise><a/></surprise>
                  <machineTemplate><machineConfig href="http://example.com/x/small"/>
                    <volume href="http://b/v/1"/><volume href="http://b/v/2"/><initialState>STOPPED</initialState>
                  </machineTemplate></machineCreate>
                """);
        assertThat(Fields.text(body, "name")).contains("web-1");
        assertThat(Fields.properties(body)).containsEntry("tier", "front");
        var template = Fields.object(body, "machineTemplate").orElseThrow();
        assertThat(Fields.reference(template, "machineConfig")).contains("small");
        assertThat(template.path("volumes")).hasSize(2);
    }

    @Test
    void bombs_and_foreign_entities_are_refused() {
        assertThat(XmlTree.read("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")).isInstanceOf(Answer.No.class);
        assertThat(XmlTree.read("<a>&b;</a>")).isInstanceOf(Answer.No.class);
        assertThat(XmlTree.read("<a>".repeat(100) + "</a>".repeat(100))).isInstanceOf(Answer.No.class);
        assertThat(XmlTree.read("<a><b></a>")).isInstanceOf(Answer.No.class);
        assertThat(XmlTree.read("")).isInstanceOf(Answer.No.class);
        assertThat(XmlTree.read("<a/><b/>")).isInstanceOf(Answer.No.class);
    }
}
