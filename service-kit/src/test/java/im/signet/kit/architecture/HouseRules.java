package im.signet.kit.architecture;

import im.signet.kit.web.NeedsToken;
import im.signet.kit.web.OpenToAll;

import java.lang.annotation.Annotation;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.springframework.data.repository.Repository;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.MatrixVariable;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestPart;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

/**
 * The rules that the main code of every module keeps. A module's test takes them all with
 * {@code @ArchTest static final ArchTests houseRules = ArchTests.in(HouseRules.class)}.
 */
public final class HouseRules {

    private static final List<Class<? extends Annotation>> AROUND_PARAMS = List.of(RequestBody.class,
            RequestHeader.class, RequestPart.class, CookieValue.class, MatrixVariable.class, ModelAttribute.class);

    /** CVE-2019-11842: a guessable number where a secret was meant. */
    @ArchTest
    public static final ArchRule CHANCE_IS_A_SECURE_RANDOM_THAT_WAS_INJECTED = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Random.class, ThreadLocalRandom.class, SplittableRandom.class)
            .orShould()
            .accessTargetWhere(target(isNamed(Math.class, "random")))
            .orShould()
            .accessTargetWhere(target(isNamed(StrictMath.class, "random")))
            .orShould()
            .accessTargetWhere(target(isNamed(UUID.class, "randomUUID")))
            .because("what is random here is a secret, and a test has to be able to say what comes");

    @ArchTest
    public static final ArchRule TIME_COMES_FROM_THE_INJECTED_CLOCK = noClasses()
            .should()
            .accessTargetWhere(target(isNamed(System.class, "currentTimeMillis")))
            .orShould()
            .accessTargetWhere(target(readsTheSystemClock()))
            .because("a test has to be able to say what time it is");

    /** A spoofed X-Forwarded-For, or an address in a log. */
    @ArchTest
    public static final ArchRule ONLY_ONE_CLASS_READS_A_PEERS_ADDRESS = noClasses().that()
            .doNotHaveFullyQualifiedName("im.signet.kit.web.ClientAddressResolver")
            .should()
            .accessTargetWhere(target(readsThePeersAddress()))
            .because(
                    "a controller takes a ClientAddress, which knows the trusted proxies and shows the address to nobody")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule CONTROLLERS_AND_REPOSITORIES_STAY_IN_THEIR_PACKAGE = classes()
            .that()
            .areMetaAnnotatedWith(Controller.class)
            .or()
            .areAssignableTo(Repository.class)
            .should()
            .bePackagePrivate()
            .because("other features call the use case, never HTTP or SQL")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule EVERY_ENDPOINT_SAYS_WHO_MAY_CALL_IT = methods()
            .that()
            .areMetaAnnotatedWith(RequestMapping.class)
            .should()
            .beAnnotatedWith(OpenToAll.class)
            .orShould()
            .beAnnotatedWith(NeedsToken.class)
            .because("an endpoint that says neither is served to nobody")
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule NO_ENDPOINT_SAYS_BOTH = methods()
            .that()
            .areAnnotatedWith(OpenToAll.class)
            .should()
            .notBeAnnotatedWith(NeedsToken.class)
            .because("the open one would win without a word")
            .allowEmptyShould(true);

    /** CVE-2021-29433, unchecked lengths: Params has no text without one, and these would go around it. */
    @ArchTest
    public static final ArchRule NO_ENDPOINT_TAKES_TEXT_OF_ANY_LENGTH = methods()
            .that()
            .areMetaAnnotatedWith(RequestMapping.class)
            .should(new ArchCondition<>("take bodies, headers and cookies by Params only") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    for (JavaParameter parameter : method.getParameters()) {
                        boolean around = AROUND_PARAMS.stream().anyMatch(parameter::isAnnotatedWith);
                        events.add(new SimpleConditionEvent(method, !around, parameter.getDescription()));
                    }
                }
            })
            .allowEmptyShould(true);

    @ArchTest
    public static final ArchRule WHAT_THERE_IS_TO_SAY_GOES_TO_THE_LOG = noClasses().should(ACCESS_STANDARD_STREAMS);

    private HouseRules() {}

    private static DescribedPredicate<AccessTarget> isNamed(Class<?> owner, String name) {
        return DescribedPredicate.describe(owner.getSimpleName() + "." + name,
                target -> target.getOwner().isEquivalentTo(owner) && target.getName().equals(name));
    }

    private static DescribedPredicate<AccessTarget> readsThePeersAddress() {
        return DescribedPredicate.describe("the address of a request's peer",
                target -> Set.of("getRemoteAddr", "getRemoteHost").contains(target.getName()));
    }

    private static DescribedPredicate<AccessTarget> readsTheSystemClock() {
        return DescribedPredicate.describe("the system's clock", target -> switch (target) {
            case AccessTarget.ConstructorCallTarget made ->
                made.getOwner().isEquivalentTo(Date.class) && made.getRawParameterTypes().isEmpty();
            case AccessTarget.CodeUnitAccessTarget called -> called.getOwner().getPackageName().startsWith("java.time")
                    && called.getName().equals("now")
                    && called.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
            default -> false;
        });
    }
}
