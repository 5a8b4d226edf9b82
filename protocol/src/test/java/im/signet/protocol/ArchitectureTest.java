package im.signet.protocol;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

class ArchitectureTest {
    private static final Path CLASSES = Path.of("target/classes");

    private final JavaClasses main = new ClassFileImporter().importPath(CLASSES);

    // CVE-2019-11842 of Sydent: tokens from a random that can be predicted.
    @Test
    void takesChanceFromASecureRandomThatIsGiven() {
        noClasses().should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.SplittableRandom")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
                .orShould()
                .callMethodWhere(target(owner(name("java.lang.Math"))).and(target(name("random"))))
                .orShould()
                .callMethodWhere(target(owner(name("java.util.UUID"))).and(target(name("randomUUID"))))
                .orShould()
                .callConstructor(java.security.SecureRandom.class)
                .check(main);
    }

    @Test
    void readsNoClock() {
        noClasses().should()
                .callMethodWhere(target(owner(name("java.lang.System")))
                        .and(target(name("currentTimeMillis")).or(target(name("nanoTime")))))
                .orShould()
                // A span of time is no clock.
                .dependOnClassesThat(resideInAPackage("java.time..").and(not(type(Duration.class))))
                .check(main);
    }

    @Test
    void standsOnTheJdkAndBouncyCastleAlone() {
        noClasses().should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("im.signet.protocol..", "java.lang..", "java.math..",
                        "java.nio..", "java.security..", "java.time..", "java.util..",
                        "org.bouncycastle.math.ec.rfc8032..",
                        "org.jspecify.annotations..")
                .check(main);
    }

    @Test
    void neverTouchesNetworkFilesOrSpring() {
        noClasses().should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.io..", "java.nio.file..", "javax..",
                        "org.springframework..")
                .check(main);
    }

    @Test
    void hasNoCyclesBetweenItsPackages() {
        slices().matching("im.signet.protocol.(*)..").should().beFreeOfCycles().check(main);
    }

    @Test
    void exportsAllItsPackages() {
        ModuleDescriptor module = ModuleFinder.of(CLASSES).find("im.signet.protocol").orElseThrow().descriptor();

        assertThat(module.exports().stream().map(ModuleDescriptor.Exports::source)).containsExactlyInAnyOrderElementsOf(
                main.stream()
                        .map(type -> type.getPackage())
                        .map(JavaPackage::getName)
                        .filter(found -> !found.isEmpty())
                        .collect(Collectors.toSet()));
    }
}
