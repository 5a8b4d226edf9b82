package im.signet.standalone;

import java.util.Map;

/** The same with two packaged servers on one PostgreSQL, and every request to the other one. */
class IOwnAHandleOnTwoServersIT extends IOwnAHandleTest {

    @Override
    Town startTown(Map<String, String> settings) {
        return Town.startProcesses(2, settings);
    }
}
