package im.signet.names.resolution;

import im.signet.kit.limit.Limits;
import im.signet.kit.web.ClientAddress;
import im.signet.kit.web.OpenToAll;
import im.signet.names.problem.Problem;
import im.signet.names.setting.NamesLimits;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.json.JsonObject;

import java.time.Duration;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// `GET /_signet/ns/v1/handles/{handle}`: what a handle names, with all that it takes to check it.
@RestController
final class HandleController {

    private static final Duration FRESH = Duration.ofSeconds(60);

    private final Bundles bundles;
    private final Limits limits;
    private final NamesLimits rates;

    HandleController(Bundles bundles, @Qualifier("namesLimits") Limits limits, NamesLimits rates) {
        this.bundles = bundles;
        this.limits = limits;
        this.rates = rates;
    }

    @OpenToAll
    @GetMapping("/_signet/ns/v1/handles/{handle}")
    ResponseEntity<JsonObject> handle(@PathVariable String handle, ClientAddress client) {
        limits.take(rates.readsPerNetwork().by(client));
        Resolution.Found found = bundles.of(Problem.orThrow(Handle.parse(handle)));
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(FRESH).cachePublic())
                .eTag(found.etag())
                .header("Access-Control-Expose-Headers", "ETag")
                .body(found.bundle());
    }
}
