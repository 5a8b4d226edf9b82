package im.signet.names;

import im.signet.kit.architecture.HouseRules;

import java.util.List;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModule;
import org.springframework.modulith.core.ApplicationModules;

import static org.assertj.core.api.Assertions.assertThat;

/** The shape of the service: which feature may know which, and what all of them keep to. */
@AnalyzeClasses(packages = "im.signet.names", importOptions = ImportOption.DoNotIncludeTests.class)
class NamesArchitectureTest {

    @ArchTest
    static final ArchTests HOUSE_RULES = ArchTests.in(HouseRules.class);

    @Test
    void featuresKnowNoMoreOfEachOtherThanTheySay() {
        ApplicationModules features = ApplicationModules.of("im.signet.names");
        features.verify();
        List<String> names = features.stream().map(feature -> feature.getIdentifier().toString()).sorted().toList();
        assertThat(names).containsExactly("handle", "holding", "identity", "key", "page", "problem", "registration",
                "resolution", "setting", "store");
        assertThat(features.stream().map(ApplicationModule::isOpen)).doesNotContain(true);
    }
}
