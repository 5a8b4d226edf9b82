package im.signet.kit.token;

import im.signet.protocol.identifier.UserId;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;

/**
 * The user whose token came with a request; controllers take it as an {@code @AuthenticationPrincipal}.
 *
 * @param user             whose token it is
 * @param token            the token itself
 * @param termsOutstanding whether terms are still to be accepted
 */
public record Caller(UserId user, AccessToken token, boolean termsOutstanding) implements OAuth2AuthenticatedPrincipal {

    @Override
    public Map<String, Object> getAttributes() {
        return Map.of("sub", user.value());
    }

    @Override
    public Collection<? extends GrantedAuthority> getAuthorities() {
        return List.of();
    }

    @Override
    public String getName() {
        return user.value();
    }
}
