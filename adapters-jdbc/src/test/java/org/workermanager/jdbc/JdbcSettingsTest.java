package org.workermanager.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcSettingsTest {

  private static String refusal(String url) {
    return assertThrows(IllegalArgumentException.class, () -> JdbcSettings.of(url, "me", "secret"))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:oracle:x?password=secret | must begin with jdbc:postgresql: or jdbc:h2:",
        "jdbc:postgresql: | name the database",
        "jdbc:postgresql://host/ | name the database",
        "jdbc:postgresql://host/?password=secret | name the database",
        "jdbc:postgresql://host | host:port/database",
        "jdbc:postgresql:/database | host:port/database",
        "jdbc:postgresql://host/database/secret | host:port/database",
        "jdbc:postgresql://host/database;password=secret | host:port/database",
        "jdbc:postgresql://host/database&password=secret | host:port/database",
        "jdbc:postgresql://host:secret/database | port",
        "jdbc:postgresql://host:/database | port",
        "jdbc:postgresql://host:0/database | port",
        "jdbc:postgresql://host:5432,other:65536/database | port",
        "jdbc:postgresql://user:secret@host/database | user:password@",
        "jdbc:postgresql://user:se/cret@host/database | user:password@",
        "jdbc:postgresql:user:secret@host/database | user:password@",
        "jdbc:postgresql://user:se?cret@host/database | host:port/database",
        "jdbc:postgresql://host/database?sslmode=secret | sslmode: disable, allow, prefer, require",
        "jdbc:h2:mem:secret;MODE=PostgreSQL | MODE",
        "jdbc:postgresql://host/%zz?password=secret | driver",
        "jdbc:postgresql://host/database?service=secret | driver",
        "jdbc:h2: | name a file",
        "jdbc:h2:;PASSWORD=secret | name a file",
        "jdbc:h2:data;USER=sa;PASSWORD=secret | ./ or ~/",
        "jdbc:h2:file:data;PASSWORD=secret | ./ or ~/",
        "jdbc:h2:~ | ./ or ~/",
        "jdbc:h2:mem: | jdbc:h2:mem:name",
        "jdbc:h2:/data;secret | ;NAME=VALUE",
        "jdbc:h2:mem:x;PASSWORD=secret;password=other | once",
        "jdbc:h2:tcp://host:secret/database | port",
        "jdbc:h2:tcp://user:secret@host/database | user:password@",
        "jdbc:h2:ssl://host | jdbc:h2:tcp://host:port/name",
      })
  void urlsThatCannotWorkAreRefusedWithoutShowingAnyPassword(String url, String why) {
    String refusal = refusal(url);
    assertTrue(refusal.startsWith("must ") && refusal.contains(why), refusal);
    assertFalse(refusal.contains("secret") || refusal.contains("cret@"), refusal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql:database",
        "jdbc:postgresql:///database",
        "jdbc:postgresql://host/database",
        "jdbc:postgresql://host:5432/database?user=me&password=p@ss&sslmode=verify-full",
        "jdbc:postgresql://host/database?loggerLevel=WARN",
        "jdbc:postgresql://[::1]:5432,other.host:5433/database?targetServerType=PRIMARY",
        "jdbc:postgresql://host/database?requireAuth=md5,scram-sha-256",
        "jdbc:h2:mem:name",
        "jdbc:h2:/data/database",
        "jdbc:h2:file:/data/database;PASSWORD=p@ss;INIT=SET LOCK_TIMEOUT 1\\;SET LOCK_TIMEOUT 2",
        "jdbc:h2:file:C:\\data\\database",
        "jdbc:h2:~/database",
        "jdbc:h2:./database;",
        "jdbc:h2:../database",
        "jdbc:h2:nio:/data/database",
        "jdbc:h2:tcp://host:9092/~/database",
        "jdbc:h2:ssl:host/mem:database",
      })
  void urlsThatMayWorkAreTaken(String url) {
    assertEquals(url, JdbcSettings.of(url, null, null).url());
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:h2:mem:x, true",
    "jdbc:h2:/x, true",
    "jdbc:h2:file:/x;AUTO_SERVER=false, true",
    "jdbc:h2:file:/x;auto_server=TRUE, false",
    "jdbc:h2:file:/x;AUTO_SERVER=1, false",
    "jdbc:h2:tcp://host/x, false",
    "jdbc:h2:ssl:host/x, false",
    "jdbc:postgresql:x, false",
  })
  void onlyADatabaseInsideTheProcessIsExclusive(String url, boolean exclusive) {
    assertEquals(exclusive, JdbcSettings.of(url, null, null).isExclusive());
  }

  @Test
  void theDriverLogsNothingAboutUrls() {
    List<String> logged = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord message) {
            logged.add(message.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger.getLogger("").addHandler(handler);
    try {
      refusal("jdbc:postgresql://host/database?service=unknown");
    } finally {
      Logger.getLogger("").removeHandler(handler);
    }
    assertEquals(List.of(), logged);
  }

  @Test
  void anH2PasswordIsHandedOverApartFromTheUrl() {
    HikariConfig pool = new HikariConfig();
    DatabaseUrl.parse("jdbc:h2:mem:x;Password=se\\;c\\\\ret;MODE=Regular;INIT=SET LOCK_TIMEOUT 1")
        .configure(pool, Duration.ofSeconds(1));
    assertEquals("se;c\\ret", pool.getPassword());
    String url = pool.getJdbcUrl();
    assertTrue(url.startsWith("jdbc:h2:mem:x;INIT=SET LOCK_TIMEOUT 1;MODE=Regular;"), url);
    assertFalse(url.contains("ret"), url);
  }

  @Test
  void showNoPassword() {
    JdbcSettings settings = JdbcSettings.of("jdbc:h2:/x;PASSWORD=secret", "me", "secret");
    assertEquals("JdbcSettings[jdbc:h2:/x]", settings.toString());
    assertEquals("jdbc:h2:/x", settings.databaseUrl().toString());
    assertEquals(
        "jdbc:postgresql://h/d",
        DatabaseUrl.parse("jdbc:postgresql://h/d?password=secret").toString());
  }
}
