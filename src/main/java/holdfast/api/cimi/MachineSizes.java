package holdfast.api.cimi;

import static holdfast.pools.clouds.choice.Profiles.CPU;
import static holdfast.pools.clouds.choice.Profiles.MEMORY;
import static holdfast.pools.clouds.choice.Profiles.STORAGE;
import static java.util.Comparator.comparing;

import holdfast.core.Answer;
import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.pools.clouds.BrokerImage;
import holdfast.pools.clouds.choice.Amounts;
import holdfast.pools.clouds.choice.Narrowing;
import holdfast.pools.clouds.choice.Profiles;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// How large a machine is to be: a front-end profile, and those sizes of it that the client has chosen (aeolus.md
/// 5.4.3).
///
/// @param profile its id
/// @param sizes by measure, in the units of profiles; what is not said stays as the profile has it
record MachineSizes(String profile, Map<String, String> sizes) {
    private static final String FIELD = "machineConfig";

    MachineSizes {
        sizes = Map.copyOf(sizes);
    }

    /// What a template asks for: of the configuration that is named what is written beside its name, which it must
    /// allow; else the least that has all of what is described.
    static MachineSizes of(Face face, ObjectNode template) {
        var told = Fields.object(template, FIELD)
                .orElseThrow(() -> Problem.malformed("machineTemplate.machineConfig is missing"));
        var wanted = wanted(told);
        return Fields.reference(template, FIELD)
                .map(named -> named(face, named, wanted))
                .orElseGet(() -> described(face, wanted, architecture(face, template)));
    }

    private static Map<String, BigDecimal> wanted(ObjectNode told) {
        var wanted = new TreeMap<String, BigDecimal>();
        Fields.number(told, CPU).ifPresent(cpu -> wanted.put(CPU, cpu));
        Fields.number(told, MEMORY).ifPresent(memory -> wanted.put(MEMORY, memory.divide(Sizes.KIB_IN_MB)));
        Sizes.disk(told).ifPresent(capacity -> wanted.put(STORAGE, capacity.divide(Sizes.KIB_IN_GB)));
        return wanted;
    }

    /// @return one without sizes if there is no such profile: whoever launches it says so
    private static MachineSizes named(Face face, String named, Map<String, BigDecimal> wanted) {
        var profile = face.cloud().profiles().stream()
                .filter(one -> one.id().equals(named) || one.name().equals(named))
                .findFirst();
        var sizes = new TreeMap<String, String>();
        profile.ifPresent(one -> wanted.forEach((name, amount) -> sizes.put(name, exactly(one, name, amount))));
        if (profile.isPresent()
                && Narrowing.narrow(profile.get(), sizes) instanceof Answer.No<HardwareProfile>(var why)) {
            throw Problem.malformed(FIELD + " " + named + ", in units of profiles (MB, GB): " + why.message());
        }
        return new MachineSizes(named, sizes);
    }

    /// In whole ones, but for what the profile itself says in parts: that is shown in whole KiB.
    private static String exactly(HardwareProfile profile, String name, BigDecimal amount) {
        return Amounts.text(said(Profiles.measure(profile, name))
                .filter(one -> shown(one, name).compareTo(shown(amount, name)) == 0)
                .findFirst()
                .orElseGet(() -> amount.setScale(0, RoundingMode.CEILING)));
    }

    private static Stream<BigDecimal> said(Property property) {
        return switch (property) {
            case Property.Any() -> Stream.empty();
            case Property.Fixed(var value) -> Stream.of(value);
            case Property.Range(var usual, var first, var last) ->
                Stream.concat(usual.stream(), Stream.of(first, last));
            case Property.OneOf(var _, var entries) -> entries.stream();
        };
    }

    private static BigDecimal shown(BigDecimal amount, String name) {
        var unit = name.equals(MEMORY) ? Sizes.KIB_IN_MB : name.equals(STORAGE) ? Sizes.KIB_IN_GB : BigDecimal.ONE;
        return amount.multiply(unit).setScale(0, RoundingMode.DOWN);
    }

    private static Optional<String> architecture(Face face, ObjectNode template) {
        return Fields.reference(template, "machineImage")
                .flatMap(face.cloud()::image)
                .flatMap(BrokerImage::architecture);
    }

    /// @param architecture of the image, if it is known
    private static MachineSizes described(Face face, Map<String, BigDecimal> wanted, Optional<String> architecture) {
        return face.cloud().profiles().stream()
                .filter(profile -> Profiles.allows(profile, architecture))
                .flatMap(profile -> serving(profile, wanted).stream())
                .min(comparing(Serving::narrowed, Profiles.BY_SIZE))
                .map(one -> new MachineSizes(one.narrowed.id(), one.sizes))
                .orElseThrow(() -> new Problem(
                        409,
                        "no machine configuration has all of that; look at " + face.at(MachineConfigurations.PATH)));
    }

    /// A profile as it would be used.
    private record Serving(HardwareProfile narrowed, Map<String, String> sizes) {}

    private static Optional<Serving> serving(HardwareProfile profile, Map<String, BigDecimal> wanted) {
        var sizes = new TreeMap<String, String>();
        wanted.forEach((name, amount) -> least(Profiles.measure(profile, name), amount)
                .map(Amounts::text)
                .ifPresent(size -> sizes.put(name, size)));
        return sizes.size() == wanted.size()
                        && Narrowing.narrow(profile, sizes) instanceof Answer.Yes<HardwareProfile>(var narrowed)
                ? Optional.of(new Serving(narrowed, sizes))
                : Optional.empty();
    }

    /// The least that there can be of it, and that is enough.
    private static Optional<BigDecimal> least(Property offered, BigDecimal amount) {
        var whole = amount.setScale(0, RoundingMode.CEILING);
        return switch (offered) {
            case Property.Any() -> Optional.of(whole);
            case Property.Fixed(var only) -> Optional.of(only).filter(has -> has.compareTo(amount) >= 0);
            case Property.Range(var _, var first, var last) ->
                Optional.of(whole.max(first).min(last)).filter(has -> has.compareTo(amount) >= 0);
            case Property.OneOf(var _, var entries) ->
                entries.stream().filter(has -> has.compareTo(amount) >= 0).findFirst();
        };
    }
}
