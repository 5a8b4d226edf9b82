package im.signet.standalone.doctor;

import im.signet.kit.outbound.Destination;
import im.signet.kit.outbound.OutboundRequest;
import im.signet.kit.outbound.OutboundResult;
import im.signet.protocol.json.StrictJson;
import im.signet.standalone.config.Service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the domains of handles lead to this nameserver. */
final class HandleDomainCheck implements Check {

    private static final int HTTPS = 443;
    private static final String WEBFINGER = "/.well-known/webfinger?resource=acct:signet-doctor@";

    @Override
    public String what() {
        return "handles";
    }

    @Override
    public List<Diagnosis> look(Patient patient) {
        List<String> domains = patient.list("signet.names.domains");
        if (!patient.served().has(Service.NAMES) || domains.isEmpty()) {
            return List.of(Diagnosis.ok(what(), "there are no domains of handles to look at."));
        }
        String own = patient.text("signet.names.public-url")
                .or(() -> patient.publicUrl().map(String::valueOf))
                .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
                .orElse("");
        List<Diagnosis> found = new ArrayList<>();
        try (Outbound outbound = Outbound.of(patient)) {
            for (String domain : domains.stream().filter(Destination::isHost).toList()) {
                found.add(signet(domain, ask(outbound, domain, "/.well-known/signet"), own));
                found.add(webfinger(domain, ask(outbound, domain, WEBFINGER + domain)));
            }
        }
        return found;
    }

    private static OutboundResult ask(Outbound outbound, String domain, String path) {
        return outbound.http().send(OutboundRequest.get(Destination.of(domain, HTTPS), path).followingRedirects());
    }

    Diagnosis signet(String domain, OutboundResult result, String own) {
        String mend = "Pass https://" + domain + "/.well-known/signet and /.well-known/webfinger on to this server.";
        Optional<String> named = result instanceof OutboundResult.Answered answered && answered.status() == 200
                ? StrictJson.parseObject(answered.body()).toOptional().flatMap(json -> json.string("nameserver"))
                : Optional.empty();
        if (named.isEmpty()) {
            return Diagnosis.fail(what(),
                    "https://" + domain + "/.well-known/signet names no nameserver: handles of " + domain
                            + " are found by nobody.",
                    mend);
        }
        return named.get().equals(own)
                ? Diagnosis.ok(what(), domain + " names this nameserver.")
                : Diagnosis.fail(what(), domain + " names another nameserver, " + named.get() + ".", mend);
    }

    // That the handle does not exist is the right answer, when it is ours: in JSON, and readable in browsers.
    Diagnosis webfinger(String domain, OutboundResult result) {
        boolean ours = result instanceof OutboundResult.Answered answered
                && answered.header("Content-Type").filter(type -> type.contains("json")).isPresent()
                && answered.header("Access-Control-Allow-Origin").filter("*"::equals).isPresent();
        return ours
                ? Diagnosis.ok(what(), domain + " answers WebFinger.")
                : Diagnosis.warn(what(), "https://" + domain + "/.well-known/webfinger is not answered by this server.",
                        "Pass it on too, if nothing else of that domain answers WebFinger.");
    }
}
