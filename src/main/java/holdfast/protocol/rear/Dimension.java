package holdfast.protocol.rear;

import holdfast.core.Quantity;

/// What is counted when a part of a flavor is sold.
public enum Dimension {
    CPU("cpu", true, Quantity.ofNano(1)),
    MEMORY("memory", true, Quantity.of(1)),
    PODS("pods", true, Quantity.of(1)),
    STORAGE("storage", false, Quantity.of(1)),
    GPU_CORES("gpu.cores", false, Quantity.ofNano(1)),
    GPU_MEMORY("gpu.memory", false, Quantity.of(1)),
    /// Whole instances of a virtual machine.
    COUNT("count", true, Quantity.of(1));

    private final String word;
    private final boolean required;
    private final Quantity unit;

    Dimension(String word, boolean required, Quantity unit) {
        this.word = word;
        this.required = required;
        this.unit = unit;
    }

    /// The name in messages and of resources in a selector.
    public String word() {
        return word;
    }

    /// Whether a piece of a flavor that has some of it must have some of it.
    public boolean required() {
        return required;
    }

    /// The smallest amount that is told apart: a nano-CPU, a byte, a pod.
    public Quantity unit() {
        return unit;
    }
}
