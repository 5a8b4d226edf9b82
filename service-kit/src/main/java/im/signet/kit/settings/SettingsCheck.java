package im.signet.kit.settings;

import java.util.List;

import org.springframework.core.env.Environment;

/**
 * What a module can say of its settings without a database, a network or a start. It is named in the module's
 * {@code META-INF/spring.factories}, and what it finds would stop the start as well.
 */
@FunctionalInterface
public interface SettingsCheck {

    /**
     * Returns all that is wrong; empty when nothing is. Leaves alone what cannot be bound or breaks a constraint of its
     * record: that is found without it.
     */
    List<UnusableSettingException> check(Environment settings);
}
