package im.signet.kit.token;

import im.signet.kit.metric.Tally;
import im.signet.kit.web.Errors;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.ServiceName;
import im.signet.protocol.error.ErrorCode;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.server.resource.authentication.OpaqueTokenAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
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

    private static final Tally.ByBoth<ServiceName, Found> INTROSPECTIONS = Tally.by("signet.introspections",
            "Access tokens that came with requests", "service", ServiceName.class, "answer", Found.class);

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
                        .authenticationEntryPoint((_, response, failure) -> unauthenticated(failure, response))
                        .accessDeniedHandler((request, response, _) -> denied(access.of(request), response))
                        .authenticationManagerResolver(managersOver(introspection, access)))
                .exceptionHandling(handling -> handling
                        .authenticationEntryPoint((request, response, _) -> denied(access.of(request), response))
                        .accessDeniedHandler((request, response, _) -> denied(access.of(request), response)))
                .build();
    }

    /** Refuses paths in disguise; methods are the mappings' to refuse, so that a wrong one is 405 whatever it is called. */
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
            case EndpointAccess.Rule.Token(_, _, boolean alsoInQuery) ->
                (alsoInQuery && isGet(request) ? inQueryToo : inHeader).resolve(request);
            case EndpointAccess.Rule.Open _,EndpointAccess.Rule.NoEndpoint _,EndpointAccess.Rule.Undeclared _ -> null;
        };
    }

    private static boolean isGet(HttpServletRequest request) {
        return request.getMethod().equals("GET");
    }

    private static AuthenticationManagerResolver<HttpServletRequest> managersOver(TokenIntrospection introspection,
            EndpointAccess access) {
        Map<ServiceName, AuthenticationManager> managers = new EnumMap<>(ServiceName.class);
        for (ServiceName service : ServiceName.values()) {
            managers.put(service, new ProviderManager(new OpaqueTokenAuthenticationProvider(
                    value -> callerOf(new AccessToken(value), service, introspection))));
        }
        // Where no token is needed, none is resolved, and nobody is asked.
        return request -> Objects
                .requireNonNull(managers.get(access.of(request) instanceof EndpointAccess.Rule.Token token
                        ? token.service()
                        : ServiceName.IDENTITY));
    }

    private static OAuth2AuthenticatedPrincipal callerOf(AccessToken token, ServiceName service,
            TokenIntrospection introspection) {
        TokenIntrospection.Answer answer = introspection.introspect(token, service);
        INTROSPECTIONS.add(service, kindOf(answer));
        return switch (answer) {
            case TokenIntrospection.Answer.Active(var user, boolean outstanding) ->
                new Caller(user, token, outstanding);
            case TokenIntrospection.Answer.Inactive _ -> throw new BadOpaqueTokenException("not a live token");
            case TokenIntrospection.Answer.Unavailable _ -> throw new NobodyToAsk();
        };
    }

    /** What was found out about a token. */
    private enum Found {
        /** It is alive, and its user may be served. */
        ACTIVE,
        /** It is alive, and its user has terms to accept. */
        OUTSTANDING,
        /** It is nobody's. */
        INACTIVE,
        /** Nobody could be asked. */
        UNAVAILABLE
    }

    private static Found kindOf(TokenIntrospection.Answer answer) {
        return switch (answer) {
            case TokenIntrospection.Answer.Active active -> active.termsOutstanding()
                    ? Found.OUTSTANDING
                    : Found.ACTIVE;
            case TokenIntrospection.Answer.Inactive _ -> Found.INACTIVE;
            case TokenIntrospection.Answer.Unavailable _ -> Found.UNAVAILABLE;
        };
    }

    private static final class NobodyToAsk extends AuthenticationException {

        private static final long serialVersionUID = 1L;

        NobodyToAsk() {
            super("the terms-service gave no answer");
        }
    }

    private static void unauthenticated(AuthenticationException failure, HttpServletResponse response)
            throws IOException {
        if (failure instanceof NobodyToAsk) {
            Errors.write(response, ErrorCode.M_UNKNOWN
                    .because(503, "whose token that is cannot be found out at the moment; try again in a moment")
                    .withRetryAfter(Duration.ofSeconds(1)));
        } else {
            unauthorized(response);
        }
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
