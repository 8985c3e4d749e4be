package org.workermanager.app.command;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.connection.QueueArgument;
import org.workermanager.amqp.limits.MessageLimit;
import org.workermanager.amqp.limits.MessageLimits;
import org.workermanager.app.service.ServiceSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** What flags, environment and defaults come to. */
class ServiceOptionsTest {

  private static final String FILE =
      """
      {"modules": [{"module": {"id": "workermanager"}, "resetBeforeImport": true, "configuration": []}]}""";

  @TempDir private Path folder;

  @Command(name = "test")
  private static final class Holder {
    @Mixin private ServiceOptions options;
  }

  private static ServiceOptions options(Map<String, String> environment, String... arguments) {
    Holder holder = new Holder();
    CommandLine commandLine = new CommandLine(holder);
    commandLine.setDefaultValueProvider(new EnvironmentDefaults(environment));
    commandLine.parseArgs(arguments);
    return holder.options;
  }

  private static ServiceSettings settings(Map<String, String> environment, String... arguments) {
    return options(environment, arguments).settings();
  }

  private static String refusal(Map<String, String> environment, String... arguments) {
    return assertThrows(ParameterException.class, () -> settings(environment, arguments))
        .getMessage();
  }

  @Test
  void withoutAnythingSaidTheDefaultsHold() {
    ServiceOptions options = options(Map.of());
    ServiceSettings settings = options.settings();

    assertTrue(options.embeddedBroker());
    assertEquals(5672, options.embeddedPort());
    assertEquals(Path.of("worker-manager-data/broker").toAbsolutePath(), options.brokerFolder());
    assertEquals(
        "jdbc:h2:file:" + Path.of("worker-manager-data/database").toAbsolutePath(),
        settings.database().url());
    assertEquals(Duration.ofSeconds(60), settings.amqp().heartbeatExpiry());
    assertEquals(List.of(), settings.tenants());
    assertEquals(Map.of(), settings.configurations());
    assertEquals("REGARDS", settings.amqp().appId());
    assertEquals(List.of(), settings.amqp().queueArguments());
    assertEquals(MessageLimits.USUAL, settings.amqp().limits());
  }

  @Test
  void requestersNeedNotBeToldOfDeadLetters() {
    assertTrue(settings(Map.of()).deadLetterResponses());
    assertFalse(settings(Map.of(), "--dead-letter-responses", "false").deadLetterResponses());
    assertFalse(
        settings(Map.of("WORKER_MANAGER_DEAD_LETTER_RESPONSES", "false")).deadLetterResponses());
  }

  @Test
  void eachInstanceIsNamedAtRandom() {
    assertNotEquals(settings(Map.of()).amqp().instance(), settings(Map.of()).amqp().instance());
  }

  @Test
  void everySettingCanComeFromTheEnvironment() throws Exception {
    Path file = Files.writeString(folder.resolve("c.json"), FILE);
    Map<String, String> environment =
        Map.ofEntries(
            entry("WORKER_MANAGER_AMQP_URI", "amqp://u:p@broker:1234/v"),
            entry("WORKER_MANAGER_EMBEDDED_PORT", "4711"),
            entry("WORKER_MANAGER_JDBC_URL", "jdbc:postgresql://h/n"),
            entry("WORKER_MANAGER_DB_USER", "me"),
            entry("WORKER_MANAGER_DB_PASSWORD", "secret"),
            entry("WORKER_MANAGER_DATA_DIR", "/some/where"),
            entry("WORKER_MANAGER_CONFIG", "t1=" + file + ",t2=" + file),
            entry("WORKER_MANAGER_TENANTS", "a,b"),
            entry("WORKER_MANAGER_HEARTBEAT_EXPIRY", "500ms"),
            entry("WORKER_MANAGER_INSTANCE_ID", "one"),
            entry("WORKER_MANAGER_APP_ID", "OURS"),
            entry("WORKER_MANAGER_QUEUE_ARGUMENTS", "workers:x-max-priority=,replies:x-a=b"),
            entry("WORKER_MANAGER_LIMITS", "body=20M,json-depth=7"));
    ServiceOptions options = options(environment);
    ServiceSettings settings = options.settings();

    assertEquals("broker:1234, virtual host 'v'", settings.amqp().broker().toString());
    assertEquals(4711, options.embeddedPort());
    assertEquals("jdbc:postgresql://h/n", settings.database().url());
    assertEquals("me", settings.database().user());
    assertEquals("secret", settings.database().password());
    assertEquals(Path.of("/some/where/broker"), options.brokerFolder());
    assertEquals(Set.of("t1", "t2"), settings.configurations().keySet());
    assertEquals(List.of("a", "b"), settings.tenants());
    assertEquals(Duration.ofMillis(500), settings.amqp().heartbeatExpiry());
    assertEquals("one", settings.amqp().instance());
    assertEquals("OURS", settings.amqp().appId());
    assertEquals(
        List.of(
            new QueueArgument(QueueArgument.Kind.WORKERS, "x-max-priority", null),
            new QueueArgument(QueueArgument.Kind.REPLIES, "x-a", "b")),
        settings.amqp().queueArguments());
    assertEquals(
        MessageLimits.USUAL.with(MessageLimit.BODY, 20 << 20).with(MessageLimit.JSON_DEPTH, 7),
        settings.amqp().limits());
  }

  @Test
  void anEmptyVariableIsAsIfUnset() {
    Map<String, String> environment =
        Map.of(
            "WORKER_MANAGER_AMQP_URI", "",
            "WORKER_MANAGER_TENANTS", "",
            "WORKER_MANAGER_CONFIG", "",
            "WORKER_MANAGER_DATA_DIR", "",
            "WORKER_MANAGER_HEARTBEAT_EXPIRY", "");
    assertTrue(options(environment).embeddedBroker());
    assertEquals(options(Map.of()).brokerFolder(), options(environment).brokerFolder());
    assertEquals(List.of(), settings(environment).tenants());
    assertEquals(Map.of(), settings(environment).configurations());
    assertEquals(Duration.ofSeconds(60), settings(environment).amqp().heartbeatExpiry());
  }

  @Test
  void flagsComeBeforeTheEnvironment() {
    Map<String, String> environment =
        Map.of(
            "WORKER_MANAGER_TENANTS", "a,b",
            "WORKER_MANAGER_HEARTBEAT_EXPIRY", "soon",
            "WORKER_MANAGER_INSTANCE_ID", "one",
            "WORKER_MANAGER_EMBEDDED_PORT", "1");
    ServiceOptions options =
        options(
            environment,
            "--tenant=c",
            "--tenant=d",
            "--heartbeat-expiry=2m",
            "--instance-id=two",
            "--embedded-port=2");
    ServiceSettings settings = options.settings();

    assertEquals(List.of("c", "d"), settings.tenants());
    assertEquals(Duration.ofMinutes(2), settings.amqp().heartbeatExpiry());
    assertEquals("two", settings.amqp().instance());
    assertEquals(2, options.embeddedPort());
  }

  @Test
  void theEmbeddedBrokersPortIsCheckedEvenIfNoneIsWanted() {
    String message = refusal(Map.of(), "--amqp-uri=amqp://h", "--embedded-port=70000");
    assertTrue(message.contains("--embedded-port"), message);
  }

  @Test
  void onlyAnEmbeddedBrokerThatIsNewForgets() throws Exception {
    String data = "--data-dir=" + folder;
    assertTrue(settings(Map.of(), data).brokerForgets());
    assertFalse(settings(Map.of(), data, "--amqp-uri=amqp://h").brokerForgets());
    Files.createDirectory(folder.resolve("broker"));
    assertFalse(settings(Map.of(), data).brokerForgets());
  }

  @Test
  void refusalsNameFlagAndVariableAndNoPassword() {
    assertRefused("--amqp-uri", "WORKER_MANAGER_AMQP_URI", "http://u:secret@h");
    assertRefused("--amqp-uri", "WORKER_MANAGER_AMQP_URI", "amqp://u:sec ret@h");
    assertRefused("--embedded-port", "WORKER_MANAGER_EMBEDDED_PORT", "65536");
    assertRefused("--jdbc-url", "WORKER_MANAGER_JDBC_URL", "jdbc:oracle:x?password=secret");
    assertRefused("--instance-id", "WORKER_MANAGER_INSTANCE_ID", "a b");
    assertTrue(refusal(Map.of(), "--instance-id=").contains("--instance-id"));
    assertTrue(refusal(Map.of("WORKER_MANAGER_TENANTS", "a,,b")).contains("--tenant"));
    assertRefused("--data-dir", "WORKER_MANAGER_DATA_DIR", "a;b");
    assertRefused("--data-dir", "WORKER_MANAGER_DATA_DIR", "a\0b");
    assertRefused("--config", "WORKER_MANAGER_CONFIG", "t=a\0b");
    assertTrue(refusal(Map.of(), "--data-dir=").contains("--data-dir"));
    assertRefused("--tenant", "WORKER_MANAGER_TENANTS", "x".repeat(256));
    assertRefused("--config", "WORKER_MANAGER_CONFIG", "file.json");
    assertRefused("--config", "WORKER_MANAGER_CONFIG", "=file.json");
    assertRefused("--config", "WORKER_MANAGER_CONFIG", "t1=");
    assertRefused("--config", "WORKER_MANAGER_CONFIG", "t1=no such file.json");
    assertRefused("--app-id", "WORKER_MANAGER_APP_ID", "x".repeat(256));
    assertRefused("--queue-argument", "WORKER_MANAGER_QUEUE_ARGUMENTS", "x-max-priority=1");
    assertRefused("--queue-argument", "WORKER_MANAGER_QUEUE_ARGUMENTS", "others:x-a=b");
    assertRefused("--limit", "WORKER_MANAGER_LIMITS", "body");
    assertRefused("--limit", "WORKER_MANAGER_LIMITS", "body=lots");
    assertRefused("--limit", "WORKER_MANAGER_LIMITS", "header-count=15");
    assertRefused("--limit", "WORKER_MANAGER_LIMITS", "size=1");
    // longer than a broker keeps messages that nobody fetches
    assertRefused("--heartbeat-expiry", "WORKER_MANAGER_HEARTBEAT_EXPIRY", "999999999h");
  }

  private static void assertRefused(String flag, String variable, String value) {
    for (String message :
        List.of(refusal(Map.of(), flag + "=" + value), refusal(Map.of(variable, value)))) {
      assertTrue(message.contains(flag) && message.contains(variable), message);
      assertFalse(message.contains("sec"), message);
    }
  }

  @Test
  void secretsMayBeInFiles() throws Exception {
    Path uri = Files.writeString(folder.resolve("uri"), "amqp://u:p@broker/v\n");
    Path password = Files.writeString(folder.resolve("password"), "from file");
    ServiceOptions options =
        options(Map.of(), "--amqp-uri-file=" + uri, "--db-password-file=" + password);
    assertFalse(options.embeddedBroker());
    ServiceSettings settings = options.settings();
    assertEquals("broker:5672, virtual host 'v'", settings.amqp().broker().toString());
    assertEquals("from file", settings.database().password());
    settings =
        settings(
            Map.of(
                "WORKER_MANAGER_AMQP_URI_FILE",
                uri.toString(),
                "WORKER_MANAGER_DB_PASSWORD_FILE",
                password.toString()),
            "--db-password=said");
    assertEquals("broker:5672, virtual host 'v'", settings.amqp().broker().toString());
    assertEquals("said", settings.database().password(), "the command line comes first");
    settings =
        settings(
            Map.of("WORKER_MANAGER_DB_PASSWORD", "set"), "--db-password-file", password.toString());
    assertEquals("from file", settings.database().password(), "the command line comes first");
  }

  @Test
  void filesOfSecretsThatCannotBeTheSecretAreRefused() throws Exception {
    Path two = Files.writeString(folder.resolve("two"), "secret\nsecret");
    for (String option : List.of("--amqp-uri-file", "--db-password-file")) {
      String message = refusal(Map.of(), option, two.toString());
      assertTrue(message.endsWith(" must have one line in it: " + two), message);
      message = refusal(Map.of(), option, "missing");
      assertTrue(message.endsWith(" is not there: missing"), message);
    }
    Path wrong = Files.writeString(folder.resolve("wrong"), "http://u:secret@h");
    String message = refusal(Map.of(), "--amqp-uri-file=" + wrong);
    assertTrue(message.startsWith("--amqp-uri-file ("), message);
    assertFalse(message.contains("secret"), message);
    message =
        refusal(
            Map.of(), "--db-password=secret", "--db-password-file=" + folder.resolve("anything"));
    assertTrue(message.endsWith(" and --db-password cannot both be given"), message);
  }

  @Test
  void whoIsTrustedAboutTheBrokerIsOfUseWithTlsOnly() throws Exception {
    Path file = Files.writeString(folder.resolve("ca.pem"), "nonsense");
    String unused = "--amqp-ca (WORKER_MANAGER_AMQP_CA) is of use with a broker at amqps:// only";
    assertEquals(unused, refusal(Map.of(), "--amqp-ca=" + file));
    assertEquals(unused, refusal(Map.of(), "--amqp-uri=amqp://h", "--amqp-ca=" + file));
    assertEquals(
        "--amqp-ca (WORKER_MANAGER_AMQP_CA) must be certificates in PEM, and nothing else: " + file,
        refusal(Map.of("WORKER_MANAGER_AMQP_CA", file.toString()), "--amqp-uri=amqps://h"));
  }

  @Test
  void makesTheDataDirectoryWhereItIsNeeded() {
    Path data = folder.resolve("a/b");
    options(Map.of(), "--data-dir=" + data, "--amqp-uri=amqp://h", "--jdbc-url=jdbc:h2:mem:x")
        .createDataDir();
    assertFalse(Files.exists(data));
    options(Map.of(), "--data-dir=" + data, "--amqp-uri=amqp://h").createDataDir();
    assertTrue(Files.isDirectory(data));
  }

  @Test
  void saysPlainlyWhyThereIsNoDataDirectory() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertNoDataDirectory(file, "is a file, not a folder: " + file);
    assertNoDataDirectory(file.resolve("data"), "cannot be written: ");
    assertNoDataDirectory(Path.of("/proc"), "");
    Path locked =
        Files.createDirectory(
            folder.resolve("locked"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-x------")));
    assumeFalse(Files.isWritable(locked), "This user may write everything");
    assertNoDataDirectory(locked, "may not be written by this user: " + locked);
    assertNoDataDirectory(locked.resolve("data"), "may not be written by this user: ");
  }

  private static void assertNoDataDirectory(Path path, String reason) {
    ServiceOptions options = options(Map.of(), "--data-dir=" + path);
    String message = assertThrows(ParameterException.class, options::createDataDir).getMessage();
    String start = "--data-dir (WORKER_MANAGER_DATA_DIR) " + reason;
    assertTrue(message.startsWith(start), message);
    assertFalse(message.contains("Exception"), message);
  }

  @Test
  void onTheCommandLineACommaIsACharacter() throws Exception {
    Path file = Files.writeString(folder.resolve("a,b.json"), FILE);
    ServiceSettings settings =
        settings(
            Map.of(), "--config", "t=" + file, "--queue-argument", "replies:x-a=b,c", "--tenant=d");
    assertEquals(Set.of("t"), settings.configurations().keySet());
    assertEquals(
        List.of(new QueueArgument(QueueArgument.Kind.REPLIES, "x-a", "b,c")),
        settings.amqp().queueArguments());
  }

  @Test
  void oneTenantHasOneFile() throws Exception {
    Path file = Files.writeString(folder.resolve("c.json"), FILE);
    String message = refusal(Map.of(), "--config", "t=" + file, "--config", "t=" + file);
    assertTrue(message.contains("--config") && message.contains("twice"), message);
  }

  @Test
  void everyErrorOfAConfigurationFileIsInTheRefusal() throws Exception {
    Path file = folder.resolve("c.json");
    Files.writeString(
        file,
        FILE.replace("[]}", "[{\"key\":\"k1\",\"value\":{}},{\"key\":\"k2\",\"value\":{}}]}"));
    String message = refusal(Map.of(), "--config", "t=" + file);
    assertTrue(message.contains("k1") && message.contains("k2"), message);
  }
}
