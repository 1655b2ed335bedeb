package holdfast.pools.clouds;

import static holdfast.pools.clouds.Right.Target.CATALOG;
import static holdfast.pools.clouds.Right.Target.DEPLOYABLE;
import static holdfast.pools.clouds.Right.Target.DEPLOYMENT;
import static holdfast.pools.clouds.Right.Target.GLOBAL;
import static holdfast.pools.clouds.Right.Target.HARDWARE_PROFILE;
import static holdfast.pools.clouds.Right.Target.IMAGE;
import static holdfast.pools.clouds.Right.Target.INSTANCE;
import static holdfast.pools.clouds.Right.Target.POOL;
import static holdfast.pools.clouds.Right.Target.POOL_FAMILY;
import static holdfast.pools.clouds.Right.Target.PROVIDER;
import static holdfast.pools.clouds.Right.Target.PROVIDER_ACCOUNT;
import static holdfast.pools.clouds.Right.Target.PROVIDER_TYPE;
import static holdfast.pools.clouds.Right.Target.QUOTA;
import static holdfast.pools.clouds.Right.Target.REALM;
import static holdfast.pools.clouds.Right.Target.TEMPLATE;

import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Role;
import holdfast.pools.clouds.Right.Target;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The roles that are there from the start (aeolus.md 2.7), in the short form of that table: V view, U use, M modify,
/// C create, P view and set permissions.
final class StandardRoles {
    static final String ADMINISTRATOR = "Global Administrator";
    static final String PROFILE_USER = "Global HWP User";

    static final Map<String, Role> ALL = all();

    private record Part(String may, Target... of) {}

    private StandardRoles() {}

    private static Map<String, Role> all() {
        var all = new LinkedHashMap<String, Role>();
        all.put("Instance User", user(INSTANCE, may("VU", INSTANCE)));
        all.put("Instance Owner", owner(INSTANCE, may("VUMP", INSTANCE)));
        all.put("Deployment User", user(DEPLOYMENT, may("VU", DEPLOYMENT), may("V", INSTANCE)));
        all.put("Deployment Owner", owner(DEPLOYMENT, may("VUMP", DEPLOYMENT), may("VUM", INSTANCE)));
        families(all);
        pools(all);
        all.put("Provider User", user(PROVIDER, may("VU", PROVIDER), may("C", PROVIDER_ACCOUNT)));
        all.put("Provider Administrator", owner(PROVIDER, may("VUMP", PROVIDER), may("VUMCP", PROVIDER_ACCOUNT)));
        all.put("Provider Account User", user(PROVIDER_ACCOUNT, may("VU", PROVIDER_ACCOUNT)));
        all.put("Provider Account Owner", owner(PROVIDER_ACCOUNT, may("VUMP", PROVIDER_ACCOUNT)));
        all.put("Provider Type Owner", owner(PROVIDER_TYPE, may("M", PROVIDER_TYPE)));
        for (var target : new Target[] {CATALOG, DEPLOYABLE, IMAGE, TEMPLATE}) {
            all.put(target.word() + " User", user(target, may("VU", target)));
            all.put(target.word() + " Administrator", owner(target, may("VUMP", target)));
        }
        global(all);
        return all;
    }

    private static void families(Map<String, Role> all) {
        all.put("Environment User", user(POOL_FAMILY, may("V", POOL_FAMILY)));
        all.put(
                "Environment Image Administrator",
                user(POOL_FAMILY, may("V", POOL_FAMILY), may("VUMC", IMAGE, TEMPLATE)));
        all.put(
                "Environment Administrator",
                owner(
                        POOL_FAMILY,
                        may("VUMP", POOL_FAMILY),
                        may("VMCP", POOL),
                        may("VUMCP", INSTANCE, DEPLOYMENT, CATALOG, DEPLOYABLE, IMAGE, TEMPLATE),
                        may("V", QUOTA)));
    }

    private static void pools(Map<String, Role> all) {
        all.put(
                "Pool User",
                user(
                        POOL,
                        may("V", POOL),
                        may("C", INSTANCE, DEPLOYMENT),
                        may("VU", CATALOG, DEPLOYABLE),
                        may("V", QUOTA)));
        all.put(
                "Pool Deployable Admin",
                user(POOL, may("V", POOL), may("VUMC", DEPLOYABLE), may("VUM", CATALOG), may("V", QUOTA)));
        all.put(
                "Pool Administrator",
                owner(
                        POOL,
                        may("VMP", POOL),
                        may("VUMC", INSTANCE, DEPLOYMENT),
                        may("VUMCP", CATALOG, DEPLOYABLE),
                        may("V", QUOTA)));
    }

    private static void global(Map<String, Role> all) {
        all.put(ADMINISTRATOR, user(GLOBAL, may("VUMCP", Target.values())));
        all.put("Global Provider Administrator", user(GLOBAL, may("VUMCP", PROVIDER, PROVIDER_ACCOUNT, PROVIDER_TYPE)));
        all.put("Global Provider User", user(GLOBAL, may("VU", PROVIDER, PROVIDER_ACCOUNT, PROVIDER_TYPE)));
        all.put("Global HWP Administrator", user(GLOBAL, may("VUMCP", HARDWARE_PROFILE)));
        all.put(PROFILE_USER, user(GLOBAL, may("VU", HARDWARE_PROFILE)));
        all.put("Global Realm Administrator", user(GLOBAL, may("VUMCP", REALM)));
        all.put(
                "Global Pool Administrator",
                user(
                        GLOBAL,
                        may("VUMCP", POOL, POOL_FAMILY, INSTANCE, DEPLOYMENT, CATALOG, DEPLOYABLE),
                        may("VM", QUOTA)));
        all.put("Global Pool User", user(GLOBAL, may("V", POOL), may("C", INSTANCE, DEPLOYMENT)));
        all.put("Global Deployable Administrator", user(GLOBAL, may("VUMCP", DEPLOYABLE)));
        all.put("Global Image Administrator", user(GLOBAL, may("VUMCP", IMAGE, TEMPLATE)));
    }

    private static Part may(String letters, Target... of) {
        return new Part(letters, of);
    }

    private static Role user(Target scope, Part... parts) {
        return role(scope, false, parts);
    }

    private static Role owner(Target scope, Part... parts) {
        return role(scope, true, parts);
    }

    private static Role role(Target scope, boolean owner, Part... parts) {
        var privileges = new EnumMap<Target, Set<Action>>(Target.class);
        for (var part : parts) {
            Arrays.stream(part.of()).forEach(target -> privileges.put(target, actions(part.may())));
        }
        return new Role(scope, owner, privileges);
    }

    private static Set<Action> actions(String letters) {
        var actions = EnumSet.noneOf(Action.class);
        for (int at = 0; at < letters.length(); at++) {
            char letter = letters.charAt(at);
            switch (letter) {
                case 'V' -> actions.add(Action.VIEW);
                case 'U' -> actions.add(Action.USE);
                case 'M' -> actions.add(Action.MODIFY);
                case 'C' -> actions.add(Action.CREATE);
                case 'P' -> {
                    actions.add(Action.VIEW_PERMS);
                    actions.add(Action.SET_PERMS);
                }
                default -> throw new IllegalArgumentException("no action " + letter);
            }
        }
        return actions;
    }
}
