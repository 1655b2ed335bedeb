package holdfast.api.cimi;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.api.deltacloud.DeltacloudLab;
import holdfast.api.deltacloud.MemoryAccounts;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every kind of answer, in XML and in JSON, as it goes over the wire behind a proxy. Ids and times of what is stored
/// are replaced. With `-Dholdfast.bless=true` the files are written anew.
@Timeout(300)
class GoldenTest {
    private static final Path FILES = Path.of("src/test/resources/golden/cimi");
    private static final List<String> HEADERS = List.of(
            "Content-Type", "Location", "CIMI-Job-URI", "CIMI-Specification-Version", "Allow", "WWW-Authenticate");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern NOW = Pattern.compile("20(?!31)\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z");

    private final List<String> ids = new ArrayList<>(List.of(MemoryAccounts.FIRST.toString()));

    @AutoClose
    private final DeltacloudLab lab = new DeltacloudLab(new MemoryAccounts());

    @Test
    void answers_are_as_they_were_agreed() throws IOException {
        var machine = "/machines/" + lab.launched();
        var things = MemoryAccounts.FIRST + "~";
        made("/volume_configurations", "{\"name\": \"c\", \"format\": \"ext3\", \"capacity\": 1048576}");
        made("/machine_templates", """
                {"name": "t", "description": "d", "properties": {"tier": "front"},
                 "machineConfig": {"href": "/machine_configurations/small"}, "machineImage": {"href": "web-os"}}""");
        made("/volumes", """
                {"name": "data", "description": "d", "volumeTemplate": {"volumeConfig": {"capacity": 5242880}}}""");
        made("/volume_images", "{\"imageLocation\": \"" + things + "vol-1\", \"name\": \"s\"}");
        made("/addresses", "{\"addressTemplate\": {\"resource\": {\"href\": \"" + machine + "\"}}}");
        made("/forwarding_groups", """
                {"name": "g", "forwardingGroupTemplate": {"networks": [
                  {"name": "a", "addressBlock": "10.0.1.0/24"}, {"name": "b", "addressBlock": "10.0.2.0/24"}]}}""");
        made("/network_ports", """
                {"name": "p", "networkPortTemplate": {"network": {"href": "%ssubnet-5"}, "machine": {"href": "%s"}}}""".formatted(things, machine));
        same("entry", "GET", "/cloudEntryPoint", "");
        same("credential-made", "POST", "/credentials?format=xml", "{\"name\": \"k1\"}");
        same("machine", "GET", machine, "");
        same("attached", "POST", machine + "/volumes", """
                {"initialLocation": "/dev/sdf", "volume": {"href": "/volumes/%svol-1"}}""".formatted(things));
        same("machine-volume", "GET", machine + "/volumes/" + things + "vol-1", "");
        same(
                "machine-expanded",
                "GET",
                machine + "?$expand=disks,volumes,networkInterfaces&$select=name,disks,volumes,networkInterfaces",
                "");
        for (var path : List.of(
                "machine_templates",
                "machine_configurations",
                "machine_images",
                "credentials",
                "volumes",
                "volume_configurations",
                "volume_images",
                "networks",
                "network_ports",
                "addresses",
                "forwarding_groups")) same(path.replace('_', '-'), "GET", "/" + path, "");
        same("metadata-machine", "GET", "/resource_metadata/machine", "");
        same("metadata-network", "GET", "/resource_metadata/network", "");
        same("not-there", "GET", "/volumes/none", "");
        same("missing", "POST", "/volume_configurations", "{\"name\": \"x\"}");
        same("not-allowed", "DELETE", machine + "/disks/1", "");
        made("/system_templates", """
                {"name": "s", "componentDescriptors": [{"name": "web", "type": "http://schemas.dmtf.org/cimi/1/Machine",
                  "machineTemplate": {"machineConfig": {"href": "/machine_configurations/small"},
                    "machineImage": {"href": "web-os"}}, "quantity": 1}]}""");
        same("system-templates", "GET", "/system_templates", "");
        same("system-made", "POST", "/systems", """
                {"name": "site", "description": "d", "properties": {"tier": "all"}, "systemTemplate": {
                  "componentDescriptors": [{"name": "web", "machineTemplate": {
                    "machineConfig": {"href": "small"}, "machineImage": {"href": "web-os"}}}]}}""");
        same("systems", "GET", "/systems", "");
        same("system-expanded", "GET", "/systems?$expand=machines&$select=name,machines", "");
        same("detached", "DELETE", machine + "/volumes/" + things + "vol-1", "");
    }

    private void made(String path, String body) {
        assertThat(call("POST", path, body).send().status()).isEqualTo(201);
    }

    private DeltacloudLab.Call call(String method, String path, String body) {
        return lab.call(method, lab.server.address() + "/cimi" + path, BodyPublishers.ofString(body))
                .with("Content-Type", "application/json")
                .with("X-Forwarded-Host", "b.example")
                .ann();
    }

    private void same(String name, String method, String path, String body) throws IOException {
        // what changes something is asked once
        for (var form : method.equals("GET") ? List.of("xml", "json") : List.of("xml")) {
            var reply = call(method, path, body)
                    .with("Accept", "application/" + form)
                    .send();
            var text = new StringBuilder().append(reply.status()).append('\n');
            for (var header : HEADERS)
                if (!reply.header(header).isEmpty())
                    text.append(header)
                            .append(": ")
                            .append(reply.header(header))
                            .append('\n');
            text.append('\n').append(reply.text().replace("><", ">\n<").replace("\",\"", "\",\n\""));
            same(name + "." + form, text.toString());
        }
    }

    private void same(String name, String text) throws IOException {
        var told = ID.matcher(NOW.matcher(text).replaceAll("TIME")).replaceAll(found -> {
            if (!ids.contains(found.group())) ids.add(found.group());
            return "ID-" + ids.indexOf(found.group());
        });
        var file = FILES.resolve(name);
        if (Boolean.getBoolean("holdfast.bless")) {
            Files.createDirectories(FILES);
            Files.writeString(file, told);
        }
        assertThat(told).as(name).isEqualTo(Files.readString(file));
    }
}
