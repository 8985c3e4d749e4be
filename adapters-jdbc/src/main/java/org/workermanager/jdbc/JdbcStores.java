package org.workermanager.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.workermanager.domain.store.ConfigurationStore;
import org.workermanager.domain.store.RequestStore;

/**
 * The stores in a database, H2 or PostgreSQL, with their pool of connections. Thread-safe.
 *
 * <p>What PostgreSQL has committed survives whatever its own settings promise. H2 writes to its
 * file at each commit, so that what is committed survives the end of the process, however it ends,
 * but not that of the operating system.
 */
public final class JdbcStores implements AutoCloseable {

  private static final long MIN_PATIENCE_MILLIS = 250;

  private final HikariDataSource pool;
  private final RequestStore requests;
  private final ConfigurationStore configurations;

  private JdbcStores(HikariDataSource pool, Dialect dialect) {
    this.pool = pool;
    Jdbi jdbi = Jdbi.create(pool);
    jdbi.registerArrayType(String.class, "varchar");
    jdbi.registerArrayType(Integer.class, "integer");
    jdbi.registerArrayType(Long.class, "bigint");
    jdbi.registerArrayType(UUID.class, "uuid");
    new Migrations(jdbi, dialect, Migrations.SCRIPTS).apply();
    Transactions transactions = new Transactions(jdbi);
    requests = new JdbcRequestStore(dialect, transactions);
    configurations = new JdbcConfigurationStore(transactions);
  }

  /**
   * Connects, and creates or updates the schema.
   *
   * @throws DatabaseNotUsableException when that cannot be done; trying again later may work
   */
  public static JdbcStores open(JdbcSettings settings) {
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(config(settings));
      return new JdbcStores(pool, Dialect.of(settings.url()));
    } catch (RuntimeException e) {
      if (pool != null) {
        pool.close();
      }
      throw e instanceof DatabaseNotUsableException
          ? e
          : new DatabaseNotUsableException(
              "Database " + settings.database() + ": " + explain(e), e);
    }
  }

  private static HikariConfig config(JdbcSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("worker-manager");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.poolSize());
    config.setConnectionTimeout(Math.max(MIN_PATIENCE_MILLIS, settings.patience().toMillis()));
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setInitializationFailTimeout(1);
    if (Dialect.of(settings.url()) == Dialect.H2) {
      config.setDriverClassName("org.h2.Driver");
      config.setJdbcUrl(withDefaults(settings.url()));
    } else {
      config.setDriverClassName("org.postgresql.Driver");
      config.addDataSourceProperty("ApplicationName", "worker-manager");
      config.addDataSourceProperty("tcpKeepAlive", "true");
      config.addDataSourceProperty(
          "connectTimeout", Long.toString(Math.max(1, settings.patience().toSeconds())));
      // longer than any statement of ours takes; without it a database that vanished is waited for
      // for ever
      config.addDataSourceProperty("socketTimeout", "30");
    }
    return config;
  }

  /** What is committed is written at once; the process, not the JVM's exit, closes the database. */
  private static String withDefaults(String h2Url) {
    StringBuilder url = new StringBuilder(h2Url);
    for (String option :
        new String[] {"WRITE_DELAY=0", "DB_CLOSE_ON_EXIT=FALSE", "LOCK_TIMEOUT=10000"}) {
      if (!h2Url.toUpperCase(Locale.ROOT).contains(option.substring(0, option.indexOf('=')))) {
        url.append(';').append(option);
      }
    }
    return url.toString();
  }

  private static String explain(RuntimeException error) {
    SQLException sql = SqlErrors.sqlException(error);
    String state = sql == null || sql.getSQLState() == null ? "" : sql.getSQLState();
    String what = SqlErrors.firstLine(sql == null ? error : sql);
    if (state.startsWith("28")) {
      return "it refuses the login: check user and password (" + what + ")";
    } else if (state.equals("3D000")) {
      return "it does not exist: create it, or check the JDBC URL (" + what + ")";
    } else if (state.equals("90020")) {
      return "another process uses it: stop that one, or use another data directory";
    } else if (state.startsWith("08")) {
      return "nothing answers there: start the database, or check the JDBC URL (" + what + ")";
    } else if (error instanceof JdbiException || sql != null) {
      return what;
    }
    return SqlErrors.firstLine(error);
  }

  /** The requests. */
  public RequestStore requests() {
    return requests;
  }

  /** The served tenants and their configurations. */
  public ConfigurationStore configurations() {
    return configurations;
  }

  /** Closes all connections; what is under way fails. */
  @Override
  public void close() {
    pool.close();
  }
}
