package org.workermanager.app.command;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.workermanager.app.http.AccessToken;
import org.workermanager.app.http.HttpSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where operators are served over HTTP, and who they are. */
final class HttpOptions {

  private static final String OFF = "off";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8085",
      description =
          "Where operators are served over HTTP, on the next free port when taken; 'off' for nowhere (default:"
              + " ${DEFAULT-VALUE}). Others than loopback addresses need tokens.")
  private String http;

  @Option(
      names = "--http-token",
      paramLabel = "ROLE=TOKEN",
      description =
          "A token for operators (operator=...: look and retry; admin=...: also delete and configure); then none"
              + " goes without. Others can see command lines: better use --http-token-file. Repeatable.")
  private List<String> tokens = new ArrayList<>();

  @Option(
      names = "--http-token-file",
      paramLabel = "FILE",
      description = "A file with such tokens, one on a line; lines with # are comments.")
  private String tokenFile;

  @Option(
      names = "--http-max-body",
      paramLabel = "SIZE",
      defaultValue = "16M",
      converter = SizeConverter.class,
      description = "How large the body of a call may be (default: ${DEFAULT-VALUE}).")
  private int maxBody;

  /**
   * What the options come to; reads the file. Empty if nobody is served.
   *
   * @throws ParameterException if they are wrong
   */
  Optional<HttpSettings> settings() {
    List<AccessToken> all = new ArrayList<>();
    for (String token : EnvironmentDefaults.each(spec, "--http-token", tokens)) {
      all.add(token("--http-token", token, ""));
    }
    all.addAll(tokensOfFile());
    if (http.equals(OFF)) {
      return Optional.empty();
    }
    InetSocketAddress address = address();
    if (all.isEmpty() && !address.getAddress().isLoopbackAddress()) {
      throw wrong(
          "--http",
          http + " can be reached by others: give tokens with --http-token or --http-token-file");
    }
    return Optional.of(new HttpSettings(address, all, maxBody));
  }

  private InetSocketAddress address() {
    try {
      return HttpSettings.parseAddress(http);
    } catch (IllegalArgumentException e) {
      throw wrong("--http", e.getMessage());
    }
  }

  private List<AccessToken> tokensOfFile() {
    if (tokenFile == null) {
      return List.of();
    }
    List<AccessToken> found = new ArrayList<>();
    int number = 0;
    for (String line : linesOfFile()) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        found.add(token("--http-token-file", text, "line " + number + " of the file "));
      }
    }
    if (found.isEmpty()) {
      throw wrong("--http-token-file", "has no token in it: " + tokenFile);
    }
    return found;
  }

  private List<String> linesOfFile() {
    try {
      return SecretFile.lines(tokenFile);
    } catch (IllegalArgumentException e) {
      throw wrong("--http-token-file", e.getMessage());
    }
  }

  private AccessToken token(String option, String text, String where) {
    try {
      return AccessToken.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(option, where + e.getMessage());
    }
  }

  private ParameterException wrong(String option, String what) {
    return EnvironmentDefaults.wrong(spec, option, what);
  }
}
