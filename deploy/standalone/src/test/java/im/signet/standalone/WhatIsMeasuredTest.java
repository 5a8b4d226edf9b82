package im.signet.standalone;

import java.nio.file.*;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WhatIsMeasuredTest {
    @Test
    void dump() throws Exception {
        try (Town town = Town.start(Map.of("management.server.port", "0", "signet.names.domains", "example.org"))) {
            town.get("/_matrix/identity/v2/pubkey/canary-key", "");
            town.get("/nothing", "");
            town.publish(town.homeserver.register("alice"), "alice@example.org");
            Thread.sleep(2000);
            String port = String.valueOf(town.server().getEnvironment().getProperty("local.management.port"));
            Files.writeString(Path.of("target/scrape.txt"), new String(java.net.URI.create("http://127.0.0.1:"+port+"/actuator/prometheus").toURL().openStream().readAllBytes()));
            System.out.println(new String(java.net.URI.create("http://127.0.0.1:"+port+"/actuator/health/readiness").toURL().openStream().readAllBytes()));
        }
    }
}
