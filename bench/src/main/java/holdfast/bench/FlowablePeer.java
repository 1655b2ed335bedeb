package holdfast.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.flowable.common.engine.impl.history.HistoryLevel;
import org.flowable.engine.ProcessEngine;
import org.flowable.engine.delegate.JavaDelegate;
import org.flowable.engine.impl.cfg.StandaloneProcessEngineConfiguration;

/// Flowable. One unit is an instance of a BPMN process whose steps are asynchronous service tasks, not exclusive, each
/// a job in a transaction of its own. Large queue and large acquisition pages; history off, which is its fastest. Half
/// as many threads as connections: a thread that runs a job may need a second connection, and all would wait for ever.
final class FlowablePeer implements Peer {
    private final HikariDataSource pool;
    private final ProcessEngine engine;
    private final AtomicInteger asked = new AtomicInteger();

    FlowablePeer(HikariDataSource pool, int steps, Runnable ran) {
        this.pool = pool;
        var last = "step" + (steps - 1);
        JavaDelegate work = execution -> {
            if (execution.getCurrentActivityId().equals(last)) {
                ran.run();
            }
        };
        var settings = new StandaloneProcessEngineConfiguration();
        settings.setDataSource(pool)
                .setDatabaseSchemaUpdate("true")
                .setBeans(Map.of("work", work));
        settings.setHistoryLevel(HistoryLevel.NONE);
        settings.setDisableIdmEngine(true);
        settings.setDisableEventRegistry(true);
        settings.setAsyncExecutorActivate(true);
        settings.setAsyncExecutorCorePoolSize(WORKERS / 2);
        settings.setAsyncExecutorMaxPoolSize(WORKERS / 2);
        settings.setAsyncExecutorThreadPoolQueueSize(4096);
        settings.setAsyncExecutorMaxAsyncJobsDuePerAcquisition(512);
        settings.setAsyncExecutorDefaultAsyncJobAcquireWaitTime(100);
        settings.setAsyncExecutorDefaultQueueSizeFullWaitTime(100);
        engine = settings.buildProcessEngine();
        engine.getRepositoryService()
                .createDeployment()
                .addString("work.bpmn20.xml", bpmn(steps))
                .deploy();
    }

    private static String bpmn(int steps) {
        var tasks = IntStream.range(0, steps)
                .mapToObj(i -> """
                        <serviceTask id="step%d" flowable:async="true" flowable:exclusive="false" flowable:delegateExpression="${work}"/>
                        <sequenceFlow id="to%d" sourceRef="%s" targetRef="step%d"/>
                        """.formatted(i, i, i == 0 ? "start" : "step" + (i - 1), i))
                .collect(Collectors.joining());
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn"
                             targetNamespace="bench">
                <process id="work" isExecutable="true"><startEvent id="start"/>%s<endEvent id="end"/>
                <sequenceFlow id="toEnd" sourceRef="step%d" targetRef="end"/></process></definitions>"""
                .formatted(tasks, steps - 1);
    }

    @Override
    public void enqueue(int number) {
        engine.getRuntimeService().startProcessInstanceByKey("work", Map.of("text", Jobs.PAYLOAD));
        asked.incrementAndGet();
    }

    @Override
    public int finished() throws SQLException {
        return asked.get() - Peer.count(pool, "select count(*) from act_ru_execution where parent_id_ is null");
    }

    @Override
    public void close() {
        engine.close();
    }
}
