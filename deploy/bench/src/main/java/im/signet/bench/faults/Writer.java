package im.signet.bench.faults;

import im.signet.bench.faults.Journal.Outcome;
import im.signet.bench.faults.Person.Mailbox;
import im.signet.bench.faults.Person.OwnHandle;
import im.signet.bench.faults.Person.Stage;
import im.signet.bench.faults.Wire.Call;
import im.signet.bench.faults.Wire.Reply;
import im.signet.bench.place.Place;
import im.signet.demo.DemoHomeserver;
import im.signet.demo.walk.PageForm;
import im.signet.kit.token.AccessToken;
import im.signet.protocol.handle.Binding;
import im.signet.protocol.handle.Handle;
import im.signet.protocol.handle.HandleDomain;
import im.signet.protocol.handle.Identity;
import im.signet.protocol.handle.Jws;
import im.signet.protocol.handle.JwsSigner;
import im.signet.protocol.handle.Operation;
import im.signet.protocol.handle.ProofOfPossession;
import im.signet.protocol.handle.Rnd;
import im.signet.protocol.handle.SignedBinding;
import im.signet.protocol.json.JsonArray;
import im.signet.protocol.json.JsonObject;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody who uses the servers as many people's clients do, one request at a time, each to either server, and notes
 * everything in the journal. A request whose answer was lost is repeated as a client would, or not.
 */
final class Writer {

    private static final String V2 = "/_matrix/identity/v2";
    private static final String NAMES = "/_signet/ns/v1";
    private static final String MANAGE = "/_signet/terms/manage";
    private static final int PEOPLE = 3;
    private static final int STEPS_OF_A_LIFE = 40;
    private static final int STEPS_BEFORE_LEAVING = 8;
    private static final int MOST_MAILBOXES = 4;
    private static final Duration PAUSE = Duration.ofMillis(150);
    private static final Pattern ADDRESS = Pattern.compile("name=\"address\"[^>]* value=\"([^\"]+)\"");
    private static final HandleDomain DOMAIN = HandleDomain.of(Place.DOMAIN);

    private final String name;
    private final Scene scene;
    private final SplittableRandom chance;
    private final SecureRandom random = new SecureRandom();
    private final List<Person> people = new ArrayList<>();
    private final List<String> invited = new ArrayList<>();
    private int names;
    private volatile boolean stopping;

    /**
     * What all writers share.
     *
     * @param clock by which records are signed
     */
    record Scene(Wire wire, Journal journal, DemoHomeserver homeserver, MailLog mails, Clock clock) {}

    /** What an operation came to. */
    private record Result(Outcome outcome, int lost, JsonObject reply) {

        boolean done() {
            return outcome == Outcome.DONE;
        }

        /** Returns whether nothing was done. */
        boolean nothing() {
            return outcome == Outcome.UNSENT;
        }
    }

    /** Makes the next attempt of an operation. */
    private interface Attempt {
        Reply send(int server) throws InterruptedException;
    }

    Writer(String name, Scene scene, SplittableRandom chance) {
        this.name = name;
        this.scene = scene;
        this.chance = chance;
    }

    /** Goes on until {@link #stop}. */
    void run() throws InterruptedException {
        stopping = false;
        // Between rounds everything came to rest.
        people.forEach(person -> person.mailboxes.forEach(mailbox -> mailbox.unsettled = false));
        while (!stopping) {
            step();
        }
    }

    /** Has {@link #run} end after what is under way. */
    void stop() {
        stopping = true;
    }

    /** Makes an account that has accepted the terms, for whoever looks at what is there; returns its token. */
    String signIn() throws InterruptedException {
        Person reader = new Person(scene.homeserver().register(name + "-reader" + ++names));
        while (reader.token == null) {
            register(reader);
        }
        while (!reader.accepted) {
            accept(reader);
        }
        return reader.tokenOrEmpty();
    }

    private void step() throws InterruptedException {
        people.removeIf(person -> person.over || person.steps > STEPS_OF_A_LIFE);
        if (people.size() < PEOPLE) {
            people.add(new Person(scene.homeserver().register(name + "-" + ++names)));
        }
        Person person = people.get(chance.nextInt(people.size()));
        person.steps++;
        if (person.token == null) {
            register(person);
        } else if (!person.accepted) {
            accept(person);
        } else {
            live(person);
        }
    }

    private void live(Person person) throws InterruptedException {
        int dice = chance.nextInt(100);
        if (dice < 3) {
            logout(person);
        } else if (dice < 7) {
            readOwn(person);
        } else if (dice < 12 && person.steps > STEPS_BEFORE_LEAVING) {
            end(person);
        } else if (dice < 24) {
            handle(person);
        } else if (dice < 30) {
            invite(person);
        } else if (dice < 45 && person.mailboxes.size() < MOST_MAILBOXES) {
            Mailbox mailbox = new Mailbox(newAddress(), name + "." + random.nextInt(Integer.MAX_VALUE));
            person.mailboxes.add(mailbox);
            requestToken(person, mailbox);
        } else if (!person.mailboxes.isEmpty()) {
            goOn(person, person.mailboxes.get(chance.nextInt(person.mailboxes.size())));
        }
    }

    private void goOn(Person person, Mailbox mailbox) throws InterruptedException {
        switch (mailbox.stage) {
            case NEW -> requestToken(person, mailbox);
            case ASKED -> {
                Optional<URI> link = scene.mails().link(mailbox.address, "sid=" + mailbox.sid);
                if (link.isPresent()) {
                    submit(person, mailbox, parameter(link.get(), "token"));
                } else if (chance.nextInt(20) == 0) {
                    requestToken(person, mailbox);
                }
            }
            case PROVEN -> bind(person, mailbox);
            case BOUND -> {
                switch (chance.nextInt(4)) {
                    case 0 -> {
                        if (!mailbox.unsettled) {
                            unbind(person, mailbox);
                        }
                    }
                    case 1 -> bind(person, mailbox);
                    default -> readOwn(person);
                }
            }
            case UNBOUND, UNSURE -> {
            }
        }
    }

    // An address that somebody was invited by is bound by its owner, sooner or later.
    private String newAddress() {
        if (!invited.isEmpty() && chance.nextInt(2) == 0) {
            return invited.remove(chance.nextInt(invited.size()));
        }
        return "mail" + ++names + "@" + name + ".example.org";
    }

    // ---- accounts

    private void register(Person person) throws InterruptedException {
        Result result = act(Op.REGISTER, about(person).build(),
                // A token is exchanged once: each attempt takes a new one.
                server -> scene.wire()
                        .send(server, Call.post(V2 + "/account/register", "",
                                scene.homeserver().openId(person.user))),
                reply -> {
                    String token = reply.string("token").orElse("");
                    return JsonObject.builder()
                            .put("token", token)
                            .put("hash", HexFormat.of().formatHex(new AccessToken(token).hash()))
                            .build();
                }, _ -> false);
        if (result.done()) {
            person.token = result.reply().string("token").orElseThrow();
        }
    }

    private void accept(Person person) throws InterruptedException {
        person.accepted = act(Op.ACCEPT, about(person).build(), call(Call.post(V2 + "/terms", person.tokenOrEmpty(),
                JsonObject.builder().put("user_accepts", JsonArray.ofStrings(List.of(Place.POLICY_URL))).build())))
                .done();
    }

    private void logout(Person person) throws InterruptedException {
        String token = person.tokenOrEmpty();
        act(Op.LOGOUT,
                about(person).put("hash", HexFormat.of().formatHex(new AccessToken(token).hash())).build(),
                server -> scene.wire().send(server, Call.post(V2 + "/account/logout", token, JsonObject.of())),
                _ -> JsonObject.of(), again -> again.status() == 401);
        // Whatever came of it, its client has thrown it away.
        person.token = null;
        person.hasDeadLink |= person.confirming;
    }

    private void readOwn(Person person) throws InterruptedException {
        Reply reply = scene.wire()
                .send(chance.nextInt(scene.wire().servers()), Call.get(V2 + "/account", person.tokenOrEmpty()));
        if (reply instanceof Reply.Answered answered && answered.status() < 500
                && !answered.json().string("user_id").equals(Optional.of(person.user.value()))) {
            scene.journal().contradiction("a live token is answered " + answered.status(), about(person).build());
        }
    }

    // ---- addresses

    private void requestToken(Person person, Mailbox mailbox) throws InterruptedException {
        mailbox.attempt++;
        Result result = act(Op.REQUEST_TOKEN,
                about(person, mailbox).put("secret", mailbox.secret).put("attempt", mailbox.attempt).build(),
                server -> scene.wire()
                        .send(server, Call.post(V2 + "/validate/email/requestToken", person.tokenOrEmpty(),
                                JsonObject.builder()
                                        .put("client_secret", mailbox.secret)
                                        .put("email", mailbox.address)
                                        .put("send_attempt", mailbox.attempt)
                                        .build())),
                reply -> JsonObject.builder().put("sid", reply.string("sid").orElse("")).build(), _ -> false);
        mailbox.unsettled |= result.lost() > 0;
        if (result.done()) {
            mailbox.sid = result.reply().string("sid").orElseThrow();
            mailbox.stage = Stage.ASKED;
        } else {
            mailbox.stage = result.nothing() && mailbox.sid.isEmpty() ? Stage.NEW : Stage.UNSURE;
        }
    }

    private void submit(Person person, Mailbox mailbox, String token) throws InterruptedException {
        Result result = act(Op.SUBMIT, about(person, mailbox).put("sid", mailbox.sid).build(),
                call(Call.post(V2 + "/validate/email/submitToken", person.tokenOrEmpty(), JsonObject.builder()
                        .put("sid", mailbox.sid)
                        .put("client_secret", mailbox.secret)
                        .put("token", token)
                        .build())));
        move(mailbox, result, Stage.PROVEN);
    }

    private void bind(Person person, Mailbox mailbox) throws InterruptedException {
        Result result = act(Op.BIND, about(person, mailbox).build(),
                call(Call.post(V2 + "/3pid/bind", person.tokenOrEmpty(), JsonObject.builder()
                        .put("sid", mailbox.sid)
                        .put("client_secret", mailbox.secret)
                        .put("mxid", person.user.value())
                        .build())));
        move(mailbox, result, Stage.BOUND);
    }

    private void unbind(Person person, Mailbox mailbox) throws InterruptedException {
        Result result = act(Op.UNBIND, about(person, mailbox).build(),
                call(Call.post(V2 + "/3pid/unbind", "", JsonObject.builder()
                        .put("sid", mailbox.sid)
                        .put("client_secret", mailbox.secret)
                        .put("mxid", person.user.value())
                        .put("threepid", JsonObject.builder()
                                .put("medium", "email")
                                .put("address", mailbox.address)
                                .build())
                        .build())));
        move(mailbox, result, Stage.UNBOUND);
    }

    private static void move(Mailbox mailbox, Result result, Stage next) {
        mailbox.unsettled |= result.lost() > 0;
        if (result.done()) {
            mailbox.stage = next;
        } else if (!result.nothing()) {
            mailbox.stage = Stage.UNSURE;
        }
    }

    private void invite(Person person) throws InterruptedException {
        String address = "friend" + ++names + "@" + name + ".example.org";
        Result result = act(Op.INVITE, about(person).put("address", address).build(),
                server -> scene.wire()
                        .send(server, Call.post(V2 + "/store-invite", person.tokenOrEmpty(),
                                JsonObject.builder()
                                        .put("medium", "email")
                                        .put("address", address)
                                        .put("room_id", "!" + names + ":example.org")
                                        .put("sender", person.user.value())
                                        .build())),
                reply -> JsonObject.builder()
                        .put("invitation", reply.string("token").orElse(""))
                        .put("public_key", ephemeralKey(reply))
                        .build(),
                _ -> false);
        if (!result.nothing()) {
            invited.add(address);
        }
    }

    // The specification lists the server's key first, and then the invitation's own.
    private static String ephemeralKey(JsonObject reply) {
        return reply.array("public_keys")
                .map(keys -> keys.items().getLast())
                .filter(JsonObject.class::isInstance)
                .flatMap(key -> ((JsonObject) key).string("public_key"))
                .orElse("");
    }

    // ---- leaving

    private void end(Person person) throws InterruptedException {
        if (person.mailboxes.stream().anyMatch(mailbox -> mailbox.stage == Stage.UNSURE || mailbox.unsettled)) {
            return;
        }
        // Decided once: the link of a mail that came late confirms what was asked for then.
        Op ending = person.ending == null ? chance.nextBoolean() ? Op.ERASE : Op.WITHDRAW : person.ending;
        person.ending = ending;
        Optional<Mailbox> bound = person.mailboxes.stream().filter(mailbox -> mailbox.stage == Stage.BOUND).findAny();
        Optional<String> page = post(Call.post(MANAGE, person.tokenOrEmpty(), JsonObject.of()))
                .flatMap(link -> link.json().string("url"))
                .flatMap(url -> press(MANAGE + "/open", Map.of("token", parameter(URI.create(url), "token"))))
                .flatMap(overview -> press(overview, MANAGE + "/end",
                        Map.of("ending", ending == Op.ERASE ? "erased" : "withdrawn")));
        Optional<Attempt> confirmation = bound.isEmpty()
                ? page.flatMap(sure -> form(sure, MANAGE + "/end/confirm", Map.of("sure", "yes")))
                        .map(Writer.this::call)
                : page.flatMap(choose -> confirmedByMail(person, choose));
        if (confirmation.isEmpty()) {
            return;
        }
        Result result = act(ending, about(person).build(), confirmation.get(),
                _ -> JsonObject.of(),
                // The form was used up, and the view with it, by the attempt whose answer was lost.
                again -> again.status() == 404 || again.status() == 403);
        person.over = !result.nothing();
    }

    private Optional<Attempt> confirmedByMail(Person person, String choose) {
        Matcher address = ADDRESS.matcher(choose);
        if (!address.find()) {
            return Optional.empty();
        }
        return form(choose, MANAGE + "/end/send", Map.of("address", address.group(1))).flatMap(send -> {
            try {
                return sendAndAwait(person, send);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        });
    }

    // Which of several addresses the form named, only the server knows: any of them may get the mail.
    private Optional<Attempt> sendAndAwait(Person person, Call send) throws InterruptedException {
        List<Mailbox> bound = person.mailboxes.stream().filter(mailbox -> mailbox.stage == Stage.BOUND).toList();
        if (bound.size() != 1 || person.hasDeadLink) {
            return Optional.empty();
        }
        String address = bound.getFirst().address;
        Result sent = act(Op.CONFIRM_MAIL, about(person).put("address", address).build(), call(send));
        person.confirming |= !sent.nothing();
        for (int tries = 0; sent.done() && tries < 30 && !stopping; tries++) {
            Optional<URI> link = scene.mails().link(address, "/_signet/terms/end");
            if (link.isPresent()) {
                return Optional.of(call(Call.form("/_signet/terms/end/confirm",
                        new PageForm("", Map.of("token", parameter(link.get(), "token"))).encoded())));
            }
            Thread.sleep(PAUSE);
        }
        return Optional.empty();
    }

    private Optional<Reply.Answered> post(Call call) throws InterruptedException {
        return scene.wire().send(chance.nextInt(scene.wire().servers()), call) instanceof Reply.Answered answered
                && answered.isGood() ? Optional.of(answered) : Optional.empty();
    }

    private Optional<String> press(String path, Map<String, String> fields) {
        try {
            return post(Call.form(path, new PageForm(path, fields).encoded())).map(Reply.Answered::body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Optional<String> press(String page, String action, Map<String, String> fields) {
        return form(page, action, fields).flatMap(call -> {
            try {
                return post(call).map(Reply.Answered::body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        });
    }

    /** Returns what the button of a page's form sends. */
    private static Optional<Call> form(String page, String action, Map<String, String> fields) {
        return PageForm.in(page)
                .stream()
                .filter(each -> each.action().equals(action))
                .filter(each -> fields.entrySet()
                        .stream()
                        .allMatch(field -> each.fields()
                                .getOrDefault(field.getKey(), field.getValue())
                                .equals(field.getValue())))
                .findFirst()
                .map(form -> {
                    Map<String, String> all = new LinkedHashMap<>(form.fields());
                    all.putAll(fields);
                    return Call.form(action, new PageForm(action, all).encoded());
                });
    }

    // ---- handles

    private void handle(Person person) throws InterruptedException {
        OwnHandle own = person.handle;
        if (own == null) {
            if (!person.hadHandle) {
                registerHandle(person);
            }
            return;
        }
        int dice = chance.nextInt(10);
        if (dice < 2) {
            putBinding(person, own, true);
        } else if (dice < 5) {
            extend(person, own);
        } else {
            putBinding(person, own, false);
        }
    }

    private void registerHandle(Person person) throws InterruptedException {
        Handle handle = Handle.of(name + "h" + ++names + "@" + Place.DOMAIN);
        JwsSigner phone = JwsSigner.generate(random);
        JwsSigner recovery = JwsSigner.generate(random);
        Jws genesis = Operation
                .genesis(DOMAIN, List.of(recovery.key()), phone.key(), Rnd.generate(random), now())
                .sign(phone, recovery);
        Identity identity = Identity.genesis(genesis).orElseThrow();
        Jws binding = Binding.first(handle, identity, now(), Rnd.generate(random)).sign(phone);
        Result result = act(Op.REGISTER_HANDLE,
                about(person, handle.toString(), binding, identity).put("operation", identity.head().value()).build(),
                server -> register(person, server, phone, genesis, binding), _ -> JsonObject.of(), _ -> false);
        if (!result.nothing()) {
            person.hadHandle = true;
        }
        if (result.done()) {
            person.handle = new OwnHandle(handle.toString(), phone, recovery, identity,
                    SignedBinding.verify(binding, identity).orElseThrow());
        }
    }

    private Reply register(Person person, int server, JwsSigner phone, Jws genesis, Jws binding)
            throws InterruptedException {
        Reply asked = scene.wire()
                .send(server, Call.post(NAMES + "/challenges", person.tokenOrEmpty(), JsonObject.of()));
        if (!(asked instanceof Reply.Answered challenge) || !challenge.isGood()) {
            // Nothing was registered by that.
            return asked instanceof Reply.Answered refused && refused.status() < 500 ? refused : new Reply.NotSent();
        }
        String audience = challenge.json().string("audience").orElseThrow();
        Jws proof = new ProofOfPossession(new ProofOfPossession.Request(audience,
                new ProofOfPossession.Nonce(challenge.json().string("nonce").orElseThrow()), binding.opId(),
                ProofOfPossession.Method.POST, audience + NAMES + "/bindings"), now()).sign(phone);
        return scene.wire()
                .send(server, Call.post(NAMES + "/bindings", person.tokenOrEmpty(), JsonObject.builder()
                        .put("identity", JsonArray.of(List.of(genesis.toJson())))
                        .put("binding", binding.toJson())
                        .put("pop", proof.toJson())
                        .build()));
    }

    private void putBinding(Person person, OwnHandle own, boolean release) throws InterruptedException {
        Binding next = release
                ? own.binding().release(own.identity(), now(), Rnd.generate(random))
                : own.binding().renew(own.identity(), now(), Rnd.generate(random));
        Jws signed = next.sign(release ? own.recovery() : own.phone());
        Result result = act(release ? Op.RELEASE_HANDLE : Op.RENEW_HANDLE,
                about(person, own.name(), signed, own.identity()).build(),
                call(Call.put(NAMES + "/bindings/" + own.name() + "/" + next.seq(), person.tokenOrEmpty(),
                        signed.toJson())));
        if (result.done() && !release) {
            person.handle = new OwnHandle(own.name(), own.phone(), own.recovery(), own.identity(),
                    SignedBinding.verify(signed, own.identity()).orElseThrow());
        } else if (!result.nothing()) {
            person.handle = null;
        }
    }

    private void extend(Person person, OwnHandle own) throws InterruptedException {
        if (own.identity().devices().size() >= Identity.MAX_DEVICES) {
            return;
        }
        JwsSigner tablet = JwsSigner.generate(random);
        Operation operation = own.identity().addDevice(tablet.key(), now());
        Jws signed = operation.sign(own.phone(), tablet);
        if (!own.identity().apply(signed).isValid()) {
            return;
        }
        Identity longer = own.identity().apply(signed).orElseThrow();
        Result result = act(Op.EXTEND_CHAIN,
                about(person).put("identity", longer.id().value()).put("operation", longer.head().value()).build(),
                call(Call.put(NAMES + "/identities/" + longer.id() + "/ops/" + operation.seq(), person.tokenOrEmpty(),
                        signed.toJson())));
        if (result.done()) {
            person.handle = new OwnHandle(own.name(), own.phone(), own.recovery(), longer, own.binding());
        } else if (!result.nothing()) {
            person.handle = null;
        }
    }

    private long now() {
        return scene.clock().instant().getEpochSecond();
    }

    // ---- how it is done

    private Attempt call(Call call) {
        return server -> scene.wire().send(server, call);
    }

    private Result act(Op op, JsonObject intent, Attempt attempt) throws InterruptedException {
        return act(op, intent, attempt, _ -> JsonObject.of(), _ -> false);
    }

    /**
     * Does something and notes it before and after.
     *
     * @param told     what of a good answer is noted
     * @param alsoDone which refusals mean that an attempt whose answer was lost did it
     */
    private Result act(Op op, JsonObject intent, Attempt attempt, Function<JsonObject, JsonObject> told,
            Predicate<Reply.Answered> alsoDone) throws InterruptedException {
        String id = scene.journal().intent(op, intent);
        // Some people wait until a server is there again, and some do not.
        long patience = chance.nextInt(3) == 0 ? 0 : Duration.ofMillis(chance.nextInt(8000)).toNanos();
        long begun = System.nanoTime();
        int server = chance.nextInt(scene.wire().servers());
        int lost = 0;
        while (true) {
            Reply reply = attempt.send(server);
            if (reply instanceof Reply.Answered answered && answered.status() < 500) {
                return answered(id, op, intent, answered, lost, told, alsoDone);
            }
            if (!(reply instanceof Reply.NotSent)) {
                lost++;
            }
            if (System.nanoTime() - begun >= patience) {
                Outcome outcome = lost > 0 ? Outcome.UNKNOWN : Outcome.UNSENT;
                scene.journal().outcome(id, outcome, lost, JsonObject.of());
                return new Result(outcome, lost, JsonObject.of());
            }
            server++;
            Thread.sleep(PAUSE);
        }
    }

    private Result answered(String id, Op op, JsonObject intent, Reply.Answered answered, int lost,
            Function<JsonObject, JsonObject> told, Predicate<Reply.Answered> alsoDone) {
        if (answered.isGood() || (lost > 0 && alsoDone.test(answered))) {
            JsonObject reply = told.apply(answered.json());
            scene.journal().outcome(id, Outcome.DONE, lost, reply);
            return new Result(Outcome.DONE, lost, reply);
        }
        scene.journal()
                .outcome(id, Outcome.REFUSED, lost,
                        JsonObject.builder().put("status", answered.status()).put("error", answered.body()).build());
        // All that it needs was acknowledged, so there is nothing to refuse.
        scene.journal()
                .contradiction(op.word() + " is refused with " + answered.status() + ": " + answered.body(), intent);
        return new Result(Outcome.REFUSED, lost, JsonObject.of());
    }

    private static JsonObject.Builder about(Person person) {
        return JsonObject.builder().put("user", person.user.value());
    }

    private static JsonObject.Builder about(Person person, Mailbox mailbox) {
        return about(person).put("address", mailbox.address);
    }

    private static JsonObject.Builder about(Person person, String handle, Jws binding, Identity identity) {
        return about(person).put("handle", handle)
                .put("binding", binding.opId().value())
                .put("identity", identity.id().value());
    }

    private static String parameter(URI link, String name) {
        for (String pair : link.getRawQuery().split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1),
                        StandardCharsets.UTF_8);
            }
        }
        return "";
    }
}
