package im.signet.protocol.fuzz;

import im.signet.protocol.Parsed;
import im.signet.protocol.identifier.ServerName;

import java.net.URI;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ServerNameFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void whatIsAcceptedIsTheSameHostAndPortInAUrl(FuzzedDataProvider data) {
        if (ServerName.parse(data.consumeRemainingAsString()) instanceof Parsed.Ok<ServerName> ok) {
            ServerName name = ok.value();
            String host = name.value().startsWith("[") ? "[" + name.host() + "]" : name.host();
            URI url = URI.create("https://" + name + "/path");

            assertTrue(name.value().length() <= 230);
            // The specification's grammar lets a port begin with zeros.
            assertEquals(name.value().replaceFirst(":0+(?=[0-9]+$)", ":"),
                    host + (name.port().isPresent() ? ":" + name.port().getAsInt() : ""));
            assertEquals(name.value(), url.getRawAuthority());
            assertEquals("/path", url.getRawPath());
            // java.net.URI finds no host where the last label begins with a digit, as RFC 2396 had it.
            assertTrue(
                    url.getHost() == null || (url.getHost().equals(host) && url.getPort() == name.port().orElse(-1)));
        }
    }
}
