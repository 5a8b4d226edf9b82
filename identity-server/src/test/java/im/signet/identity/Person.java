package im.signet.identity;

import im.signet.kit.token.TokenIntrospection;
import im.signet.protocol.identifier.UserId;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The users that the test application knows, each with one access token. */
public enum Person {
    ALICE(false), BOB(false), CAROL(false),
    /** Has not accepted the terms. */
    UNSIGNED(true);

    private static final Map<String, Person> BY_TOKEN = Arrays.stream(values())
            .collect(Collectors.toMap(Person::token, Function.identity()));

    private final boolean termsOutstanding;

    Person(boolean termsOutstanding) {
        this.termsOutstanding = termsOutstanding;
    }

    /** Returns their Matrix ID. */
    public UserId user() {
        return UserId.of("@" + name().toLowerCase(Locale.ROOT) + ":hs.example.org");
    }

    /** Returns their access token. */
    public String token() {
        return "token-of-" + name().toLowerCase(Locale.ROOT) + "-0123456789";
    }

    /** Returns a terms-service that knows these users and nobody else. */
    public static TokenIntrospection introspection() {
        return (token, _) -> {
            Person holder = BY_TOKEN.get(token.value());
            return holder == null
                    ? new TokenIntrospection.Answer.Inactive()
                    : new TokenIntrospection.Answer.Active(holder.user(), holder.termsOutstanding);
        };
    }
}
