package im.signet.standalone;

import java.util.Map;

import org.junit.jupiter.api.condition.EnabledIf;

/** The same with the services in processes of their own behind nginx: two replicas of the nameserver, asked in turn. */
@EnabledIf(value = "im.signet.standalone.ReverseProxy#isInstalled", disabledReason = "needs nginx")
class IOwnAHandleApartIT extends IOwnAHandleTest {

    @Override
    Town startTown(Map<String, String> settings) {
        return Town.startApart(settings);
    }
}
