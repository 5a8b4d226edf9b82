package im.signet.client.okhttp;

import im.signet.client.DescribedApi;

import java.io.IOException;

import org.junit.jupiter.api.Test;

/** Nothing that others compile against changes by accident: it stands in {@code src/test/resources/api}, file by package. */
class PublicApiTest {
    @Test
    void isTheOneThatIsDescribed() throws IOException {
        DescribedApi.holdsFor(OkHttpTransport.class);
    }
}
