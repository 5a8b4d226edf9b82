package im.signet.terms.key;

import im.signet.kit.web.OpenToAll;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.time.Duration;

import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /_signet/terms/jwks.json`: the keys with which anyone can verify what this service signed, as a JWK set
/// (RFC 7517).
@RestController
final class JwksController {

    private static final Duration KEPT = Duration.ofMinutes(5);

    private final JsonObject published;

    JwksController(JwsKeys keys) {
        this.published = StrictJson.parseObject(keys.published().toString(true)).orElseThrow();
    }

    @OpenToAll
    @GetMapping("/_signet/terms/jwks.json")
    ResponseEntity<JsonObject> keys() {
        return ResponseEntity.ok().cacheControl(CacheControl.maxAge(KEPT).cachePublic()).body(published);
    }
}
