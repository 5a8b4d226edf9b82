package im.signet.kit.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks an endpoint for users who showed an access token and have no terms left to accept: 401 `M_UNAUTHORIZED` and
/// 403 `M_TERMS_NOT_SIGNED` come before any look at the parameters. An endpoint that carries neither this nor
/// [OpenToAll] is served to nobody.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface NeedsToken {

    /** Returns the service that the endpoint belongs to: only terms that this service requires stand in its way. */
    ServiceName service() default ServiceName.IDENTITY;

    /** Returns whether users with terms still to accept are let in as well: to accept them, or to leave. */
    boolean termsMayBeOutstanding() default false;

    /// Returns whether the token may come as the query parameter `access_token` too: Synapse sends it there, and only
    /// there, to `GET /hash_details`.
    boolean alsoInQuery() default false;
}
