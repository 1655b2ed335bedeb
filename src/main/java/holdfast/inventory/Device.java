package holdfast.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A device in a host, given whole or function by function.
///
/// @param componentNodeId its NodeID
/// @param type `GPU`, `NVME`, `SmartNIC`, `SharedNIC`, `FPGA`, `Storage`
/// @param model such as `Tesla T4`
/// @param units what can be given to one user each: the device itself, or one per virtual function of a SharedNIC
public record Device(String componentNodeId, String name, String type, Optional<String> model, List<Unit> units) {
    public Device {
        units = List.copyOf(units);
    }

    /// Whether several users share the device, a virtual function each.
    public boolean shared() {
        return type.equals("SharedNIC");
    }

    /// What one user gets.
    ///
    /// @param id stable name for a calendar: the component's NodeID, or NodeID`#`address for a virtual function
    /// @param functions PCI functions in port order; a device without a network port has one
    public record Unit(String id, List<PciFunction> functions) {
        public Unit {
            functions = List.copyOf(functions);
        }

        /// The PCI addresses.
        public List<String> bdfs() {
            return given(PciFunction::bdf);
        }

        /// `LabelAllocations` of a component that got this unit: its address or addresses, and their NUMA nodes
        /// where known.
        public Labels labels() {
            var labels = Labels.NONE;
            if (!bdfs().isEmpty()) {
                labels = put(labels, "bdf", bdfs());
            }
            var numa = given(PciFunction::numa);
            return numa.isEmpty() ? labels : put(labels, "numa", numa);
        }

        private List<String> given(Function<PciFunction, Optional<String>> part) {
            var given = new ArrayList<String>();
            functions.forEach(function -> part.apply(function).ifPresent(given::add));
            return given;
        }

        private static Labels put(Labels labels, String name, List<String> values) {
            return values.size() == 1 ? labels.with(name, values.getFirst()) : labels.with(name, values);
        }
    }

    /// One PCI function and the network port behind it, as far as the advertisement tells.
    ///
    /// @param bdf PCI address such as `0000:25:00.0`
    /// @param numa NUMA node, -1 to 7
    /// @param vlan the VLAN that leads to a virtual function
    /// @param localName of the port: `p1`, `p2`
    public record PciFunction(
            Optional<String> bdf,
            Optional<String> numa,
            Optional<String> mac,
            Optional<String> vlan,
            Optional<String> localName) {
        /// `LabelAllocations` of the port.
        public Labels portLabels() {
            var labels = Labels.NONE;
            labels = bdf.isPresent() ? labels.with("bdf", bdf.get()) : labels;
            labels = mac.isPresent() ? labels.with("mac", mac.get()) : labels;
            labels = vlan.isPresent() ? labels.with("vlan", vlan.get()) : labels;
            return localName.isPresent() ? labels.with("local_name", localName.get()) : labels;
        }
    }
}
