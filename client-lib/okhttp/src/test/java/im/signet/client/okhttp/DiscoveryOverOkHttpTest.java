package im.signet.client.okhttp;

import im.signet.client.jdk.DiscoveryOverHttpTest;
import im.signet.client.transport.Transport;

import java.time.Duration;

/** The library and this transport together. */
class DiscoveryOverOkHttpTest extends DiscoveryOverHttpTest {
    @Override
    protected Transport transport(Duration requestTimeout) {
        return OkHttpTransport.builder().requestTimeout(requestTimeout).build();
    }
}
