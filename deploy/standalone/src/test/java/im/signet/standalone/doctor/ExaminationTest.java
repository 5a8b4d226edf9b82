package im.signet.standalone.doctor;

import im.signet.standalone.config.Service;
import im.signet.standalone.config.SettingsSources;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ExaminationTest {

    private static final Patient NOBODY = new Patient(SettingsSources.read(List.of()),
            Service.Served.of("all").orElseThrow(), Optional.empty(), List.of(), Clock.systemUTC(), new SecureRandom());

    private interface Looking {
        List<Diagnosis> look() throws Exception;
    }

    private static Check check(String what, Looking looking) {
        return new Check() {

            @Override
            public String what() {
                return what;
            }

            @Override
            public List<Diagnosis> look(Patient patient) throws Exception {
                return looking.look();
            }
        };
    }

    @Test
    void whatBreaksOrHangsHidesNothingElse() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        List<Diagnosis> found = Examination.of(NOBODY, List.of(check("broken", () -> {
            throw new IOException("with a secret: geheim");
        }), check("hanging", () -> {
            never.await();
            return List.of();
        }), check("well", () -> List.of(Diagnosis.ok("well", "all is well.")))), Duration.ofSeconds(2));
        assertThat(found).extracting(Diagnosis::toString)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("FAIL  broken: this could not be looked at")
                                .doesNotContain("geheim"),
                        line -> assertThat(line).startsWith("FAIL  hanging: this took too long"),
                        line -> assertThat(line).isEqualTo("ok    well: all is well."));
    }

    @Test
    void judgesTheRoomThatIsLeft() {
        DiskCheck disk = new DiskCheck();
        assertThat(disk.of(Path.of("/x"), 5L << 30).level()).isEqualTo(Diagnosis.Level.OK);
        assertThat(disk.of(Path.of("/x"), 500L << 20).level()).isEqualTo(Diagnosis.Level.WARN);
        assertThat(disk.of(Path.of("/x"), 50L << 20).level()).isEqualTo(Diagnosis.Level.FAIL);
    }

    @Test
    void judgesForWhomARequestWasCounted() {
        ProxyCheck proxy = new ProxyCheck();
        InetAddress spoofed = InetAddress.ofLiteral("203.0.113.7");
        InetAddress own = InetAddress.ofLiteral("192.0.2.1");
        InetAddress front = InetAddress.ofLiteral("127.0.0.1");
        assertThat(proxy.of(List.of(spoofed), spoofed, own, false).words()).contains("made up is believed");
        assertThat(proxy.of(List.of(own), spoofed, own, false).words()).contains("by their own addresses");
        assertThat(proxy.of(List.of(front), spoofed, own, true)).satisfies(wrong -> {
            assertThat(wrong.words()).contains("all people are counted as the reverse proxy 127.0.0.1");
            assertThat(wrong.mend()).contains("signet.trusted-proxies");
        });
        assertThat(proxy.of(List.of(front), spoofed, front, true).words()).contains("only from another machine");
        assertThat(proxy.of(List.of(), spoofed, own, false).level()).isEqualTo(Diagnosis.Level.WARN);
    }

    @Test
    void comparesWhatAHomeserverTellsClients() {
        HomeserverCheck homeserver = new HomeserverCheck();
        String own = "https://id.example.org";
        assertThat(homeserver.of("x.org", Optional.of(own + "/"), own).level()).isEqualTo(Diagnosis.Level.OK);
        assertThat(homeserver.of("x.org", Optional.of("https://vector.im"), own).words())
                .contains("another identity server, https://vector.im");
        assertThat(homeserver.of("x.org", Optional.empty(), own).mend()).contains("\"base_url\": \"" + own + "\"");
    }
}
