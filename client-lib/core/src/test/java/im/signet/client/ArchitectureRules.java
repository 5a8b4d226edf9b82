package im.signet.client;

import im.signet.client.transport.Transport;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** What every module of the library keeps to that Android knows as well. */
public abstract class ArchitectureRules {
    // With the modules that this one stands on, as classes or as jars, but without their tests.
    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("im.signet.client");

    private static final String[] FILES = {"java.nio", "java.nio.channels", "java.nio.file.."};
    private static final String[] CIPHERS = {"javax.crypto..", "org.bouncycastle.crypto.."};
    private static final String[] FILES_AND_CIPHERS = concat(FILES, CIPHERS);

    private static String[] concat(String[] some, String... more) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void runsWhereOnlyTheCoreOfJavaIsKnown() {
        classes().should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(concat(FILES_AND_CIPHERS, "im.signet.client..", "im.signet.protocol..",
                        "java.lang", "java.lang.invoke", "java.lang.runtime", "java.io", "java.net", "java.nio.charset",
                        "java.security", "java.time..", "java.util", "java.util.concurrent", "java.util.function",
                        "java.util.regex", "java.util.stream", "javax.net.ssl", "org.jspecify.annotations"))
                .because("Android has no java.net.http and no java.desktop")
                .check(LIBRARY);
    }

    @Test
    void filesAndCiphersStayWithTheStores() {
        noClasses().that()
                .resideOutsideOfPackages("im.signet.client.secret", "im.signet.client.file")
                .and()
                .doNotHaveSimpleName("FileContactStore")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FILES)
                .check(LIBRARY);
        noClasses().that()
                .resideOutsideOfPackage("im.signet.client.secret")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CIPHERS)
                .check(LIBRARY);
    }

    @Test
    void opensNoConnectionOfItsOwn() {
        noClasses().should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\.(URL|.*Socket.*|.*Connection|Inet.*)")
                .check(LIBRARY);
        noClasses().that()
                .doNotHaveSimpleName("Wire")
                .should()
                .callMethodWhere(
                        JavaCall.Predicates.target(
                                com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                                        com.tngtech.archunit.core.domain.JavaClass.Predicates
                                                .assignableTo(Transport.class))))
                .because("the listener is asked in one place")
                .check(LIBRARY);
    }

    @Test
    void doesNothingInTheBackground() {
        noClasses().should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ExecutorService.class)
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Timer")
                .check(LIBRARY);
        noClasses().that()
                .doNotHaveSimpleName("PendingCall")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Executor.class, CompletableFuture.class)
                .check(LIBRARY);
        noClasses().should()
                .callMethodWhere(JavaCall.Predicates.target(HasName.Predicates.nameMatching(".*Async")))
                .because("without an executor these take the common pool")
                .check(LIBRARY);
    }

    @Test
    void takesNeitherTimeNorChanceFromTheAir() {
        noClasses().should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(Random.class)
                .check(LIBRARY);
        noClasses().that()
                .doNotHaveSimpleName("ClientOptions")
                .should()
                .callConstructor(SecureRandom.class)
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .check(LIBRARY);
    }

    @Test
    void theOuterPackagesDoNotKnowTheInnerOne() {
        noClasses().that()
                .resideInAnyPackage("im.signet.client.contact", "im.signet.client.transport", "im.signet.client.handle",
                        "im.signet.client.secret", "im.signet.client.file", "im.signet.client.book")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("im.signet.client")
                .check(LIBRARY);
    }
}
