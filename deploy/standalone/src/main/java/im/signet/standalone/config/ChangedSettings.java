package im.signet.standalone.config;

import java.util.List;
import java.util.Map;

/** Settings that another version had and this one has not, or has otherwise; extended with each that changes. */
final class ChangedSettings {

    /** The name that it had, and what to do about it, as a sentence. None has changed since the first version. */
    static final Map<String, String> ALL = Map.of();

    private ChangedSettings() {}

    /** Returns what to do about each that is written in these settings. */
    static List<Finding> in(SettingsSources sources, Map<String, String> changed) {
        return changed.entrySet()
                .stream()
                .flatMap(change -> sources.where(change.getKey())
                        .map(where -> new Finding(Finding.Severity.ERROR, where,
                                "The setting " + change.getKey() + " is no more.", change.getValue()))
                        .stream())
                .toList();
    }
}
