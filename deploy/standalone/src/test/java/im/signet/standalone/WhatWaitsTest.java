package im.signet.standalone;

import im.signet.demo.walk.ServerProcess;
import im.signet.protocol.identifier.UserId;
import im.signet.protocol.json.Json;
import im.signet.protocol.json.JsonObject;
import im.signet.protocol.json.StrictJson;
import im.signet.standalone.Town.Told;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Mails that cannot be sent, and what the operator does about them. */
class WhatWaitsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static void request(Town town, String token, String email) {
        Town.Reply reply = town.post("/_matrix/identity/v2/validate/email/requestToken", token,
                StrictJson.write(JsonObject.builder()
                        .put("client_secret", email.replace('@', '.'))
                        .put("email", email)
                        .put("send_attempt", 1)
                        .build()));
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    }

    private static List<JsonObject> letters(Town town, String... more) {
        String[] words = new String[3 + more.length];
        System.arraycopy(new String[]{"outbox", "list", "--json"}, 0, words, 0, 3);
        System.arraycopy(more, 0, words, 3, more.length);
        Told told = town.operator(words);
        assertThat(told.status()).as(told.err()).isZero();
        List<Json> items = StrictJson.parseObject(told.out()).orElseThrow().array("letters").orElseThrow().items();
        return items.stream().map(JsonObject.class::cast).toList();
    }

    @Test
    void isListedTriedDroppedAndNeverSentToTheBlocked() {
        // Nobody listens there.
        try (Town town = Town.start(Map.of("signet.mail.port", String.valueOf(ServerProcess.freePort())))) {
            UserId user = town.homeserver.register("ida");
            String token = town.register(user);
            town.acceptTerms(token);
            request(town, token, "one@wait.example.org");
            request(town, token, "two@wait.example.org");
            await().atMost(PATIENCE)
                    .until(() -> letters(town).stream()
                            .filter(letter -> letter.string("failure").isPresent())
                            .count() == 2);
            JsonObject one = letters(town, "--channel", "mail", "--show-recipients").stream()
                    .filter(letter -> letter.string("to").equals(java.util.Optional.of("one@wait.example.org")))
                    .findFirst()
                    .orElseThrow();
            assertThat(one.string("failure").orElseThrow()).startsWith("no mail could be handed over");
            assertThat(one.string("since").orElseThrow()).startsWith("20");
            assertThat(town.operator("outbox", "list").out()).contains("waiting: 2").doesNotContain("@wait");
            assertThat(town.operator("audit", "list").out()).contains("outbox list --show-recipients");
            assertThat(letters(town, "--channel", "sms")).isEmpty();
            assertThat(town.operator("outbox", "list", "--channel", "pigeon").status()).isEqualTo(64);
            assertThat(town.operator("find", "one@wait.example.org").out()).contains("messages undelivered: 1");

            String id = one.string("id").orElseThrow();
            assertThat(town.operator("outbox", "drop", id).err()).contains("--yes");
            await().atMost(PATIENCE).until(() -> town.operator("outbox", "drop", id, "--yes").status() == 0);
            assertThat(town.operator("outbox", "drop", id, "--yes").status()).isEqualTo(64);
            assertThat(letters(town)).hasSize(1);

            long tries = letters(town).getFirst().integer("tries").orElseThrow();
            // Far away, but for the operator.
            await().atMost(PATIENCE)
                    .until(() -> town.sql("identity")
                            .sql("""
                                    UPDATE identity.scheduled_tasks SET execution_time = now() + interval '1 day'
                                    WHERE task_name = 'mail' AND NOT picked""")
                            .update() == 1);
            String other = letters(town).getFirst().string("id").orElseThrow();
            assertThat(town.operator("outbox", "requeue", other).status()).isZero();
            await().atMost(PATIENCE).until(() -> letters(town).getFirst().integer("tries").orElseThrow() > tries);
            assertThat(town.operator("block", "address", "two@wait.example.org", "--yes").status()).isZero();
            await().atMost(PATIENCE).until(() -> {
                town.operator("outbox", "requeue", "--all");
                return letters(town).isEmpty();
            });
            assertThat(town.operator("outbox", "requeue", "--all").out())
                    .isEqualTo("Nothing waits that is not under way.\n");
            assertThat(town.operator("outbox", "requeue").status()).isEqualTo(64);
        }
    }
}
