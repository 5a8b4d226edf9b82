package im.signet.names.resolution;

import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.json.JsonString;

import org.springframework.stereotype.Component;

/** Bundles for those who answer by HTTP. */
@Component
public final class Bundles {

    private final Resolver resolver;

    Bundles(Resolver resolver) {
        this.resolver = resolver;
    }

    /** Returns what a handle resolves to; throws a {@link Problem} when it does not. */
    public Resolution.Found of(Handle handle) {
        return switch (resolver.resolve(handle)) {
            case Resolution.Found found -> found;
            case Resolution.Suspended(String reason, var status) ->
                throw Problem.of(ProblemCode.HANDLE_SUSPENDED)
                        .with("reason", new JsonString(reason))
                        .with("signed_status", status);
            case Resolution.Gone _ -> throw Problem.of(ProblemCode.HANDLE_GONE);
            case Resolution.Unknown _ -> throw Problem.of(ProblemCode.NOT_FOUND);
        };
    }
}
