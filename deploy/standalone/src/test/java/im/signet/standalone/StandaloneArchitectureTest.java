package im.signet.standalone;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

@AnalyzeClasses(packages = "im.signet", importOptions = ImportOption.DoNotIncludeTests.class)
class StandaloneArchitectureTest {

    @ArchTest
    static final ArchRule protocolKnowsNoSpring = noClasses().that()
            .resideInAPackage("im.signet.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "im.signet.kit..", "im.signet.client..");

    @ArchTest
    static final ArchRule theKitKnowsNoService = noClasses().that()
            .resideInAPackage("im.signet.kit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("im.signet.terms..", "im.signet.identity..", "im.signet.names..",
                    "im.signet.standalone..");

    @ArchTest
    static final ArchRule servicesDoNotKnowEachOther = noClasses().that()
            .resideInAPackage("im.signet.terms..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("im.signet.identity..");

    @ArchTest
    static final ArchRule norTheOtherWayRound = noClasses().that()
            .resideInAPackage("im.signet.identity..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("im.signet.terms..");

    @ArchTest
    static final ArchRule theNameserverKnowsNoOther = noClasses().that()
            .resideInAPackage("im.signet.names..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("im.signet.terms..", "im.signet.identity..");

    @ArchTest
    static final ArchRule nobodyKnowsTheNameserver = noClasses().that()
            .resideInAnyPackage("im.signet.terms..", "im.signet.identity..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("im.signet.names..");

    @ArchTest
    static final ArchRule noServiceShipsTheDemonstration = noClasses().that()
            .resideInAnyPackage("im.signet.kit..", "im.signet.terms..", "im.signet.identity..", "im.signet.names..",
                    "im.signet.standalone..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("im.signet.demo..");
}
