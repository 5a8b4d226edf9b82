package im.signet.terms;

import im.signet.demo.DemoHomeserver;
import im.signet.protocol.identifier.UserId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static im.signet.terms.TermsServer.REGISTER;
import static org.assertj.core.api.Assertions.assertThat;

/** The operator says whose users are served: from the next start on, also who was served until then. */
class ServedHomeserversTest {

    private final Installation installation = Installation.fresh();
    private final DemoHomeserver homeserver = Installation.homeserver();
    private final UserId alice = homeserver.register("alice");

    @AfterEach
    void stop() {
        homeserver.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"signet.federation.denied-homeservers: [localhost]",
        "signet.federation.denied-homeservers: [example.org, LOCALHOST]",
        "signet.federation.homeservers: [example.org, \"*.localhost\", localhost]"})
    void usersOfOthersHaveNoTokensAndGetNone(String settings) {
        String token;
        try (TermsServer server = installation.start()) {
            token = server.tokenOf(homeserver, alice);
            server.account(token).ok();
        }
        int asked = homeserver.requests().size();
        try (TermsServer server = installation.start(settings)) {
            server.account(token).is(401, "M_UNAUTHORIZED");
            Answer refused = server.post(REGISTER, homeserver.openId(alice)).is(403, "M_FORBIDDEN");
            assertThat(refused.json().string("error")).contains("this server does not serve users of that homeserver");
        }
        assertThat(homeserver.requests()).hasSize(asked);
        try (TermsServer server = installation.start()) {
            server.account(token).ok();
        }
    }

    @Test
    void whoIsAllowedAndDeniedIsDenied() {
        String name = homeserver.serverName().value();
        try (TermsServer server = installation.start("""
                signet.federation:
                  homeservers: ["%s"]
                  denied-homeservers: ["%s"]
                """.formatted(name, name))) {
            server.post(REGISTER, homeserver.openId(alice)).is(403, "M_FORBIDDEN");
        }
    }

    @Test
    void allOthersAreServedWhenSomeAreDenied() {
        try (TermsServer server = installation
                .start("signet.federation.denied-homeservers: [example.org, \"*.localhost\", \"localhost:1\"]")) {
            server.account(server.tokenOf(homeserver, alice)).ok();
        }
    }
}
