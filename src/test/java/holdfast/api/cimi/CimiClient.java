package holdfast.api.cimi;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.api.deltacloud.DeltacloudLab;
import holdfast.api.deltacloud.DeltacloudLab.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import tools.jackson.databind.JsonNode;

/// Ann, who asks in CIMI, mostly in JSON. Targets are whole addresses, or what is behind `/cimi`.
record CimiClient(DeltacloudLab lab) {
    String at(String target) {
        return target.startsWith("http") ? target : lab.server.address() + "/cimi" + target;
    }

    Reply get(String target) {
        return lab.get(at(target)).ann().json().send();
    }

    JsonNode json(String target) {
        return get(target).json();
    }

    /// @param headers names and values in turn
    Reply sent(String method, String target, String body, String... headers) {
        var call = lab.call(method, at(target), BodyPublishers.ofString(body))
                .with("Content-Type", body.startsWith("<") ? "application/xml" : "application/json")
                .ann()
                .json();
        for (int n = 0; n < headers.length; n += 2) call = call.with(headers[n], headers[n + 1]);
        return call.send();
    }

    /// The address of what is made, where it is found as it was told.
    String made(String target, String body) {
        var reply = sent("POST", target, body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.header("Location"))
                .isEqualTo(reply.json().path("id").asString())
                .startsWith(at(target));
        assertThat(json(reply.header("Location")).path("name").asString())
                .isEqualTo(reply.json().path("name").asString());
        return reply.header("Location");
    }

    /// The status; what is deleted leaves no words, but for what is taken out of a list.
    int deleted(String target) {
        var reply = lab.call("DELETE", at(target)).ann().json().send();
        assertThat(reply.status() == 200 && !target.contains("/volumes/") ? reply.text() : "")
                .isEmpty();
        return reply.status();
    }

    /// The address of a machine that runs.
    String machine() {
        return at("/machines/" + lab.launched());
    }
}
