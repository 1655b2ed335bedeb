package holdfast.drivers.openstack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What each service says when it refuses, as it was seen.
class ComplaintTest {
    @Test
    void every_service_is_understood() {
        is("{\"forbidden\": {\"code\": 403, \"message\": \"Quota exceeded\"}}", "forbidden", "Quota exceeded");
        is(
                "{\"NeutronError\": {\"type\": \"OverQuota\", \"message\": \"No more ports.\", \"detail\": \"\"}}",
                "OverQuota",
                "No more ports.");
        is(
                "{\"errors\": [{\"status\": 409, \"detail\": \"Changed\\n\\n by somebody.  \", \"code\": \"placement.concurrent_update\"}]}",
                "placement.concurrent_update",
                "Changed by somebody.");
        is(
                "{\"message\": \"Not yours.<br /><br />\\n\", \"code\": \"403 Forbidden\", \"title\": \"Forbidden\"}",
                "Forbidden",
                "Not yours.");
        is("{\"error\": {\"code\": 401, \"message\": \"Who?\", \"title\": \"Unauthorized\"}}", "error", "Who?");
    }

    @Test
    void what_is_no_complaint_is_told_by_its_status_and_what_is_long_is_cut() {
        is("<html>Bad Gateway</html>", "", "it answered with status 502");
        is("", "", "it answered with status 502");
        is("[1]", "", "it answered with status 502");
        is("{\"a\": 1}", "", "it answered with status 502");
        var longest = Complaint.read(400, "{\"x\": {\"message\": \"" + "y".repeat(5000) + "\"}}");
        assertThat(longest.message()).hasSize(503);
    }

    private static void is(String body, String kind, String message) {
        assertThat(Complaint.read(502, body)).isEqualTo(new Complaint(kind, message));
    }
}
