package im.signet.terms.introspection;

import im.signet.kit.limit.Limit;
import im.signet.kit.limit.Limits;
import im.signet.kit.settings.SignetProperties;
import im.signet.kit.token.AccessToken;
import im.signet.kit.web.ClientAddress;
import im.signet.kit.web.FormToo;
import im.signet.kit.web.OpenToAll;
import im.signet.kit.web.Params;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.identifier.UserId;
import im.signet.terms.acceptance.Acceptances;
import im.signet.terms.account.Accounts;
import im.signet.terms.account.LiveToken;
import im.signet.terms.key.JwsKeys;
import im.signet.terms.policy.Policy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// `POST /_signet/terms/introspect`: other services of the operator ask whose an access token is, and what its user
/// still has to accept (RFC 7662); signed where they accept `application/token-introspection+jwt` (RFC 9701).
@RestController
final class IntrospectionController {

    private static final String OUTSTANDING = "im.signet.outstanding";
    private static final String SERVICE = "im.signet.service";
    private static final String TOKEN_SHA256 = "im.signet.token_sha256";

    private static final JOSEObjectType TYPE = new JOSEObjectType("token-introspection+jwt");
    private static final MediaType SIGNED = MediaType.valueOf("application/token-introspection+jwt");
    private static final int MAX_TOKEN = 4096;
    private static final int MAX_SERVICE = 64;

    private final ServiceClients clients;
    private final Accounts accounts;
    private final Acceptances acceptances;
    private final JwsKeys keys;
    private final SignetProperties signet;
    private final Limits limits;
    private final Limit perNetwork;
    private final Clock clock;

    IntrospectionController(ServiceClients clients, Accounts accounts, Acceptances acceptances, JwsKeys keys,
            SignetProperties signet, @Qualifier("termsLimits") Limits limits, IntrospectionLimits settings,
            Clock clock) {
        this.clients = clients;
        this.accounts = accounts;
        this.acceptances = acceptances;
        this.keys = keys;
        this.signet = signet;
        this.limits = limits;
        this.perNetwork = settings.perNetwork();
        this.clock = clock;
    }

    // No user's token is needed: the service proves itself, inside.
    @OpenToAll
    @FormToo
    @PostMapping("/_signet/terms/introspect")
    ResponseEntity<byte[]> introspect(HttpServletRequest request, HttpServletResponse response, ClientAddress asking,
            Params params) {
        String client = clients.authenticate(request).orElseThrow(() -> {
            limits.take(perNetwork.by(asking)); // only of what failed: nobody can use up what a service needs
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"introspection\"");
            return ErrorCode.M_UNAUTHORIZED.because("this is for services whose name and secret the operator has set");
        });
        AccessToken token = new AccessToken(params.string("token", MAX_TOKEN));
        String service = params.optionalString(SERVICE, MAX_SERVICE).orElse(client);
        if (!clients.isService(service)) {
            throw ErrorCode.M_INVALID_PARAM.because("there is no service of that name");
        }
        Map<String, Object> answer = accounts.liveToken(token)
                .map(live -> active(live, service))
                .orElseGet(() -> Map.of("active", false));
        return acceptsSigned(request)
                ? ResponseEntity.ok().contentType(SIGNED).body(ascii(sign(client, token, service, answer)))
                : ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(JSONObjectUtils.toJSONString(answer).getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, Object> active(LiveToken token, String service) {
        UserId user = token.user();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("active", true);
        answer.put("iss", signet.publicUrlOf(""));
        answer.put("sub", user.value());
        answer.put("token_type", "Bearer");
        answer.put("iat", token.createdAt().getEpochSecond());
        answer.put("exp", token.expiresAt().getEpochSecond());
        answer.put(OUTSTANDING, acceptances.outstandingFor(user, service).stream().map(Policy::id).toList());
        return answer;
    }

    // Of which token, and for which service: an answer that was overheard must not do for another question.
    private String sign(String client, AccessToken token, String service, Map<String, Object> answer) {
        return keys.sign(TYPE, new JWTClaimsSet.Builder().issuer(signet.publicUrlOf(""))
                .audience(client)
                .issueTime(Date.from(clock.instant()))
                .claim("token_introspection", answer)
                .claim(TOKEN_SHA256, Base64URL.encode(token.hash()).toString())
                .claim(SERVICE, service)
                .build());
    }

    private static boolean acceptsSigned(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        if (accept == null) {
            return false;
        }
        try {
            List<MediaType> accepted = MediaType.parseMediaTypes(accept);
            return accepted.stream().anyMatch(type -> !type.isWildcardSubtype() && type.isCompatibleWith(SIGNED));
        } catch (InvalidMediaTypeException unreadable) {
            return false;
        }
    }

    private static byte[] ascii(String jws) {
        return jws.getBytes(StandardCharsets.US_ASCII);
    }
}
