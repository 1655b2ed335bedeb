package holdfast.broker.choice;

import holdfast.core.Answer;
import holdfast.core.Refusal;

/// Which changes of one item are allowed (promise.md 4.4, 5.4).
public final class ItemUpdates {
    private ItemUpdates() {}

    /// How far the item is.
    public enum Phase {
        PENDING,
        ACTIVE,
        ERROR
    }

    /// @param used how many of its hosts or instances are in use or planned; it cannot have fewer
    /// @param fixedFlavor whether it was made of a flavor of the cloud: nothing of it changes
    /// @return the new need, or the rule that the change breaks
    public static Answer<Need> rules(Need old, Need wanted, long used, boolean fixedFlavor, Phase phase) {
        if (old.equals(wanted)) {
            return Answer.yes(old);
        }
        if (fixedFlavor) {
            return no("it was made of a flavor of the cloud; delete it and ask anew");
        }
        return switch (old) {
            case Need.Hosts _ when wanted instanceof Need.Hosts hosts -> hosts(old, hosts, used, phase);
            case Need.Instances instances
            when wanted instanceof Need.Instances more -> instances(instances, more, used, phase);
            case Need.Addresses addresses
            when wanted instanceof Need.Addresses more -> addresses(addresses, more, phase);
            case Need.Quantity _ when wanted instanceof Need.Quantity -> Answer.yes(wanted);
            case Need.Elements _
            when wanted instanceof Need.Elements ->
                phase == Phase.PENDING ? Answer.yes(wanted) : no("its elements are in use");
            default -> Answer.no(Refusal.malformed("resource_type", "an item cannot become one of another kind"));
        };
    }

    private static Answer<Need> hosts(Need old, Need.Hosts wanted, long used, Phase phase) {
        if (wanted.max() < used) {
            return no("of its hosts " + used + " are in use, which is more than " + wanted.max()
                    + "; destroy some first");
        }
        if (phase != Phase.PENDING
                && old instanceof Need.Hosts before
                && !before.query().equals(wanted.query())) {
            return no("it has started; its hosts stay, so what is asked of them cannot change");
        }
        return Answer.yes(wanted);
    }

    private static Answer<Need> instances(Need.Instances old, Need.Instances wanted, long used, Phase phase) {
        if (phase == Phase.ERROR) {
            return no("it is in error; delete it and ask anew");
        }
        if (wanted.max() < used) {
            return no("of its instances " + used + " are in use, which is more than " + wanted.max()
                    + "; destroy some first");
        }
        var onlyNumbers = new Need.Instances(old.flavor(), wanted.min(), wanted.max(), old.affinity(), old.query());
        if (phase == Phase.ACTIVE && !wanted.equals(onlyNumbers)) {
            return no("it has started; its amount may change, all else stays");
        }
        return Answer.yes(wanted);
    }

    private static Answer<Need> addresses(Need.Addresses old, Need.Addresses wanted, Phase phase) {
        if (!old.network().equals(wanted.network())) {
            return no("its network cannot change");
        }
        if (phase != Phase.PENDING && wanted.count() < old.count()) {
            return no("it has started; its amount may grow and not shrink");
        }
        if (!wanted.required().isEmpty() && !wanted.required().equals(old.required())) {
            return no("its required addresses can only be given up, by []");
        }
        return Answer.yes(wanted);
    }

    private static Answer<Need> no(String message) {
        return Answer.no(Refusal.clash(message));
    }
}
