package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// Something that a user gets wrong, and what the answer must be. Quotes in a JSON body may be single ones.
///
/// @param field empty if it does not matter
/// @param told parts of the message
record Mistake(
        String what,
        String method,
        String target,
        String type,
        String body,
        int status,
        String code,
        String field,
        List<String> told) {
    Mistake(
            String what,
            String method,
            String target,
            String type,
            String body,
            int status,
            String code,
            String field,
            String... told) {
        this(what, method, target, type, body, status, code, field, List.of(told));
    }

    static Mistake form(String what, String body, String field, String... told) {
        return new Mistake(what, "POST", "/v1/slices", "application/json", body, 400, "Malformed", field, told);
    }

    static Mistake node(String what, String fields, String field, String... told) {
        return form(what, "{\"name\": \"bad\", \"nodes\": [{\"name\": \"n1\", " + fields + "}]}", field, told);
    }

    static Mistake get(String what, String target, int status, String code, String... told) {
        return new Mistake(what, "GET", target, "", "", status, code, "", told);
    }

    /// One test for each: the answer is as it must be, and nothing is kept.
    static Stream<DynamicTest> tests(TestDomain domain, Mistake... mistakes) {
        return Stream.of(mistakes).map(one -> DynamicTest.dynamicTest(one.what, () -> one.check(domain)));
    }

    private void check(TestDomain domain) {
        var sent = type.endsWith("json") ? body.replace('\'', '"') : body;
        var reply = domain.send(ALICE, method, target, type, sent);
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        var error = reply.json();
        assertThat(error.get("type").stringValue()).isEqualTo("error");
        assertThat(error.get("status").intValue()).isEqualTo(status);
        assertThat(error.get("code").stringValue()).isEqualTo(code);
        if (!field.isEmpty()) {
            assertThat(error.path("fieldName").asString("")).isEqualTo(field);
        }
        var message = error.get("message").stringValue();
        assertThat(message).as("in few words").hasSizeLessThan(600);
        told.forEach(part -> assertThat(message).contains(part));
        assertThat(domain.get(domain.admin, "/v1/slices?_removed=true").json().get("data"))
                .as("nothing is kept")
                .isEmpty();
    }
}
