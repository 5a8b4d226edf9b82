package im.signet.kit.database;

import im.signet.kit.settings.SettingsCheck;
import im.signet.kit.settings.UnusableSettingException;

import java.util.List;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Finds settings of the database that contradict each other. */
final class DatabaseSettingsCheck implements SettingsCheck {

    @Override
    public List<UnusableSettingException> check(Environment settings) {
        try {
            PostgresDatabase.given(Binder.get(settings).bindOrCreate("signet.database", DatabaseProperties.class));
            return List.of();
        } catch (BindException foundElsewhere) {
            return List.of();
        } catch (DatabaseStartException refused) {
            return List.of(new UnusableSettingException(String.valueOf(refused.getMessage()), refused.remedy()));
        }
    }
}
