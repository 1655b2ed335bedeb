package holdfast.pools.clouds.choice;

import java.util.Locale;

/// Why something cannot be launched, at all or at one account (aeolus.md 6.5), in the order in which reasons are told.
public enum Reason {
    POOL_DISABLED("the pool is switched off"),
    NO_PROVIDER_ACCOUNTS("the pool's family has no account at a provider"),
    ALL_PROVIDERS_DISABLED("all providers of the pool's family are switched off"),
    POOL_QUOTA_REACHED("the pool may not have so many running instances", true),
    POOL_FAMILY_QUOTA_REACHED("the pool's family may not have so many running instances", true),
    USER_QUOTA_REACHED("the user may not have so many running instances", true),
    TOTAL_QUOTA_REACHED("there may not be so many instances, stopped ones counted", true),

    HARDWARE_PROFILE_NO_PERMISSION("the hardware profile is not the user's to use", true),
    IMAGE_NOT_FOUND("there is no such image"),
    ARCHITECTURE_MISMATCH("the image is of another architecture than the hardware profile"),
    FRONTEND_REALM_NO_TARGETS("nothing is mapped to the realm"),

    MUST_BE_ENABLED("the provider is switched off"),
    PROVIDER_NOT_AVAILABLE("the provider does not answer"),
    DRIVER_NOT_WANTED("the provider is of another type than is asked for"),
    PROVIDER_ACCOUNT_QUOTA_REACHED("the account may not have so many instances", true),
    HW_PROFILE_MATCH_NOT_FOUND("no hardware profile of the provider is large enough"),
    IMAGE_NOT_PUSHED_TO_PROVIDER("the image cannot be booted there"),
    IMAGE_MAPPER_UNAVAILABLE("it cannot be found out now whether the image can be booted there"),
    FEATURE_NOT_TAKEN("the provider does not take all that is given to the instance"),
    REALM_NOT_MAPPED("the realm has no part there that is available"),
    BOUND_ELSEWHERE("something that the launch names belongs to another account"),
    ALREADY_TRIED("all that could be tried there has been tried");

    private final String text;
    private final boolean forbids;

    Reason(String text) {
        this(text, false);
    }

    Reason(String text, boolean forbids) {
        this.text = text;
        this.forbids = forbids;
    }

    /// As it is written in every interface.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// For people.
    public String text() {
        return text;
    }

    /// Whether it is a matter of rights or quotas.
    public boolean forbids() {
        return forbids;
    }
}
