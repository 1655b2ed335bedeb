package holdfast.drivers.deltacloud;

import java.util.List;
import java.util.Map;

/// What a Deltacloud server writes.
final class Pages {
    static final String REALMS = """
            <realms><realm href='http://x/api/realms/us' id='us'><name>United States</name><state>AVAILABLE</state></realm>
            <realm href='http://x/api/realms/eu' id='eu'><name>Europe</name><state>UNAVAILABLE</state><limit><![CDATA[9]]></limit></realm></realms>
            """;

    static final String PROFILES = """
            <hardware_profiles>
            <hardware_profile href='http://x/api/hardware_profiles/m1-small' id='m1-small'><id>m1-small</id><name>m1-small</name>
            <property kind='fixed' name='cpu' unit='count' value='1'/><property kind='fixed' name='memory' unit='MB' value='1740.8'/>
            <property kind='fixed' name='storage' unit='GB' value='160'/><property kind='fixed' name='architecture' unit='label' value='i386'/>
            </hardware_profile>
            <hardware_profile href='http://x/api/hardware_profiles/m1-xlarge' id='m1-xlarge'><id>m1-xlarge</id><name>m1-xlarge</name>
            <property kind='fixed' name='cpu' unit='count' value='4'/>
            <property kind='range' name='memory' unit='MB' value='10240'><param href='x' method='post' name='hwp_memory' operation='create'/>
              <range first='7680' last='15360'/></property>
            <property kind='enum' name='storage' unit='GB' value='850'><param href='x' method='post' name='hwp_storage' operation='create'/>
              <enum><entry value='1024'/><entry value='850'/></enum></property>
            <property kind='enum' name='architecture' unit='label' value='x86_64'><enum><entry value='x86_64'/><entry value='i386'/></enum></property>
            </hardware_profile>
            <hardware_profile id='odd'><name>odd</name><property kind='fixed' name='memory' unit='GB' value='4'/>
            <property kind='fixed' name='root_type' unit='label' value='persistent'/><property kind='range' name='cpu' value='2'/></hardware_profile>
            <hardware_profile id='opaque'/>
            </hardware_profiles>
            """;

    private Pages() {}

    static String entry(MockDeltacloud mock) {
        var features = mock.type.equals("ec2")
                ? "<feature name='authentication_key' rel='create'><param name='keyname'/></feature><feature name='user_data' rel='create'/>"
                : "<feature name='user_name' rel='create'><param name='name'/><constraint name='max_length'>50</constraint></feature>"
                        + (mock.type.equals("mock")
                                ? "<feature name='authentication_key' rel='create'><param name='keyname'/></feature>"
                                : "<feature name='user_data' rel='create'><param name='user_data'/></feature>");
        var text = new StringBuilder("<api driver='%s' version='1.1.3'>".formatted(mock.type));
        for (var name : List.of(
                "addresses",
                "buckets",
                "drivers",
                "firewalls",
                "hardware_profiles",
                "images",
                "instance_states",
                "keys",
                "load_balancers",
                "metrics",
                "networks",
                "realms",
                "storage_snapshots",
                "storage_volumes",
                "subnets"))
            text.append("<link rel='%s' href='%s/%s'>%s</link>"
                    .formatted(name, mock.base(), name, mock.more.getOrDefault(name, "")));
        return text
                + "<link rel='instances' href='%s/instances'>%s</link></api>"
                        .formatted(mock.base(), features + mock.features);
    }

    private static final Map<String, Map<String, String>> LIVES = Map.of(
            "mock", Map.of("running", "reboot stop", "stopped", "start destroy"),
            "ec2", Map.of("running", "reboot stop", "stopped", "start destroy"),
            "openstack", Map.of("running", "reboot stop", "stopped", ""),
            "rhevm", Map.of("running", "stop", "stopped", "start destroy", "stopping", "stop"));

    static List<String> actions(String type, String state) {
        return List.of(LIVES.get(type)
                .getOrDefault(state.toLowerCase(java.util.Locale.ROOT), "")
                .split(" "));
    }

    static String states(String type) {
        var text = new StringBuilder("<states><state name='start'><transition action='create' to='pending'/></state>"
                + "<state name='pending'><transition auto='true' to='running'/></state>");
        LIVES.get(type).forEach((state, actions) -> {
            text.append("<state name='%s'>".formatted(state));
            for (var action : actions.split(" "))
                if (!action.isEmpty()) text.append("<transition action='%s' to='x'/>".formatted(action));
            text.append("</state>");
        });
        return text + "</states>";
    }

    static String key(String name, boolean withPem) {
        return "<key href='http://x/api/keys/%s' id='%s' type='key'><name>%s</name><fingerprint>aa:bb</fingerprint>%s<state>AVAILABLE</state></key>"
                .formatted(
                        name, name, name, withPem ? "<pem><![CDATA[\n-----BEGIN RSA PRIVATE KEY-----\n]]></pem>" : "");
    }

    static String instance(MockDeltacloud mock, MockDeltacloud.Instance one) {
        var href = mock.base() + "/instances/" + one.id;
        var actions = new StringBuilder();
        for (var action : actions(mock.type, one.state)) {
            if (action.equals("destroy"))
                actions.append("<link rel='destroy' method='delete' href='%s'/>".formatted(href));
            else if (!action.isEmpty())
                actions.append("<link rel='%s' method='post' href='%s/%s'/>".formatted(action, href, action));
        }
        var key = one.form.get("keyname");
        return """
                <instance href='%s' id='%s'><name>%s</name><owner_id>%s</owner_id><image href='x/images/img1' id='img1'></image>
                <realm href='x/realms/%s' id='%s'></realm><state>%s</state><hardware_profile id='%s' href='x'></hardware_profile>
                <actions>%s</actions><launch_time>2030-01-07T08:00:0%sZ</launch_time>%s<private_addresses></private_addresses>
                <storage_volumes></storage_volumes>%s</instance>
                """.formatted(
                        href,
                        one.id,
                        one.name(),
                        MockDeltacloud.USER,
                        one.form.getOrDefault("realm_id", "us"),
                        one.form.getOrDefault("realm_id", "us"),
                        one.state,
                        one.form.get("hwp_id"),
                        actions,
                        one.id.substring(one.id.length() - 1),
                        mock.addresses,
                        key == null
                                ? ""
                                : "<authentication type='key'><login><keyname>%s</keyname></login></authentication>"
                                        .formatted(key));
    }
}
