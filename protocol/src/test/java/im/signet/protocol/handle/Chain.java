package im.signet.protocol.handle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** A valid chain for tests to go on from, of keys that {@link Forge#key} names. Immutable. */
record Chain(List<Jws> operations, Identity identity) {
    static final HandleDomain HOME = HandleDomain.of("example.org");
    static final long TIME = 1_790_000_000L;

    /** Returns a new identity of the device and the recovery keys of those names. */
    static Chain begin(String device, String... recovery) {
        Operation genesis = Operation.genesis(HOME, keys(recovery), Forge.key(device).key(),
                Forge.rnd(device + recovery[0]), TIME);
        Jws jws = genesis.sign(Forge.key(device)).signedBy(signers(recovery));
        return new Chain(List.of(jws), Identity.genesis(jws).orElseThrow());
    }

    /** Returns the chain with an operation that it allows. */
    Chain then(Function<Identity, Operation> next, String... signers) {
        return then(jws(next, signers));
    }

    Chain then(Jws jws) {
        List<Jws> longer = new ArrayList<>(operations);
        longer.add(jws);
        return new Chain(longer, identity.apply(jws).orElseThrow());
    }

    /** Returns an operation for this chain, allowed or not. */
    Jws jws(Function<Identity, Operation> next, String... signers) {
        return next.apply(identity).sign(signers(signers));
    }

    /** Returns this chain with the device of that name, which {@code by} lets in. */
    Chain with(String device, String by) {
        return then(id -> id.addDevice(Forge.key(device).key(), time()), by, device);
    }

    /** Returns a time for the next operation. */
    long time() {
        return TIME + operations.size() * 60L;
    }

    Jws last() {
        return operations.get(operations.size() - 1);
    }

    List<String> texts() {
        return operations.stream().map(Jws::toText).toList();
    }

    static List<JwsKey> keys(String... names) {
        return Arrays.stream(names).map(name -> Forge.key(name).key()).toList();
    }

    static JwsSigner[] signers(String... names) {
        return Arrays.stream(names).map(Forge::key).toArray(JwsSigner[]::new);
    }
}
