package im.signet.client.jdk;

import im.signet.client.transport.Transport;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JdkTransportTest extends TransportContract {
    @Override
    protected Transport transport(Setup setup) {
        JdkTransport.Builder builder = JdkTransport.builder();
        setup.requestTimeout().ifPresent(builder::requestTimeout);
        setup.trusted().ifPresent(certificate -> builder.sslContext(certificate.ofTrustingClient()));
        setup.proxy().ifPresent(builder::proxy);
        return builder.build();
    }

    @Test
    void wantsTimeLimitsThatAreSome() {
        JdkTransport.Builder builder = JdkTransport.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.connectTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(Duration.ofDays(1)));
    }
}
