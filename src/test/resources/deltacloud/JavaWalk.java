import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.deltacloud.client.DeltaCloudClientException;
import org.apache.deltacloud.client.DeltaCloudClientImpl;
import org.apache.deltacloud.client.IdAware;
import org.apache.deltacloud.client.Instance;

/** What somebody does with the client in Java of Apache Deltacloud. */
public class JavaWalk {
    private final DeltaCloudClientImpl client;
    private final StringBuilder seen = new StringBuilder();

    private JavaWalk(DeltaCloudClientImpl client) {
        this.client = client;
    }

    public static String walk(String url, String user, String password) throws Exception {
        JavaWalk walk = new JavaWalk(new DeltaCloudClientImpl(url, user, password));
        walk.walk();
        return walk.seen.toString();
    }

    private void walk() throws DeltaCloudClientException {
        seen.append(ids(client.listRealms())).append(' ').append(ids(client.listImages()));
        seen.append(' ').append(ids(client.listProfiles())).append('\n');
        Instance made = settled(
                client.createInstance("walker", "img1", "m1-large", "eu", null, null).getId());
        seen.append(made.getName()).append(" is ").append(made.getState()).append(" at ").append(made.getRealmId());
        seen.append(" of ").append(made.getImageId()).append(" as ").append(made.getProfileId()).append('\n');
        List<String> states = new ArrayList<>();
        for (String action : List.of("stop", "start", "reboot", "stop")) {
            act(made, action);
            states.add(settled(made.getId()).getState().name());
        }
        seen.append(String.join(", ", states)).append('\n');
        act(made, "destroy");
        try {
            client.listInstances(made.getId());
            seen.append("still there\n");
        } catch (DeltaCloudClientException e) {
            seen.append("destroyed, ").append(e.getClass().getSimpleName()).append('\n');
        }
    }

    /** A busy machine may take longer than an answer waits. */
    private Instance settled(String id) throws DeltaCloudClientException {
        Instance found = client.listInstances(id);
        for (int turn = 0; turn < 120 && Set.of("PENDING", "BOGUS").contains(found.getState().name()); turn++) {
            LockSupport.parkNanos(500_000_000);
            found = client.listInstances(id);
        }
        return found;
    }

    /** As its own links say. */
    private void act(Instance instance, String action) throws DeltaCloudClientException {
        client.performAction(client.listInstances(instance.getId()).getAction(action));
    }

    private static List<String> ids(List<? extends IdAware> all) {
        return all.stream().map(IdAware::getId).sorted().toList();
    }
}
