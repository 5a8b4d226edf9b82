package im.signet.identity;

import im.signet.kit.outbox.Courier;
import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;

import java.time.Clock;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.data.repository.Repository;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/** What holds for all main code of the identity server. */
@AnalyzeClasses(packages = "im.signet.identity", importOptions = ImportOption.DoNotIncludeTests.class)
class IdentityArchitectureTest {

    /** CVE-2019-11842: a guessable number where a secret was meant. */
    @ArchTest
    static final ArchRule CHANCE_IS_A_SECURE_RANDOM_THAT_WAS_INJECTED = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, ThreadLocalRandom.class)
            .orShould()
            .accessTargetWhere(target(isNamed(Math.class, "random")))
            .orShould()
            .accessTargetWhere(target(isNamed(UUID.class, "randomUUID")))
            .because("what is random here is a secret, and a test has to be able to say what comes");

    @ArchTest
    static final ArchRule TIME_COMES_FROM_THE_INJECTED_CLOCK = noClasses()
            .should()
            .accessTargetWhere(target(isNamed(System.class, "currentTimeMillis")))
            .orShould()
            .accessTargetWhere(target(readsTheSystemClock()))
            .because("a test has to be able to say what time it is");

    @ArchTest
    static final ArchRule CONTROLLERS_AND_REPOSITORIES_STAY_IN_THEIR_PACKAGE = classes()
            .that()
            .areMetaAnnotatedWith(Controller.class)
            .or()
            .areAssignableTo(Repository.class)
            .should()
            .bePackagePrivate()
            .because("other features call the use case, never HTTP or SQL");

    @ArchTest
    static final ArchRule EVERY_ENDPOINT_SAYS_WHO_MAY_CALL_IT = methods()
            .that()
            .areMetaAnnotatedWith(RequestMapping.class)
            .should()
            .beAnnotatedWith(OpenToAll.class)
            .orShould()
            .beAnnotatedWith(NeedsToken.class)
            .because("an endpoint that says neither is served to nobody");

    /** A silent SMTP server stops the couriers, and no request. */
    @ArchTest
    static final ArchRule MAIL_LEAVES_BY_THE_OUTBOX_ONLY = noClasses()
            .that()
            .haveNameNotMatching(".*\\.SmtpCourier(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..", "org.springframework.mail..")
            .because("sending never happens inside a request");

    @ArchTest
    static final ArchRule NO_REQUEST_CALLS_A_COURIER = noClasses()
            .should()
            .accessTargetWhere(target(isNamed(Courier.class, "deliver")))
            .because("only the outbox delivers");

    @ArchTest
    static void featuresDependOnNothingButWhatTheyDeclare(JavaClasses all) {
        assertThat(all).isNotEmpty();
        ApplicationModules features = ApplicationModules.of(IdentityServerConfiguration.class.getPackageName());
        assertThat(features.stream()).hasSizeGreaterThanOrEqualTo(7);
        features.verify();
    }

    private static DescribedPredicate<AccessTarget> isNamed(Class<?> owner, String name) {
        return DescribedPredicate.describe(owner.getSimpleName() + "." + name,
                target -> target.getOwner().isAssignableTo(owner) && target.getName().equals(name));
    }

    private static DescribedPredicate<AccessTarget> readsTheSystemClock() {
        return DescribedPredicate.describe("the system's clock",
                target -> target instanceof AccessTarget.CodeUnitAccessTarget called
                        && called.getOwner().getPackageName().startsWith("java.time") && called.getName().equals("now")
                        && called.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Clock.class)));
    }
}
