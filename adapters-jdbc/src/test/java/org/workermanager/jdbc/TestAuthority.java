package org.workermanager.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority that a test makes for itself, with Java's keytool. */
final class TestAuthority {

  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path keys;
  private final String name;

  /**
   * @param folder for its files, and those of what it certifies
   * @param from when it begins to be valid, such as {@code -2d}
   */
  TestAuthority(Path folder, String name, String from, int days) throws Exception {
    this(folder, name, from, days, "bc:c", "san=dns:localhost");
  }

  TestAuthority(Path folder, String name, String from, int days, String... extensions)
      throws Exception {
    this.folder = folder;
    this.name = name;
    keys = folder.resolve(name + ".p12");
    List<String> arguments =
        new ArrayList<>(List.of("-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name));
    arguments.addAll(List.of("-startdate", from, "-validity", Integer.toString(days)));
    for (String extension : extensions) {
      arguments.addAll(List.of("-ext", extension));
    }
    keytool(keys, arguments.toArray(String[]::new));
  }

  /** Its certificate in a file of its own, in PEM. */
  Path pem() throws Exception {
    return Files.writeString(folder.resolve(name + ".pem"), pem(load(keys).getCertificate(name)));
  }

  static String pem(Certificate certificate) throws Exception {
    String text = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
    return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
  }

  /**
   * A server with a new certificate from this authority.
   *
   * @param names for whom, as in {@code dns:localhost,ip:127.0.0.1}
   * @param from when it begins to be valid, such as {@code -2d}
   */
  SSLContext server(String names, String from, int days) throws Exception {
    Path serverKeys = Files.createTempFile(folder, "server", ".p12");
    Files.delete(serverKeys);
    Path wanted = folder.resolve("wanted");
    Path given = folder.resolve("given");
    keytool(serverKeys, "-genkeypair", "-keyalg", "EC", "-dname", "CN=broker");
    keytool(serverKeys, "-certreq", "-file", wanted.toString());
    keytool(
        keys,
        "-gencert",
        "-infile",
        wanted.toString(),
        "-outfile",
        given.toString(),
        "-ext",
        "san=" + names,
        "-startdate",
        from,
        "-validity",
        Integer.toString(days));
    KeyStore server = load(serverKeys);
    Key key = server.getKey(name, PASSWORD.toCharArray());
    try (InputStream certificate = Files.newInputStream(given)) {
      server.setKeyEntry(
          name,
          key,
          PASSWORD.toCharArray(),
          new Certificate[] {
            CertificateFactory.getInstance("X.509").generateCertificate(certificate),
            load(keys).getCertificate(name)
          });
    }
    return server(server);
  }

  /** A server whose certificate is the authority's own. */
  SSLContext server() throws Exception {
    return server(load(keys));
  }

  private static SSLContext server(KeyStore store) throws Exception {
    KeyManagerFactory manager = KeyManagerFactory.getInstance("PKIX");
    manager.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(manager.getKeyManagers(), null, null);
    return context;
  }

  private static KeyStore load(Path file) throws Exception {
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private void keytool(Path store, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", name, "-keystore", store.toString(), "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
