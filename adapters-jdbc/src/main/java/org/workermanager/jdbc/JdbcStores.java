package org.workermanager.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.domain.store.Stores;

/**
 * The stores in a database, H2 or PostgreSQL, with their pool of connections. Thread-safe.
 *
 * <p>What PostgreSQL has committed survives whatever its own settings promise. H2 writes to its
 * file at each commit, so that what is committed survives the end of the process, however it ends,
 * but not that of the operating system.
 */
public final class JdbcStores implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JdbcStores.class);

  private static final long MIN_PATIENCE_MILLIS = 250;

  /** How long one query of a search may take. */
  private static final int SEARCH_SECONDS = 10;

  private final HikariDataSource pool;
  private final Stores stores;

  private JdbcStores(HikariDataSource pool, Dialect dialect) {
    this.pool = pool;
    Jdbi jdbi = Jdbi.create(pool);
    registerArrays(jdbi);
    new Migrations(jdbi, dialect, Migrations.SCRIPTS).apply();
    Transactions transactions = new Transactions(jdbi);
    stores =
        new Stores(
            new JdbcRequestStore(dialect, transactions),
            new JdbcRequestSearch(dialect, transactions, SEARCH_SECONDS),
            new JdbcConfigurationStore(transactions),
            new JdbcWorkerStore(dialect, transactions),
            new JdbcLeaseStore(transactions));
  }

  /**
   * Connects, and creates or updates the schema.
   *
   * @throws DatabaseNotUsableException when that cannot be done
   */
  public static JdbcStores open(JdbcSettings settings) {
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(config(settings));
      JdbcStores stores = new JdbcStores(pool, settings.databaseUrl().dialect());
      String caution = settings.databaseUrl().caution();
      if (caution != null) {
        LOG.warn("Database {}: {}", settings.database(), caution);
      }
      return stores;
    } catch (RuntimeException e) {
      if (pool != null) {
        pool.close();
      }
      throw e instanceof DatabaseNotUsableException
          ? e
          : SqlErrors.notUsable(settings.database(), e);
    }
  }

  private static HikariConfig config(JdbcSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("worker-manager");
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.poolSize());
    config.setConnectionTimeout(Math.max(MIN_PATIENCE_MILLIS, settings.patience().toMillis()));
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setInitializationFailTimeout(1);
    settings.databaseUrl().configure(config, settings.patience());
    return config;
  }

  /** How the elements are called in SQL of arrays that the stores bind. */
  static void registerArrays(Jdbi jdbi) {
    jdbi.registerArrayType(String.class, "varchar");
    jdbi.registerArrayType(Integer.class, "integer");
    jdbi.registerArrayType(Long.class, "bigint");
    jdbi.registerArrayType(UUID.class, "uuid");
  }

  /** All of them. */
  public Stores stores() {
    return stores;
  }

  /** Closes all connections; what is under way fails. */
  @Override
  public void close() {
    pool.close();
  }
}
