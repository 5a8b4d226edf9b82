package im.signet.kit.settings;

import java.util.List;

import org.springframework.core.env.Environment;

/** Finds every key below {@code signet} that no service knows, where a start stops at the first. */
final class UnknownSettingsCheck implements SettingsCheck {

    @Override
    public List<UnusableSettingException> check(Environment settings) {
        return UnknownSettings.findAll(settings);
    }
}
