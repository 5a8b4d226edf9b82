package im.signet.standalone;

import java.util.Map;

import org.junit.jupiter.api.condition.EnabledIf;

/** The same with the services in processes of their own, on two databases, behind nginx: they ask each other over HTTP. */
@EnabledIf(value = "im.signet.standalone.ReverseProxy#isInstalled", disabledReason = "needs nginx")
class IEndWhatIsKeptOfMeApartIT extends IEndWhatIsKeptOfMeTest {

    @Override
    Town startTown(Map<String, String> settings) {
        return Town.startApart(settings);
    }
}
