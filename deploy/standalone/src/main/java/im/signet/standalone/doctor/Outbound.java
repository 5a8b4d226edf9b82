package im.signet.standalone.doctor;

import im.signet.kit.homeserver.FederationProperties;
import im.signet.kit.homeserver.Homeservers;
import im.signet.kit.outbound.AddressPolicy;
import im.signet.kit.outbound.GuardedHttpClient;
import im.signet.kit.outbound.NameResolver;

import java.util.Optional;

import org.springframework.boot.context.properties.bind.Binder;

/** How the server reaches hosts of others, with the same guards: what it cannot reach is not reached here. */
record Outbound(GuardedHttpClient http, Homeservers homeservers) implements AutoCloseable {

    static Outbound of(Patient patient) {
        FederationProperties federation = Binder.get(patient.settings())
                .bindOrCreate("signet.federation", FederationProperties.class);
        NameResolver names = NameResolver.system(patient.clock());
        GuardedHttpClient http = GuardedHttpClient.create(new AddressPolicy(federation.allowAddresses()), names,
                Optional.ofNullable(federation.caFile()));
        return new Outbound(http, new Homeservers(federation::serves, http, names, patient.clock(), patient.random()));
    }

    @Override
    public void close() {
        http.close();
    }
}
