package im.signet.identity;

import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/** What the server ships with; the clock of the other tests goes too fast for some of it. */
class DefaultLimitsTest {

    @Test
    void areThoseOfTheManual() throws ReflectiveOperationException {
        var found = new TreeMap<String, String>();
        ClassPathScanningCandidateComponentProvider records = new ClassPathScanningCandidateComponentProvider(false);
        records.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        for (var candidate : records.findCandidateComponents("im.signet.identity")) {
            Class<?> type = Class.forName(candidate.getBeanClassName());
            if (type.isRecord() && type.getAnnotation(ConfigurationProperties.class).value().equals("signet.limits")) {
                Object limits = Binder.get(new MockEnvironment()).bindOrCreate("signet.limits", Bindable.of(type));
                for (var component : type.getRecordComponents()) {
                    component.getAccessor().setAccessible(true);
                    found.put(component.getName(), String.valueOf(component.getAccessor().invoke(limits)));
                }
            }
        }
        assertThat(found).containsEntry("mailPerAccount", "[5 then 1 per 5m]")
                .containsEntry("mailPerAddress", "[3 then 1 per 1h]")
                .containsEntry("smsPerAccount", "[5 then 1 per 5m]")
                .containsEntry("smsPerNumber", "[3 then 1 per 1h]")
                .containsEntry("invitesPerAccount", "[10 then 1 per 5s, 216 then 216 per 1d]");
    }
}
