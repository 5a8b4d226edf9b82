package im.signet.kit.limit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Hands out the connection of the running transaction, and leaves the end of that transaction to whoever began it: the
 * library would end one after each bucket, while here all buckets of a request are one.
 */
final class TransactionBoundDataSource extends AbstractDataSource {

    private final DataSource target;

    TransactionBoundDataSource(DataSource target) {
        this.target = target;
    }

    @Override
    public Connection getConnection() {
        Connection connection = DataSourceUtils.getConnection(target);
        return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[]{Connection.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "setAutoCommit", "commit", "rollback" -> null;
                    case "close" -> {
                        DataSourceUtils.releaseConnection(connection, target);
                        yield null;
                    }
                    default -> invoke(connection, method, arguments);
                });
    }

    @Override
    public Connection getConnection(String username, String password) {
        throw new UnsupportedOperationException("the transaction's connection is somebody's already");
    }

    private static Object invoke(Connection connection, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
