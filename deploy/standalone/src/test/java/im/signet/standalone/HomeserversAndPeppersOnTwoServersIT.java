package im.signet.standalone;

import java.util.Map;

/** The same journeys with two packaged servers on one PostgreSQL, and every request to the other one. */
class HomeserversAndPeppersOnTwoServersIT extends HomeserversAndPeppersTest {

    @Override
    Town startTown() {
        return Town.startProcesses(2, Map.of());
    }
}
