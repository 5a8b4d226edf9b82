package im.signet.standalone;

import java.util.Map;

import org.junit.jupiter.api.condition.EnabledIf;

/** The main job with the services in processes of their own, on two databases, behind nginx. */
@EnabledIf(value = "im.signet.standalone.ReverseProxy#isInstalled", disabledReason = "needs nginx")
class AFriendFindsMeByEmailApartIT extends AFriendFindsMeByEmailTest {

    @Override
    Town startTown() {
        return Town.startApart(Map.of());
    }
}
