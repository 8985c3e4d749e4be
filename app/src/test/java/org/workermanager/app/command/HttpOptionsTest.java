package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workermanager.app.http.AccessToken;
import org.workermanager.app.http.HttpSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** What flags, environment and defaults come to. */
class HttpOptionsTest {

  private static final String OPERATOR = "operator=0123456789abcdef";
  private static final String ADMIN = "admin=-._~0123456789ABCDEF";

  @TempDir private Path folder;

  @Command(name = "test")
  private static final class Holder {
    @Mixin private HttpOptions options;
  }

  private static Optional<HttpSettings> settings(
      Map<String, String> environment, String... arguments) {
    Holder holder = new Holder();
    CommandLine commandLine = new CommandLine(holder);
    commandLine.setDefaultValueProvider(new EnvironmentDefaults(environment));
    commandLine.parseArgs(arguments);
    return holder.options.settings();
  }

  private static List<AccessToken> tokens(Map<String, String> environment, String... arguments) {
    return settings(environment, arguments).orElseThrow().tokens();
  }

  private static String refusal(Map<String, String> environment, String... arguments) {
    return assertThrows(ParameterException.class, () -> settings(environment, arguments))
        .getMessage();
  }

  @Test
  void withoutAnythingSaidItIsThisMachineOnly() {
    HttpSettings settings = settings(Map.of()).orElseThrow();
    assertEquals("/127.0.0.1:8085", settings.address().toString());
    assertEquals(List.of(), settings.tokens());
  }

  @Test
  void itCanBeOff() {
    assertEquals(Optional.empty(), settings(Map.of(), "--http=off"));
    assertEquals(Optional.empty(), settings(Map.of("WORKER_MANAGER_HTTP", "off")));
    assertTrue(settings(Map.of("WORKER_MANAGER_HTTP", "off"), "--http=[::1]:0").isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:1, 1",
    "127.1.2.3:0, 0",
    "[::1]:65535, 65535",
    "[0:0:0:0:0:0:0:1]:8085, 8085"
  })
  void loopbackAddressesNeedNoToken(String address, int port) {
    HttpSettings settings = settings(Map.of(), "--http=" + address).orElseThrow();
    assertEquals(port, settings.address().getPort());
    assertTrue(settings.address().getAddress().isLoopbackAddress());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:8085", "[::]:8085", "192.0.2.1:8085", "[2001:db8::1]:1"})
  void otherAddressesNeedTokens(String address) {
    String message = refusal(Map.of(), "--http=" + address);
    assertTrue(
        message.startsWith("--http (WORKER_MANAGER_HTTP) ") && message.contains("--http-token"),
        message);
    assertEquals(1, tokens(Map.of(), "--http=" + address, "--http-token=" + OPERATOR).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8085",
        "localhost",
        ":8085",
        "localhost:",
        "localhost:x",
        "localhost:-1",
        "localhost:65536",
        "localhost:999999",
        "::1:8085",
        "[::1]",
        "[localhost]:1",
        "http://localhost:8085",
        "OFF",
        "a b:1",
        "no-such-host.invalid:8085"
      })
  void whatIsNoAddressIsRefused(String address) {
    for (String message :
        List.of(
            refusal(Map.of(), "--http=" + address),
            refusal(Map.of("WORKER_MANAGER_HTTP", address)))) {
      assertTrue(message.startsWith("--http (WORKER_MANAGER_HTTP) "), message);
      assertTrue(message.contains(address.replaceAll(":\\d+$", "")), message);
      assertFalse(message.contains("Exception"), message);
    }
  }

  @Test
  void tokensComeFromEverywhere() throws Exception {
    Path file =
        Files.writeString(folder.resolve("tokens"), "# ours\n\n  " + ADMIN + "  \n" + OPERATOR);
    List<AccessToken> both = List.of(AccessToken.parse(OPERATOR), AccessToken.parse(ADMIN));
    assertEquals(both, tokens(Map.of(), "--http-token", OPERATOR, "--http-token", ADMIN), "flags");
    assertEquals(both, tokens(Map.of("WORKER_MANAGER_HTTP_TOKENS", OPERATOR + "," + ADMIN)));
    assertEquals(
        both.subList(1, 2),
        tokens(Map.of("WORKER_MANAGER_HTTP_TOKENS", OPERATOR), "--http-token=" + ADMIN),
        "the flag goes first");
    List<AccessToken> ofFile = List.of(both.get(1), both.get(0));
    assertEquals(ofFile, tokens(Map.of(), "--http-token-file=" + file));
    assertEquals(ofFile, tokens(Map.of("WORKER_MANAGER_HTTP_TOKEN_FILE", file.toString())));
    assertEquals(
        3, tokens(Map.of(), "--http-token-file=" + file, "--http-token=" + OPERATOR).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret-secret-secret",
        "=secret-secret-secret",
        "root=secret-secret-secret",
        "Admin=secret-secret-secret",
        "admin=secret-too-shor",
        "admin=",
        "admin=secret secret secret",
        "admin=secret/secret+secret",
        "admin=sécret-secret-secret",
        "admin",
        ""
      })
  void whatIsNoTokenIsRefusedWithoutBeingTold(String token) throws Exception {
    Path file = Files.writeString(folder.resolve("tokens"), OPERATOR + "\n" + token + "\n");
    String flag = refusal(Map.of(), "--http-token=" + token);
    assertTrue(flag.startsWith("--http-token (WORKER_MANAGER_HTTP_TOKENS) must"), flag);
    String variable = refusal(Map.of("WORKER_MANAGER_HTTP_TOKENS", OPERATOR + "," + token));
    assertEquals(flag, variable);
    assertFalse(flag.contains("cret"), flag);
    if (!token.isEmpty()) {
      String ofFile = refusal(Map.of(), "--http-token-file=" + file);
      assertTrue(
          ofFile.startsWith("--http-token-file (WORKER_MANAGER_HTTP_TOKEN_FILE) line 2 of"),
          ofFile);
      assertFalse(ofFile.contains("cret"), ofFile);
    }
  }

  @Test
  void aFileThatHasNoTokensIsRefused() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty"), "# none yet\n");
    for (String file : List.of(empty.toString(), folder + "/missing", folder.toString(), "a\0b")) {
      String message = refusal(Map.of(), "--http-token-file=" + file);
      assertTrue(message.startsWith("--http-token-file ") && message.contains(file), message);
    }
  }

  @Test
  void howLargeACallMayBeCanBeSet() {
    assertEquals(16 << 20, settings(Map.of()).orElseThrow().largestBody());
    assertEquals(
        500, settings(Map.of("WORKER_MANAGER_HTTP_MAX_BODY", "500")).orElseThrow().largestBody());
    assertEquals(64 << 10, settings(Map.of(), "--http-max-body=64K").orElseThrow().largestBody());
    assertEquals(
        Integer.MAX_VALUE,
        settings(Map.of(), "--http-max-body=2147483647").orElseThrow().largestBody());
    assertEquals(1 << 30, settings(Map.of(), "--http-max-body=1G").orElseThrow().largestBody());
    for (String wrong : List.of("", "0", "16MB", "2G", "-1", "2147483648", "9999999999G")) {
      assertThrows(
          ParameterException.class, () -> settings(Map.of(), "--http-max-body=" + wrong), wrong);
    }
  }
}
