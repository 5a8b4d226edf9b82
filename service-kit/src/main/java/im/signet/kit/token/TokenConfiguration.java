package im.signet.kit.token;

import im.signet.kit.web.Errors;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.protocol.error.ErrorCode;

import java.io.IOException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// Bearer tokens through Spring Security: each mapping's [OpenToAll] or [NeedsToken] decides, and what says neither is
/// denied. First 401 `M_UNAUTHORIZED`, then 403 `M_TERMS_NOT_SIGNED`, and only then are parameters looked at.
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
public class TokenConfiguration {

    @Bean
    SecurityFilterChain bearerTokens(HttpSecurity http, TokenIntrospection introspection,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping) {
        EndpointAccess access = new EndpointAccess(mapping);
        return http.csrf(AbstractHttpConfigurer::disable) // no cookies: nothing that a foreign page could ride on
                .headers(AbstractHttpConfigurer::disable) // ResponseHeaders puts them on earlier, errors included
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.anyRequest()
                        .access((caller, request) -> new AuthorizationDecision(
                                mayPass(access.of(request.getRequest()), caller.get()))))
                .oauth2ResourceServer(server -> server.bearerTokenResolver(tokenWhereNeeded(access))
                        .authenticationEntryPoint((_, response, _) -> unauthorized(response))
                        .accessDeniedHandler((request, response, _) -> denied(access.of(request), response))
                        .opaqueToken(opaque -> opaque.introspector(introspectorOver(introspection))))
                .exceptionHandling(handling -> handling
                        .authenticationEntryPoint((request, response, _) -> denied(access.of(request), response))
                        .accessDeniedHandler((request, response, _) -> denied(access.of(request), response)))
                .build();
    }

    // Which methods there are is for the mappings to say: another one is answered with 405, not with the firewall's 400.
    @Bean
    HttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }

    private static boolean mayPass(EndpointAccess.Rule rule, @Nullable Authentication authentication) {
        return switch (rule) {
            case EndpointAccess.Rule.Open _,EndpointAccess.Rule.NoEndpoint _ -> true;
            case EndpointAccess.Rule.Undeclared _ -> false;
            case EndpointAccess.Rule.Token token -> authentication != null
                    && authentication.getPrincipal() instanceof Caller caller
                    && (token.termsMayBeOutstanding() || !caller.termsOutstanding());
        };
    }

    private static BearerTokenResolver tokenWhereNeeded(EndpointAccess access) {
        DefaultBearerTokenResolver inHeader = new DefaultBearerTokenResolver();
        DefaultBearerTokenResolver inQueryToo = new DefaultBearerTokenResolver();
        inQueryToo.setAllowUriQueryParameter(true);
        return request -> switch (access.of(request)) {
            case EndpointAccess.Rule.Token(_, boolean alsoInQuery) ->
                (alsoInQuery && isGet(request) ? inQueryToo : inHeader).resolve(request);
            case EndpointAccess.Rule.Open _,EndpointAccess.Rule.NoEndpoint _,EndpointAccess.Rule.Undeclared _ -> null;
        };
    }

    private static boolean isGet(HttpServletRequest request) {
        return request.getMethod().equals("GET");
    }

    private static OpaqueTokenIntrospector introspectorOver(TokenIntrospection introspection) {
        return value -> callerOf(new AccessToken(value), introspection);
    }

    private static OAuth2AuthenticatedPrincipal callerOf(AccessToken token, TokenIntrospection introspection) {
        return switch (introspection.introspect(token)) {
            case TokenIntrospection.Answer.Active(var user, boolean outstanding) ->
                new Caller(user, token, outstanding);
            case TokenIntrospection.Answer.Inactive _ -> throw new BadOpaqueTokenException("not a live token");
        };
    }

    private static void unauthorized(HttpServletResponse response) throws IOException {
        response.setHeader("WWW-Authenticate", "Bearer");
        Errors.write(response, ErrorCode.M_UNAUTHORIZED.because("this needs an access token that is known and alive"));
    }

    private static void denied(EndpointAccess.Rule rule, HttpServletResponse response) throws IOException {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        boolean signedIn = authentication != null && authentication.getPrincipal() instanceof Caller;
        if (rule instanceof EndpointAccess.Rule.Undeclared) {
            Errors.write(response, ErrorCode.M_UNRECOGNIZED.because("there is no such endpoint"));
        } else if (signedIn) {
            Errors.write(response,
                    ErrorCode.M_TERMS_NOT_SIGNED
                            .because("there are terms of use to accept first: GET /terms lists them"));
        } else {
            unauthorized(response);
        }
    }
}
