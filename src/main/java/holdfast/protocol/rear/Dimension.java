package holdfast.protocol.rear;

import holdfast.core.Quantity;
import java.util.List;

/// What is counted when a part of a flavor is sold.
public enum Dimension {
    CPU("cpu", Quantity.ofNano(1)),
    MEMORY("memory", Quantity.of(1)),
    PODS("pods", Quantity.of(1)),
    STORAGE("storage", Quantity.of(1)),
    GPU_CORES("gpu.cores", Quantity.ofNano(1)),
    GPU_MEMORY("gpu.memory", Quantity.of(1)),
    /// Whole instances of a virtual machine.
    COUNT("count", Quantity.of(1));

    /// What hosts count.
    public static final List<Dimension> OF_MACHINES = List.of(CPU, MEMORY, STORAGE);

    private final String word;
    private final Quantity unit;

    Dimension(String word, Quantity unit) {
        this.word = word;
        this.unit = unit;
    }

    /// The name in messages and of resources in a selector.
    public String word() {
        return word;
    }

    /// The smallest amount that is told apart: a nano-CPU, a byte, a pod.
    public Quantity unit() {
        return unit;
    }
}
