package org.workermanager.app.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.app.embedded.EmbeddedBrokers;

/**
 * The program as a process, with everything logged that anything in it has to say, and with
 * whatever may go wrong about its credentials: nothing that comes out has one in it.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CredentialsIT {

  /** Part of every secret here, and of nothing else. */
  private static final String MARK = "q7x";

  private static final String AMQP_LOGIN = "me:q7x%40amqp%3Apassword@";
  private static final String DB_PASSWORD = "q7x db password";
  private static final String TOKEN = "q7x-0123456789-token";

  private static final String LOG_EVERYTHING =
      """
      <configuration>
        <appender name="stderr" class="ch.qos.logback.core.ConsoleAppender">
          <target>System.err</target>
          <encoder><pattern>%level [%thread] %logger %msg%n%ex</pattern></encoder>
        </appender>
        <root level="TRACE"><appender-ref ref="stderr"/></root>
      </configuration>""";

  @TempDir private Path folder;

  /** All secrets are in files, none on the command line. */
  private RunningProgram run(String uri, String jdbcUrl, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--http=127.0.0.1:0",
                "--http-token-file=" + file("tokens", "admin=" + TOKEN),
                "--amqp-uri-file=" + file("uri", uri),
                "--db-user=me",
                "--db-password-file=" + file("password", DB_PASSWORD)));
    arguments.addAll(List.of(more));
    return start(Map.of("WORKER_MANAGER_JDBC_URL", jdbcUrl), arguments);
  }

  private RunningProgram start(Map<String, String> environment, List<String> arguments)
      throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    Path logging = Files.writeString(folder.resolve("logback.xml"), LOG_EVERYTHING);
    all.put("JDK_JAVA_OPTIONS", "-Dlogback.configurationFile=" + logging);
    List<String> command = new ArrayList<>(Packaging.JAR.command());
    command.addAll(arguments);
    return RunningProgram.start(folder, all, command);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text + "\n");
  }

  /** What others on the machine, and operators, can see of it while it runs. */
  private static void assertShowsNoSecret(RunningProgram program) throws Exception {
    String asInListOfProcesses = program.process().toHandle().info().commandLine().orElseThrow();
    assertTrue(asInListOfProcesses.contains("--http-token-file"), asInListOfProcesses);
    assertHasNoSecret(asInListOfProcesses);
    String pid = Long.toString(program.process().pid());
    for (String question : List.of("Thread.print", "VM.command_line", "VM.system_properties")) {
      assertHasNoSecret(output(jdkTool("jcmd"), pid, question));
    }
    assertHasNoSecret(program.printed());
  }

  private static String jdkTool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private static void assertHasNoSecret(String text) {
    int at = text.indexOf(MARK);
    assertTrue(
        at < 0, () -> text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 100)));
  }

  private static void assertEndsWithoutSecret(RunningProgram program, int exitCode)
      throws InterruptedException {
    program.assertEnds(exitCode);
    assertHasNoSecret(program.printed());
  }

  private static void assertStopsWithoutSecret(RunningProgram program) throws InterruptedException {
    program.assertStops();
    assertTrue(program.err().text().contains("DEBUG"), "it logs everything");
    assertHasNoSecret(program.printed());
  }

  private static HttpResponse<String> call(String url, String path, String token) throws Exception {
    HttpRequest call =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", "Bearer " + token)
            .build();
    HttpResponse<String> response = HttpClient.newHttpClient().send(call, BodyHandlers.ofString());
    assertHasNoSecret(response.headers().toString() + response.body());
    return response;
  }

  @Test
  void aBrokerThatRefusesTheLogin() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBrokers.start(0, "v", folder.resolve("broker"));
        RunningProgram program =
            run("amqp://" + AMQP_LOGIN + "127.0.0.1:" + broker.port() + "/v", "jdbc:h2:mem:x")) {
      program.awaitError("it refuses the login");
      assertShowsNoSecret(program);
      assertStopsWithoutSecret(program);
    }
  }

  @Test
  void aBrokerThatIsNotThere() throws Exception {
    try (RunningProgram program = run("amqps://" + AMQP_LOGIN + "b.invalid/v", "jdbc:h2:mem:x")) {
      program.awaitError("its host is unknown");
      assertStopsWithoutSecret(program);
    }
  }

  @Test
  void aBrokerWithoutTls() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBrokers.start(0, "v", folder.resolve("broker"));
        RunningProgram program =
            run("amqps://" + AMQP_LOGIN + "127.0.0.1:" + broker.port() + "/v", "jdbc:h2:mem:x")) {
      program.awaitError("does not speak TLS");
      assertStopsWithoutSecret(program);
    }
  }

  @Test
  void aDatabaseThatIsNotThere() throws Exception {
    String url = "jdbc:postgresql://127.0.0.1:1/name?user=me&password=q7x-url&sslpassword=q7x-key";
    try (RunningProgram program = run("amqp://" + AMQP_LOGIN + "127.0.0.1:1/v", url)) {
      program.awaitError("nothing answers there: start the database");
      assertShowsNoSecret(program);
      assertStopsWithoutSecret(program);
    }
  }

  @Test
  void aDatabaseThatRefusesTheLogin() throws Exception {
    try (RefusingDatabase database = new RefusingDatabase()) {
      for (String url : List.of(database.url(), database.url() + "?user=me&password=q7x-url")) {
        try (RunningProgram program = run("amqp://" + AMQP_LOGIN + "127.0.0.1:1/v", url)) {
          program.awaitError("it refuses the login: check user and password");
          assertStopsWithoutSecret(program);
        }
      }
    }
  }

  @Test
  void anEmbeddedDatabaseOfSomebodyElse() throws Exception {
    String url = "jdbc:h2:file:" + folder.resolve("database");
    String uri = "amqp://" + AMQP_LOGIN + "127.0.0.1:1/v";
    try (RunningProgram program = run(uri, url)) {
      program.awaitError("nothing accepts connections there");
      assertStopsWithoutSecret(program);
    }
    Map<String, String> another =
        Map.of(
            "WORKER_MANAGER_AMQP_URI",
            uri,
            "WORKER_MANAGER_JDBC_URL",
            url,
            "WORKER_MANAGER_DB_USER",
            "another",
            "WORKER_MANAGER_DB_PASSWORD",
            "q7x-another");
    try (RunningProgram program = start(another, List.of("run", "--http=off"))) {
      program.awaitError("it refuses the login: check user and password");
      assertStopsWithoutSecret(program);
    }
    try (RunningProgram program = run(uri, url + ";NO_SUCH_SETTING=1;PASSWORD=q7x")) {
      assertEndsWithoutSecret(program, 2);
    }
  }

  @Test
  void callsThatAreRefusedOrFail() throws Exception {
    EmbeddedBroker broker = EmbeddedBrokers.start(0, "v", folder.resolve("broker"));
    try (RunningProgram program = run(broker.uri(), "jdbc:h2:mem:x", "--tenant=t1")) {
      String ready = program.awaitLine("Ready");
      String url = ready.substring(ready.indexOf("; HTTP ") + "; HTTP ".length());
      assertEquals(200, call(url, "/tenants", TOKEN).statusCode());
      assertEquals(401, call(url, "/tenants", TOKEN + "-wrong").statusCode());
      assertEquals(404, call(url, "/nothing?token=" + TOKEN, TOKEN).statusCode());
      assertEquals(400, call(url, "/workers?token=" + TOKEN, TOKEN).statusCode());
      broker.close();
      program.awaitError("nothing accepts connections there");
      call(url, "/requests/1?scope=t1", TOKEN);
      assertShowsNoSecret(program);

      String right = "--token-file=" + file("token", TOKEN);
      String wrong = "--token-file=" + file("wrong token", TOKEN + "-wrong");
      ask(0, "tenants", "list", "--url=" + url, right);
      ask(2, "tenants", "list", "--url=" + url, wrong);
      ask(3, "tenants", "list", "--url=http://127.0.0.1:1", right);
      assertStopsWithoutSecret(program);
    }
  }

  private void ask(int exitCode, String... arguments) throws Exception {
    try (RunningProgram command = start(Map.of(), List.of(arguments))) {
      assertEndsWithoutSecret(command, exitCode);
      assertFalse(command.printed().isBlank());
    }
  }
}
