package im.signet.names.resolution;

import im.signet.kit.limit.Limits;
import im.signet.kit.web.ClientAddress;
import im.signet.kit.web.OpenToAll;
import im.signet.names.key.StatusKeys;
import im.signet.names.problem.Problem;
import im.signet.names.problem.ProblemCode;
import im.signet.names.setting.NamesLimits;
import im.signet.names.setting.NamesProperties;
import im.signet.names.setting.PublicUrl;
import im.signet.protocol.error.ErrorCode;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What lies below `/.well-known` of a handle's domain: where its nameserver is, and WebFinger (RFC 7033).
@RestController
final class DiscoveryController {

    private static final Duration DISCOVERY_FRESH = Duration.ofHours(1);
    private static final Duration WEBFINGER_FRESH = Duration.ofSeconds(60);
    private static final MediaType JRD = MediaType.parseMediaType("application/jrd+json");
    private static final String ACCT = "acct:";
    // A handle and "acct:"; every character of it may come percent-encoded, which the container has undone.
    private static final int MAX_RESOURCE = 320;
    private static final int MAX_REL = 256;
    private static final int MAX_RELS = 16;
    /** What the bundle is to the handle: that which describes it (RFC 7033 asks for a registered relation or a URI). */
    private static final String BUNDLE_REL = "describedby";
    /** What the Matrix user is to the handle: another name of the same person. */
    private static final String USER_REL = "me";
    /** What the page for people is to the handle. */
    private static final String PAGE_REL = "http://webfinger.net/rel/profile-page";

    private final Bundles bundles;
    private final PublicUrl url;
    private final NamesProperties names;
    private final StatusKeys keys;
    private final Limits limits;
    private final NamesLimits rates;

    DiscoveryController(Bundles bundles, PublicUrl url, NamesProperties names, StatusKeys keys,
            @Qualifier("namesLimits") Limits limits, NamesLimits rates) {
        this.bundles = bundles;
        this.url = url;
        this.names = names;
        this.keys = keys;
        this.limits = limits;
        this.rates = rates;
    }

    @OpenToAll
    @GetMapping("/.well-known/signet")
    ResponseEntity<JsonObject> signet() {
        if (names.domains().isEmpty()) {
            throw Problem.of(ProblemCode.NOT_FOUND);
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(DISCOVERY_FRESH).cachePublic())
                .body(JsonObject.builder()
                        .put("v", 1)
                        .put("nameserver", url.base())
                        .put("status_keys", keys.published())
                        .put("identity_server", url.identityServer())
                        .build());
    }

    @OpenToAll
    @GetMapping("/.well-known/webfinger")
    ResponseEntity<byte[]> webfinger(HttpServletRequest request, ClientAddress client) {
        limits.take(rates.readsPerNetwork().by(client));
        Handle handle = Problem.orThrow(Handle.parse(resource(request.getParameterValues("resource"))));
        List<String> rels = rels(request.getParameterValues("rel"));
        Resolution.Found found = bundles.of(handle);
        List<JsonObject> links = new ArrayList<>();
        if (rels.isEmpty() || rels.contains(BUNDLE_REL)) {
            links.add(JsonObject.builder()
                    .put("rel", BUNDLE_REL)
                    .put("type", "application/json")
                    .put("href", url.of("/_signet/ns/v1/handles/" + handle))
                    .build());
        }
        if (rels.isEmpty() || rels.contains(USER_REL)) {
            found.reach()
                    .ifPresent(reach -> links.add(JsonObject.builder()
                            .put("rel", USER_REL)
                            .put("href", MatrixUri.of(reach.matrix()))
                            .build()));
        }
        if (rels.isEmpty() || rels.contains(PAGE_REL)) {
            links.add(JsonObject.builder()
                    .put("rel", PAGE_REL)
                    .put("type", "text/html")
                    .put("href", url.ofPage(handle))
                    .build());
        }
        JsonObject jrd = JsonObject.builder()
                .put("subject", ACCT + handle)
                .put("links", JsonArray.of(links))
                .build();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(WEBFINGER_FRESH).cachePublic())
                .contentType(JRD)
                .body(StrictJson.write(jrd).getBytes(StandardCharsets.UTF_8));
    }

    private static String resource(String @Nullable [] values) {
        if (values == null || values.length != 1 || values[0].length() > MAX_RESOURCE
                || !values[0].startsWith(ACCT)) {
            throw ErrorCode.M_INVALID_PARAM.because("resource must come once, and be such as acct:alice@example.org");
        }
        return values[0].substring(ACCT.length());
    }

    private static List<String> rels(String @Nullable [] values) {
        if (values == null) {
            return List.of();
        }
        if (values.length > MAX_RELS || Arrays.stream(values).anyMatch(rel -> rel.length() > MAX_REL)) {
            throw ErrorCode.M_INVALID_PARAM.because("rel may come 16 times, with 256 characters each");
        }
        return List.of(values);
    }
}
