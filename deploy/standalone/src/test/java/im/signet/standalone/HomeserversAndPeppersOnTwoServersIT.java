package im.signet.standalone;

/** The same journeys with two packaged servers on one PostgreSQL, and every request to the other one. */
class HomeserversAndPeppersOnTwoServersIT extends HomeserversAndPeppersTest {

    @Override
    Town startTown() {
        return Town.startProcesses(2);
    }
}
