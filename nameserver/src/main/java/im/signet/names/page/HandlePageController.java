package im.signet.names.page;

import im.signet.kit.limit.Limits;
import im.signet.kit.page.Audience;
import im.signet.kit.web.ClientAddress;
import im.signet.kit.web.OpenToAll;
import im.signet.names.resolution.MatrixUri;
import im.signet.names.resolution.Resolution;
import im.signet.names.resolution.Resolver;
import im.signet.names.setting.NamesLimits;
import im.signet.names.setting.PublicUrl;
import im.signet.protocol.error.MatrixException;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Card;
import im.signet.protocol.handle.Fingerprint;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.Reach;
import im.signet.protocol.handle.Status;
import im.signet.protocol.identifier.UserId;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/**
 * Shows people what a handle names. Nothing on the page proves anything, and it says so: whoever wants to know compares
 * fingerprints in their app. To all that is nobody's, whatever stands in the path, there is one answer.
 */
@Controller
final class HandlePageController {

    private static final Duration FRESH = Duration.ofSeconds(60);

    private final Resolver resolver;
    private final OpenPages pages;
    private final PublicUrl url;
    private final Limits limits;
    private final NamesLimits rates;

    HandlePageController(Resolver resolver, OpenPages pages, PublicUrl url, @Qualifier("namesLimits") Limits limits,
            NamesLimits rates) {
        this.resolver = resolver;
        this.pages = pages;
        this.url = url;
        this.limits = limits;
        this.rates = rates;
    }

    @OpenToAll
    @GetMapping(PublicUrl.PAGES + "{*path}")
    ResponseEntity<String> handle(@PathVariable String path, ClientAddress client, Audience audience) {
        limits.take(rates.readsPerNetwork().by(client));
        String name = path.startsWith("/") ? path.substring(1) : path;
        Resolution said = Handle.parse(name)
                .toOptional()
                .map(resolver::resolve)
                .orElseGet(Resolution.Unknown::new);
        return switch (said) {
            case Resolution.Found found -> found(found, audience);
            case Resolution.Suspended(String reason, _) ->
                pages.notice(410, reason.equals("withdrawn") ? "withdrawn" : "suspended", audience);
            case Resolution.Gone _ -> pages.notice(410, "gone", audience);
            case Resolution.Unknown _ -> pages.notice(404, "unknown", audience);
        };
    }

    @ExceptionHandler
    ResponseEntity<String> limited(MatrixException refusal, Audience audience) {
        ResponseEntity<String> page = pages.notice(refusal.status(), "limited", audience);
        // Rounded up: whoever waits as long as they were told to is served.
        long seconds = refusal.retryAfter().map(delay -> delay.plusNanos(999_999_999).toSeconds()).orElse(1L);
        return ResponseEntity.status(page.getStatusCode())
                .headers(page.getHeaders())
                .header("Retry-After", Long.toString(Math.max(1, seconds)))
                .body(page.getBody());
    }

    private ResponseEntity<String> found(Resolution.Found found, Audience audience) {
        boolean moved = found.binding().binding().state() == Binding.State.MOVED;
        return switch (found.binding().standing(found.identity())) {
            case FRESH -> moved
                    ? left("moved", found, audience)
                    : named(found.state() == Status.State.LAPSED ? "lapsed" : "fresh", found, audience);
            case SIGNER_REVOKED -> moved ? left("unsure", found, audience) : named("revoked", found, audience);
            case EPOCH_OVER -> moved ? left("unsure", found, audience) : named("epoch", found, audience);
            case IDENTITY_DEACTIVATED -> left("deactivated", found, audience);
        };
    }

    private ResponseEntity<String> named(String state, Resolution.Found found, Audience audience) {
        Binding binding = found.binding().binding();
        Card card = Card.of(found.identity(), Optional.of(binding.handle()));
        Optional<UserId> matrix = found.reach().map(Reach::matrix);
        Map<String, Object> values = new HashMap<>();
        values.put("handle", binding.handle());
        values.put("id", binding.id());
        values.put("state", state);
        values.put("signed", day(binding.iat(), audience));
        values.put("until", day(binding.exp(), audience));
        values.put("matrix", matrix.map(UserId::value).orElse(""));
        values.put("matrixLink", matrix.map(MatrixUri::of).orElse(""));
        values.put("qr", QrCode.of(card.toText()));
        values.put("card", card.toText());
        values.put("link", url.ofCards().map(card::toLink).orElse(""));
        values.put("digits", String.join(" ", Fingerprint.sideOf(found.identity())));
        values.put("record", url.of("/_signet/ns/v1/handles/" + binding.handle()));
        return pages.kept(FRESH, HandleTemplates.HANDLE, audience, values);
    }

    private ResponseEntity<String> left(String state, Resolution.Found found, Audience audience) {
        Binding binding = found.binding().binding();
        String to = state.equals("deactivated") ? "" : binding.to().map(Handle::toString).orElse("");
        return pages.kept(FRESH, HandleTemplates.LEFT, audience, Map.of("handle", binding.handle(), "id", binding.id(),
                "state", state, "to", to, "signed", day(binding.iat(), audience)));
    }

    // Whoever reads it may be anywhere: the day in UTC will do.
    private static String day(long epochSeconds, Audience audience) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(audience.language())
                .format(Instant.ofEpochSecond(epochSeconds).atOffset(ZoneOffset.UTC));
    }
}
