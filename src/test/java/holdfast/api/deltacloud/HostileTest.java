package holdfast.api.deltacloud;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What nobody in good faith sends.
@Timeout(300)
class HostileTest {
    private static DeltacloudLab lab;

    @BeforeAll
    static void start() {
        lab = new DeltacloudLab(new MemoryAccounts());
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    private static DeltacloudLab.Reply send(String type, String body) {
        return lab.call("POST", "/instances", BodyPublishers.ofString(body))
                .with("Content-Type", type)
                .ann()
                .xml()
                .send();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json | {\"image_id\":\"web-os\"} | 415",
                "application/xml | <x/> | 415",
                "multipart/form-data | --x | 400",
                "multipart/form-data; boundary=x | no parts | 400",
                "multipart/form-data; boundary=x | --x | 400",
                "application/x-www-form-urlencoded | image_id=%zz | 400",
                "application/x-www-form-urlencoded | image_id=%00 | 400",
                "application/x-www-form-urlencoded | image_id=web-os&name=%ff%fe | 400",
                "application/x-www-form-urlencoded | image_id=web-os&%00=x | 400",
                "multipart/form-data; boundary=x | '--x\r\nContent-Disposition: form-data; name=name\r\n\r\n\0\r\n--x--\r\n' | 400",
            })
    void a_bad_body_is_refused(String type, String body, int status) {
        assertThat(send(type, body).status()).isEqualTo(status);
    }

    @Test
    void a_field_in_other_characters_than_those_of_utf_8_is_refused() {
        var part = "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";
        var parts = part.formatted("image_id", "web-os") + part.formatted("name", "caf\u00e9") + "--x--\r\n";
        for (var body : Map.of("image_id=web-os&name=caf\u00e9", Fields.FORM, parts, "multipart/form-data; boundary=x")
                .entrySet()) {
            for (var charset : List.of(ISO_8859_1, UTF_8)) {
                var reply = lab.call("POST", "/instances", BodyPublishers.ofString(body.getKey(), charset))
                        .with("Content-Type", body.getValue())
                        .ann()
                        .xml()
                        .send();
                assertThat(reply.status()).as(reply.text()).isEqualTo(charset.equals(UTF_8) ? 201 : 400);
                assertThat(reply.text()).doesNotContain("\ufffd");
            }
        }
        var address = lab.call("POST", "/instances?image_id=web-os&name=%ff", BodyPublishers.noBody());
        assertThat(address.ann().xml().send().status()).isEqualTo(400);
        assertThat(send(Fields.FORM, "image_id=web-os&name=" + "\u00e9".repeat(50))
                        .status())
                .isEqualTo(201);
        assertThat(send(Fields.FORM, "image_id=web-os&name=" + "x".repeat(51)).text())
                .as("longer than the entry point says")
                .contains("has more than 50 characters");
    }

    @Test
    void a_huge_body_and_too_many_fields_are_refused() {
        assertThat(send(Fields.FORM, "image_id=" + "x".repeat(2 << 20)).status())
                .isEqualTo(413);
        assertThat(send(Fields.FORM, "a=b&".repeat(501)).status()).isEqualTo(400);
        var part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        assertThat(send("multipart/form-data; boundary=x", part.repeat(501) + "--x--\r\n")
                        .status())
                .isEqualTo(400);
        assertThat(send("multipart/form-data; boundary=x", "--x\r\nX: " + "y".repeat(9_000) + "\r\n\r\n1\r\n--x--\r\n")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "%2e%2e%2fdrivers",
                "%00",
                "%3Cscript%3E",
                "1-1-1-1-1",
                "'or'1'='1",
                "%F0%9F%92%A9",
                "a%20b"
            })
    void a_hostile_id_is_nobodys(String id) {
        for (var collection : new String[] {"/instances/", "/images/", "/realms/", "/keys/", "/buckets/"}) {
            var reply = lab.get(collection + id).ann().xml().send();
            assertThat(reply.status()).as(collection + id).isEqualTo(404);
            assertThat(reply.xml("/error/code")).isEqualTo("404");
        }
        assertThat(lab.call("POST", "/instances/" + id + "/stop")
                        .ann()
                        .xml()
                        .send()
                        .status())
                .isEqualTo(404);
        assertThat(lab.get("/instances/" + id + "?format=html").ann().send().text())
                .doesNotContain("<script");
    }

    @Test
    void a_provider_cannot_write_headers() {
        var reply = lab.get(";provider=a%0d%0aSet-Cookie:%20x=y").xml().send();
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.header("Set-Cookie")).isEmpty();
        assertThat(reply.header("X-Deltacloud-Provider")).isEmpty();
        var far = lab.get(";provider=caf%C3%A9").xml().send();
        assertThat(far.xml("/api/@provider")).isEqualTo("café");
        assertThat(far.header("X-Deltacloud-Provider")).isEmpty();
        assertThat(lab.get(";provider=" + "x".repeat(300)).xml().send().status())
                .isEqualTo(400);
        assertThat(lab.get(";driver=%22x").xml().send().status()).isEqualTo(400);
    }

    @Test
    void a_name_that_no_document_may_hold_is_told_without_it() {
        var name = "a\u0001<b>&\"]]>\u00e9";
        var form = "image_id=web-os&name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        var made = lab.post("/instances", form).ann().xml().send();
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.xml("/instance/name")).isEqualTo("a\ufffd<b>&\"]]>\u00e9");
        assertThat(lab.get("/instances?format=html").ann().send().text()).doesNotContain("<b>");
    }

    @Test
    void an_endless_accept_is_cut() {
        assertThat(lab.get("")
                        .with("Accept", "x/y,".repeat(2_000) + "application/xml")
                        .send()
                        .status())
                .isEqualTo(406);
        assertThat(lab.get("").with("Accept", ";;;q=,,/,=").send().status()).isEqualTo(406);
    }

    @Test
    void deep_and_strange_paths_are_not_there() {
        assertThat(lab.get("/instances" + "/x".repeat(500)).ann().xml().send().status())
                .isEqualTo(404);
        assertThat(lab.get("/instances;;;=;a/x;y=").ann().xml().send().status()).isEqualTo(404);
        assertThat(lab.get("/;driver=mock").ann().xml().send().status()).isEqualTo(404);
    }

    @Test
    void who_names_no_host_is_not_served() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), lab.server.port())) {
            socket.getOutputStream().write("GET /api HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 400 ");
        }
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), lab.server.port())) {
            var text = "GET /api/realms HTTP/1.1\r\nHost: [[:\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(text.getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .containsPattern("^HTTP/1.1 40[01] ");
        }
    }

    @Test
    void passwords_that_are_wrong_tell_nothing() {
        for (var reply : new DeltacloudLab.Reply[] {
            lab.get("/instances").basic("ann", "wrong").xml().send(),
            lab.get("/instances").with("Authorization", "Basic !!!").xml().send(),
            lab.get("/instances").with("Authorization", "Basic eA==").xml().send()
        }) {
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.xml("/error/message")).isEqualTo("Authentication failed");
        }
    }
}
