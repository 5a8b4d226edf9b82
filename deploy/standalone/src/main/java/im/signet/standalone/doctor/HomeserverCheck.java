package im.signet.standalone.doctor;

import im.signet.kit.outbound.Destination;
import im.signet.kit.outbound.OutboundRequest;
import im.signet.kit.outbound.OutboundResult;
import im.signet.protocol.identifier.ServerName;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether homeservers are found and answer, and whether they tell clients of this server. */
final class HomeserverCheck implements Check {

    private static final String WELL_KNOWN = "/.well-known/matrix/client";
    private static final int HTTPS = 443;

    @Override
    public String what() {
        return "homeserver";
    }

    @Override
    public List<Diagnosis> look(Patient patient) {
        Set<String> names = new LinkedHashSet<>(patient.homeservers());
        if (names.isEmpty()) {
            patient.list("signet.federation.homeservers")
                    .stream()
                    .filter(name -> !name.startsWith("*"))
                    .forEach(names::add);
            names.addAll(patient.list("signet.names.homeservers"));
        }
        if (names.isEmpty()) {
            return List
                    .of(Diagnosis.warn(what(), "none was asked, as none is named.", "Give --homeserver example.org."));
        }
        List<Diagnosis> found = new ArrayList<>();
        try (Outbound outbound = Outbound.of(patient)) {
            for (String name : names) {
                Optional<ServerName> server = ServerName.parse(name).toOptional();
                if (server.isEmpty()) {
                    found.add(Diagnosis.fail(what(), "'" + name + "' is no name of a Matrix server.",
                            "Give what stands after the ':' of its users."));
                    continue;
                }
                found.add(federation(outbound, server.get()));
                found.add(wellKnown(outbound, server.get(), patient));
            }
        }
        return found;
    }

    private Diagnosis federation(Outbound outbound, ServerName server) {
        String mend = "Check its /.well-known/matrix/server and SRV records, its certificate, and, where it is in your own "
                + "network, signet.federation.allow-addresses.";
        return switch (outbound.homeservers().get(server, "/_matrix/key/v2/server")) {
            case OutboundResult.Answered answered when answered.status() == 200 && says(answered, "server_name",
                    server.value()) ->
                Diagnosis.ok(what(), server + " is found by discovery and publishes its keys.");
            case OutboundResult.Answered answered -> Diagnosis.fail(what(), server
                    + " is found, and does not publish keys of that name (status " + answered.status() + ").", mend);
            case OutboundResult.Refused(String reason) -> Diagnosis.fail(what(), reason + ".", mend);
            case OutboundResult.Unreachable(String reason) -> Diagnosis.fail(what(), reason + ".", mend);
        };
    }

    private static boolean says(OutboundResult.Answered answered, String member, String value) {
        return StrictJson.parseObject(answered.body())
                .toOptional()
                .flatMap(json -> json.string(member))
                .filter(value::equals)
                .isPresent();
    }

    private Diagnosis wellKnown(Outbound outbound, ServerName server, Patient patient) {
        int port = server.port().orElse(HTTPS);
        OutboundResult result = outbound.http()
                .send(OutboundRequest
                        .get(new Destination(server.host(), server.port(), server.host(), port), WELL_KNOWN)
                        .followingRedirects());
        Optional<String> base = result instanceof OutboundResult.Answered answered && answered.status() == 200
                ? StrictJson.parseObject(answered.body())
                        .toOptional()
                        .flatMap(json -> json.object("m.identity_server"))
                        .flatMap((JsonObject identity) -> identity.string("base_url"))
                : Optional.empty();
        return of(server.value(), base, patient.publicUrl().map(String::valueOf).orElse(""));
    }

    Diagnosis of(String server, Optional<String> named, String own) {
        String mend = "Have https://" + server + WELL_KNOWN + " say \"m.identity_server\": {\"base_url\": \"" + own
                + "\"}.";
        if (named.isEmpty()) {
            return Diagnosis.warn("well-known", server + " tells clients of no identity server.", mend);
        }
        String url = named.get().endsWith("/") ? named.get().substring(0, named.get().length() - 1) : named.get();
        return url.equals(own)
                ? Diagnosis.ok("well-known", server + " tells clients of this server.")
                : Diagnosis.warn("well-known", server + " tells clients of another identity server, " + url + ".",
                        "If it is yours: " + mend.substring(0, 1).toLowerCase(Locale.ROOT) + mend.substring(1));
    }
}
