package holdfast.api.cimi;

import holdfast.orchestrator.instances.TaskView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What was asked of machines and systems, as jobs (aeolus.md 3.6, 5.4.3).
final class Jobs implements Kind {
    static final String PATH = "jobs";
    private static final int MOST = 1_000;

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "Job";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("jobs");
    }

    /// The last thousand, newest first.
    @Override
    public List<ObjectNode> all(Face face) {
        return face.cloud().tasks(Optional.empty(), MOST).stream()
                .map(task -> document(face, task))
                .toList();
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return Fields.uuid(id).flatMap(face.cloud()::task).map(task -> document(face, task));
    }

    private static ObjectNode document(Face face, TaskView task) {
        var subject = face.at(
                task.whole() ? Systems.PATH : Machines.PATH, task.instance().toString());
        var changed = task.ended().or(task::started).orElse(task.created());
        var node = Face.common(
                face.at(PATH, task.id().toString()),
                task.action().word(),
                Optional.empty(),
                Optional.of(task.created()),
                Optional.of(changed),
                Map.of());
        node.put("state", state(task.state()));
        node.putObject("targetResource").put(Notation.HREF, subject);
        node.putArray("affectedResources").addObject().put(Notation.HREF, subject);
        node.put("action", Face.ACTION + word(task));
        node.put("returnCode", task.state() == TaskView.State.FAILED ? 1 : 0);
        node.put("progress", progress(task.state()));
        task.message().ifPresent(message -> node.put("statusMessage", message));
        node.put("timeOfStatusChange", changed.toString());
        node.put("isCancellable", false);
        return node;
    }

    private static String word(TaskView task) {
        return switch (task.action()) {
            case CREATE -> "add";
            case START -> "start";
            case STOP -> "stop";
            case REBOOT -> "restart";
            case DESTROY -> "delete";
        };
    }

    private static String state(TaskView.State state) {
        return switch (state) {
            case QUEUED -> "QUEUED";
            case RUNNING -> "RUNNING";
            case FINISHED -> "SUCCESS";
            case FAILED -> "FAILED";
            case CANCELED -> "STOPPED";
        };
    }

    private static int progress(TaskView.State state) {
        return switch (state) {
            case QUEUED -> 0;
            case RUNNING -> 50;
            case FINISHED, FAILED, CANCELED -> 100;
        };
    }
}
