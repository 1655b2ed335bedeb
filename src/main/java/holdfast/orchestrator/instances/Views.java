package holdfast.orchestrator.instances;

import holdfast.engine.Resource;
import holdfast.protocol.Match;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// What is kept of instances, as it is shown.
final class Views {
    private Views() {}

    /// @param last its last task
    /// @param volumes that are attached to it
    /// @param off accounts where nothing is started
    static InstanceView of(
            Resource one, Optional<TaskView> last, List<InstanceView.Attached> volumes, Set<UUID> off, Instant now) {
        var content = one.as(Instance.class);
        var order = content.order();
        var open = last.filter(task -> !task.state().over());
        var state = InstanceRecords.state(one);
        return new InstanceView(
                one.id(),
                one.name(),
                order.description(),
                content.owner(),
                order.image(),
                order.realm().map(Instance.Realm::name),
                shown(state, open),
                order.profile(),
                content.attempt().match().map(match -> match.sizes()).orElse(Map.of()),
                actions(state, isStartable(content, off), last, now),
                one.created(),
                one.updated(),
                content.sight().publicAddresses(),
                content.sight().privateAddresses(),
                order.key(),
                firewalls(content),
                volumes,
                order.properties(),
                content.trouble(),
                last.map(TaskView::id),
                one.version(),
                open.map(TaskView::action));
    }

    private static boolean isStartable(Instance content, Set<UUID> off) {
        return content.attempt().sliver().isPresent()
                && content.attempt()
                        .match()
                        .map(Match::account)
                        .filter(off::contains)
                        .isEmpty();
    }

    /// Only what would be taken now.
    private static Set<Action> actions(InstanceState state, boolean placed, Optional<TaskView> last, Instant now) {
        var possible = InstanceCourse.actions(
                state, placed, last.filter(task -> !task.state().over()).isPresent());
        boolean rested =
                last.filter(task -> InstanceCourse.isRebootedLately(task, now)).isEmpty();
        return possible.stream()
                .filter(action -> rested || action != Action.REBOOT)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// One that restarts is not there for its user until that is done, whatever its provider calls it.
    private static InstanceState shown(InstanceState state, Optional<TaskView> open) {
        return state == InstanceState.RUNNING
                        && open.filter(task -> task.action() == Action.REBOOT).isPresent()
                ? InstanceState.PENDING
                : state;
    }

    /// They are kept in the words of the account that it is made at.
    private static List<String> firewalls(Instance content) {
        var account = content.attempt()
                .match()
                .map(Match::account)
                .or(() -> content.order().tied().stream().findFirst());
        return new TreeMap<>(content.order().extras())
                .entrySet().stream()
                        .filter(extra -> extra.getKey().startsWith(Launching.FIREWALLS))
                        .map(Map.Entry::getValue)
                        .map(key -> account.map(id -> ThingNames.id(id, key)).orElse(key))
                        .toList();
    }

    /// @param view of the same
    static InstanceDetail detail(Resource one, InstanceView view) {
        var content = one.as(Instance.class);
        return new InstanceDetail(
                view,
                content.pool(),
                content.deployment(),
                content.attempt().match().map(Match::account),
                content.sight().key(),
                content.order().userData(),
                content.times());
    }

    /// @param there those of its instances that are there
    static DeploymentView of(Resource one, Set<UUID> there, Instant now) {
        var content = one.as(Deployment.class);
        var order = content.order();
        var uptime = content.uptime();
        return new DeploymentView(
                one.id(),
                one.name(),
                content.pool(),
                content.owner(),
                order.description(),
                DeploymentRecords.state(one),
                order.realm(),
                order.partial(),
                content.deleting(),
                order.deployable(),
                content.parts().stream().filter(there::contains).toList(),
                order.properties(),
                uptime.since(uptime.first(), now),
                uptime.since(uptime.all(), now),
                content.trouble(),
                one.created(),
                one.updated(),
                one.version());
    }
}
