package holdfast.engine.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The tables of cattle.md 3.1 and 3.2, written down once more: process, start states, transitioning states, done
/// states, delegate. Several transitioning states are written `from>to`.
final class TablesTest {
    private static final String DEFAULT = """
            T.create     | requested | registering | inactive | T.activate
            T.activate   | inactive registering restoring | activating | active
            T.deactivate | active activating updating-active updating-inactive requested registering | deactivating | inactive
            T.update     | inactive active | inactive>updating-inactive active>updating-active | updating-inactive>inactive updating-active>active
            T.remove     | requested inactive registering updating-active updating-inactive | removing | removed
            T.purge      | removed | purging | purged
            T.restore    | removed | restoring | inactive
            """;

    private static final String INSTANCE = """
            instance.create  | requested | creating | stopped | instance.start
            instance.start   | stopped creating restoring | starting | running
            instance.stop    | running starting updating-running updating-stopped creating restarting | stopping | stopped
            instance.update  | stopped running | stopped>updating-stopped running>updating-running | updating-stopped>stopped updating-running>running
            instance.remove  | requested creating updating-running updating-stopped stopped erroring error | removing | removed
            instance.purge   | removed | purging | purged
            instance.restore | removed | restoring | stopped
            instance.restart | running | restarting | running
            instance.migrate | running | migrating | running
            instance.error   | creating stopped | erroring | error
            instance.allocate:allocationState   | inactive | activating | active
            instance.deallocate:allocationState | activating active | deactivating | inactive
            instance.updatehealthy:healthState  | healthy unhealthy initializing reinitializing | updating-healthy | healthy
            instance.updateunhealthy:healthState | healthy unhealthy | updating-unhealthy | unhealthy
            instance.updatereinitializing:healthState | healthy | updating-reinitializing | reinitializing
            """;

    private static final Map<String, String> OWN = Map.of(
            "volume", """
            volume.activate   | inactive registering detached restoring | activating | active
            volume.deactivate | requested registering creating active activating updating-active updating-inactive | deactivating | detached
            volume.remove     | requested inactive detached deactivating registering updating-active updating-inactive | removing | removed
            volume.allocate:allocationState   | inactive | activating | active
            volume.deallocate:allocationState | activating active | deactivating | inactive
            volume.reverttosnapshot  | active inactive | active>reverting-active inactive>reverting-inactive | reverting-active>active reverting-inactive>inactive
            volume.restorefrombackup | active inactive | active>restoring-active inactive>restoring-inactive | restoring-active>active restoring-inactive>inactive
            """,
            "ipAddress", """
            ipaddress.associate    | active | associating | associated
            ipaddress.disassociate | associating associated | disassociating | active
            """,
            "host", """
            host.activate  | inactive registering provisioned restoring | activating | active
            host.remove    | erroring error requested inactive activating deactivating registering updating-active updating-inactive provisioning | removing | removed
            host.provision | inactive | provisioning | provisioned
            host.error     | provisioning | erroring | error
            """,
            "agent", """
            agent.deactivate | active activating reconnecting updating-active updating-inactive disconnecting disconnected reconnected finishing-reconnect | deactivating | inactive
            agent.remove     | requested inactive registering updating-active updating-inactive disconnecting disconnected reconnected finishing-reconnect | removing | removed
            agent.reconnect  | active activating disconnecting disconnected | reconnecting | reconnected | agent.finishreconnect
            agent.finishreconnect | reconnected reconnecting | finishing-reconnect | active
            agent.disconnect | reconnecting active reconnected finishing-reconnect | disconnecting | disconnected
            """);

    private static final String STACK = """
            stack.create | requested | activating | active
            stack.update | active | updating-active | active
            stack.error  | activating | erroring | error
            stack.upgrade | active canceled-upgrade | upgrading | upgraded
            stack.cancelupgrade | upgrading finishing-upgrade | canceling-upgrade | canceled-upgrade
            stack.rollback | upgrading upgraded canceled-upgrade | rolling-back | active
            stack.finishupgrade | upgraded | finishing-upgrade | active
            stack.remove | requested active activating updating-active error erroring upgrading canceling-upgrade rolling-back finishing-upgrade upgraded canceled-upgrade | removing | removed
            """;

    private static final String SERVICE = """
            service.create | requested | registering | inactive
            service.activate | inactive restarting | activating | active
            service.deactivate | restarting active activating updating-inactive updating-active | deactivating | inactive
            service.update | inactive active updating-active finishing-upgrade activating canceling-upgrade upgrading rolling-back | inactive>updating-inactive active>updating-active updating-active>updating-active finishing-upgrade>finishing-upgrade activating>activating canceling-upgrade>canceling-upgrade upgrading>upgrading rolling-back>rolling-back | updating-inactive>inactive updating-active>active finishing-upgrade>active activating>active canceling-upgrade>canceled-upgrade upgrading>upgraded rolling-back>active
            service.upgrade | active activating inactive updating-active | upgrading | upgraded
            service.continueupgrade | canceled-upgrade | upgrading | upgraded
            service.cancelupgrade | upgrading finishing-upgrade | canceling-upgrade | canceled-upgrade
            service.rollback | upgrading upgraded canceled-upgrade | rolling-back | active
            service.finishupgrade | upgraded | finishing-upgrade | active
            service.restart | active | restarting | active
            """;

    private static ResourceType type(String name) {
        return TypeFile.standard().stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Rows by process; a row of `own` takes the place of one of the default.
    private static Map<String, String> rows(String type, String... tables) {
        var rows = new LinkedHashMap<String, String>();
        for (var table : tables) {
            table.replace("T.", type.toLowerCase(Locale.ROOT) + ".").lines().forEach(line -> {
                var cells = line.split("\\|", 2);
                rows.put(cells[0].strip(), cells[1].strip().replaceAll(" *\\| *", "|"));
            });
        }
        return rows;
    }

    private static Map<String, String> rows(ResourceType type) {
        var rows = new LinkedHashMap<String, String>();
        for (var process : type.processes()) {
            var move = process.move().orElseThrow();
            var field = move.field().equals(Move.STATE) ? "" : ":" + move.field();
            var row = String.join(" ", move.start().keySet()) + "|" + map(move.start()) + "|" + map(move.done());
            rows.put(
                    process.name() + field,
                    row + process.delegate().map(name -> "|" + name).orElse(""));
        }
        return rows;
    }

    private static String map(Map<String, String> states) {
        var to = new LinkedHashSet<>(states.values());
        if (to.size() == 1) {
            return to.getFirst();
        }
        return states.entrySet().stream()
                .map(entry -> entry.getKey() + ">" + entry.getValue())
                .collect(Collectors.joining(" "));
    }

    @Test
    void instance_stack_and_service() {
        assertThat(rows(type("instance"))).isEqualTo(rows("instance", INSTANCE));
        assertThat(rows(type("stack"))).isEqualTo(rows("stack", STACK));
        var service = rows(type("service"));
        var remove = service.remove("service.remove").split("\\|");
        assertThat(service).isEqualTo(rows("service", SERVICE));
        var others = new LinkedHashSet<String>();
        type("service")
                .processes()
                .forEach(process -> others.addAll(process.move().orElseThrow().states()));
        others.remove("removing");
        others.remove("removed");
        assertThat(Arrays.asList(remove[0].split(" "))).containsExactlyInAnyOrderElementsOf(others);
        assertThat(remove).endsWith("removing", "removed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"volume", "ipAddress", "host", "agent"})
    void types_with_rows_of_their_own_beside_the_default(String name) {
        assertThat(rows(type(name))).isEqualTo(rows(name, DEFAULT, OWN.get(name)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agentGroup",
                "credential",
                "credentialInstanceMap",
                "hostIpAddressMap",
                "image",
                "imageStoragePoolMap",
                "instanceHostMap",
                "instanceLink",
                "ipAddressNicMap",
                "ipAssociation",
                "ipPool",
                "network",
                "nic",
                "port",
                "projectMember",
                "storagePool",
                "subnet",
                "zone",
                "serviceIndex",
                "volumeTemplate",
                "accountLink",
                "region",
                "externalHandler",
                "externalHandlerProcess",
                "externalHandlerExternalHandlerProcessMap",
                "hostVnetMap",
                "subnetVnetMap",
                "vnet",
                "networkService",
                "networkServiceProvider",
                "networkServiceProviderInstanceMap",
                "offering"
            })
    void types_that_live_the_default_life(String name) {
        assertThat(rows(type(name))).isEqualTo(rows(name, DEFAULT));
    }
}
