package im.signet.protocol.handle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static im.signet.protocol.handle.Chain.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class IdentityTest {
    private final Chain chain = Chain.begin("phone", "r1", "r2").with("laptop", "phone").with("tablet", "laptop");

    @Test
    void keepsItsNameThroughEveryRotation() {
        Chain later = chain.then(id -> id.replaceRecovery(keys("r3"), Revocation.Why.STOLEN, 1), "r1", "r3");
        later = later.then(id -> id.recover(keys("new"), Revocation.Why.STOLEN, 2), "r3", "new");

        assertThat(later.identity().id()).isEqualTo(chain.identity().id());
        assertThat(later.identity().epoch()).isEqualTo(2);
        assertThat(later.identity()).isNotEqualTo(chain.identity());
        assertThat(IdentityId.parse(later.identity().id().value()).isValid()).isTrue();
    }

    @Test
    void remembersWhatItWas() {
        Identity identity = chain.identity();

        assertThat(identity.at(2)).hasValue(identity);
        assertThat(identity.at(1).orElseThrow().devices()).isEqualTo(keys("phone", "laptop"));
        assertThat(identity.at(0).orElseThrow().head()).isEqualTo(chain.operations().get(0).opId());
        assertThat(identity.at(3)).isEmpty();
        assertThat(identity.at(-1)).isEmpty();
        assertThat(identity.at(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void knowsEveryKeyThatItEverListed() {
        Chain later = chain.then(id -> id.revoke(Set.copyOf(keys("tablet")), Revocation.Why.LOST, 1), "phone");

        assertThat(later.identity().devices()).doesNotContainAnyElementsOf(keys("tablet"));
        assertThat(keys("phone", "laptop", "tablet", "r1", "r2")).allMatch(later.identity()::hasListed);
        assertThat(later.identity().hasListed(Forge.key("r3").key())).isFalse();
    }

    @Test
    void doesNotChangeWhatItCameFrom() {
        Identity before = chain.identity().at(0).orElseThrow();

        assertThat(before.devices()).isEqualTo(keys("phone"));
        assertThat(before.hasListed(Forge.key("laptop").key())).isFalse();
        assertThat(before.apply(chain.operations().get(1))).isEqualTo(
                Verdict.valid(chain.identity().at(1).orElseThrow()));
    }

    @Test
    void signsAtDifferentPlaces() {
        Operation genesis = Operation.genesis(Chain.HOME, keys("r1"), Forge.key("phone").key(), Forge.rnd("x"), 1);
        Jws byDevice = genesis.sign(Forge.key("phone"));
        Jws byBoth = Jws.parse(byDevice.toText()).orElseThrow().signedBy(Forge.key("r1"));

        assertThat(Identity.genesis(byDevice).reason()).contains(Reason.MISSING_SIGNATURE);
        assertThat(Identity.genesis(byBoth).isValid()).isTrue();
        assertThat(Operation.read(byBoth).orElseThrow()).isEqualTo(genesis);
    }

    @Test
    void cannotBeMadeOfWrongParts() {
        Identity identity = chain.identity();
        JwsKey phone = Forge.key("phone").key();
        assertThatIllegalArgumentException().isThrownBy(() -> identity.addDevice(phone, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> identity.revoke(Set.copyOf(identity.devices()), Revocation.Why.LOST, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> identity.recover(keys("r1"), Revocation.Why.LOST, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> identity.deactivate(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> identity.replaceRecovery(List.of(), Revocation.Why.LOST, 1));
        assertThatIllegalArgumentException().isThrownBy(
                () -> identity.recover(Collections.nCopies(17, phone), Revocation.Why.LOST, 1));
    }

    /** As long as a chain can be, and each operation as costly: within seconds, and no stack runs over. */
    @Test
    void readsTheLongestChainThereIs() {
        List<Jws> operations = new ArrayList<>(List.of(Chain.begin("phone", "r1").last()));
        Identity identity = Identity.genesis(operations.get(0)).orElseThrow();
        for (int i = 0; i < Identity.MAX_SIGNED_BY_RECOVERY_KEYS; i++) {
            String[] names = new String[5];
            for (int j = 0; j < 4; j++) {
                names[j] = "long " + i + " " + j;
            }
            names[4] = "r1";
            List<JwsKey> devices = keys(names).subList(0, 4);
            Jws jws = identity.recover(devices, Revocation.Why.LOST, 1).sign(Chain.signers(names));
            operations.add(jws);
            identity = identity.apply(jws).orElseThrow();
        }
        Identity replayed = Identity.replay(operations).orElseThrow();

        assertThat(replayed).isEqualTo(identity).hasSameHashCodeAs(identity);
        assertThat(replayed.epoch()).isEqualTo(Identity.MAX_SIGNED_BY_RECOVERY_KEYS);
        assertThat(replayed.at(0).orElseThrow().seq()).isZero();
        assertThat(replayed.hasListed(Forge.key("phone").key())).isTrue();
        assertThat(replayed).hasToString("Identity[" + replayed.id() + ", seq 200]");
    }
}
