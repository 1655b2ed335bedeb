package holdfast.api.resources;

import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.PROCESS_LOG;

import holdfast.db.tables.records.ProcessLogRecord;
import holdfast.engine.ProcessInstance;
import holdfast.engine.Processes;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a process instance did, with the processes inside of it below the step that began them (cattle.md 2.3). A
/// few queries for each level.
final class ProcessLog {
    private static final int DEEPEST = 8;
    private static final int MOST = 1_000;
    private static final int MOST_LINES = 10_000;

    private final Map<UUID, List<ProcessInstance>> inside = new HashMap<>();
    private final Map<UUID, List<ProcessLogRecord>> lines = new HashMap<>();
    private boolean isWhole;

    private ProcessLog() {}

    /// @param seen selects the processes that the caller may see
    static ProcessLog of(Tx tx, Processes processes, UUID process, Condition seen) {
        var log = new ProcessLog();
        var level = List.of(process);
        int count = 0;
        boolean isCut = false;
        for (int depth = 0; depth < DEEPEST && count < MOST && !level.isEmpty(); depth++) {
            var ids = DSL.any(level.toArray(UUID[]::new));
            var lines = tx.sql()
                    .selectFrom(PROCESS_LOG)
                    .where(PROCESS_LOG.PROCESS.eq(ids))
                    .orderBy(PROCESS_LOG.SEQ)
                    .limit(MOST_LINES + 1)
                    .fetch();
            isCut |= lines.size() > MOST_LINES;
            lines.stream()
                    .limit(MOST_LINES)
                    .forEach(line -> log.lines
                            .computeIfAbsent(line.getProcess(), _ -> new ArrayList<>())
                            .add(line));
            var begun = tx.sql()
                    .select(PROCESS.ID)
                    .from(PROCESS)
                    .where(PROCESS.PARENT.eq(ids).and(seen))
                    .orderBy(PROCESS.CREATED.desc(), PROCESS.ID.desc())
                    .limit(MOST - count)
                    .fetch(PROCESS.ID);
            int fitting = ProcessInstances.PAGES.weight().fitting(tx, begun);
            isCut |= fitting < begun.size();
            var read = begun.subList(0, fitting).toArray(UUID[]::new);
            var children =
                    processes.list(tx, PROCESS.ID.eq(DSL.any(read)), fitting).reversed();
            children.forEach(child -> log.inside
                    .computeIfAbsent(child.parent().orElseThrow(), _ -> new ArrayList<>())
                    .add(child));
            count += children.size();
            level = children.stream().map(ProcessInstance::id).toList();
        }
        log.isWhole = level.isEmpty() && !isCut;
        return log;
    }

    /// Whether nothing is left out because there are too many lines, or processes inside, or these are too deep.
    boolean isWhole() {
        return isWhole;
    }

    /// In the form of cattle.md 2.3.
    ObjectNode executions(ProcessInstance process) {
        var log = Json.object().put("uuid", process.id().toString());
        var execution = log.putArray("executions").addObject();
        var resource = process.resource();
        execution.put("id", Ids.wire(ProcessInstances.TYPE, process.number()));
        execution.put("processName", process.name());
        execution.put("resourceType", resource.type());
        execution.put("resourceId", Ids.wire(resource.type(), resource.number()));
        execution.put("exitReason", process.exitReason().map(Enum::name).orElse(null));
        execution.put("startTime", process.started().map(Values::shown).orElse(null));
        execution.put("stopTime", process.ended().map(Values::shown).orElse(null));
        var steps = execution.putArray("processHandlerExecutions");
        var begun = write(process.id(), steps, "name", "startTime");
        var others = execution.putArray("children");
        inside(process.id()).stream()
                .filter(child -> !begun.contains(child.name()))
                .forEach(child -> others.add(executions(child)));
        return log;
    }

    /// Line by line; what a step began stands with its last line.
    ///
    /// @return the names of the steps
    Set<String> write(UUID process, ArrayNode to, String name, String time) {
        var last = new LinkedHashMap<String, ObjectNode>();
        for (var line : lines.getOrDefault(process, List.of())) {
            var node = to.addObject()
                    .put(name, line.getStep())
                    .put(time, line.getAt().toString());
            node.put("outcome", line.getOutcome()).put("detail", line.getDetail());
            last.put(line.getStep(), node);
        }
        last.forEach((step, node) -> {
            var children = node.putArray("children");
            inside(process).stream()
                    .filter(child -> child.name().equals(step))
                    .forEach(child -> children.add(executions(child)));
        });
        return last.keySet();
    }

    private List<ProcessInstance> inside(UUID process) {
        return inside.getOrDefault(process, List.of());
    }
}
