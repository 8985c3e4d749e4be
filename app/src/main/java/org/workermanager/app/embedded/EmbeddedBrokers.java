package org.workermanager.app.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.amqp.embedded.EmbeddedBrokerException;
import org.workermanager.amqp.embedded.PortInUseException;

/** Finds the embedded broker's classes, and a port for it. */
public final class EmbeddedBrokers {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBrokers.class);

  private static final String BROKER_CLASS = "org.apache.qpid.server.SystemLauncher";
  private static final int PORTS_TRIED = 100;

  private EmbeddedBrokers() {}

  /**
   * Starts a broker on this port or, when that is taken, on the next free one, and says so.
   *
   * @param port 0 for any free one
   * @param folder for the broker's files
   * @throws EmbeddedBrokerException when it does not start
   */
  public static EmbeddedBroker start(int port, String virtualHost, Path folder) {
    ClassLoader classes = classes();
    for (int candidate = port; ; candidate++) {
      try {
        EmbeddedBroker broker = EmbeddedBroker.start(classes, candidate, virtualHost, folder);
        if (port != 0 && candidate != port) {
          LOG.info("Port {} is taken: the embedded broker listens on {}", port, broker.port());
        }
        return broker;
      } catch (PortInUseException e) {
        if (candidate == port + PORTS_TRIED || candidate == 65_535) {
          throw e;
        }
      }
    }
  }

  /**
   * In the standalone jar they are on the class path; in the distribution, where they may not be,
   * in a folder.
   */
  private static ClassLoader classes() {
    ClassLoader own = EmbeddedBrokers.class.getClassLoader();
    try {
      Class.forName(BROKER_CLASS, false, own);
      return own;
    } catch (ClassNotFoundException e) {
      return new URLClassLoader("embedded broker", jars(), own);
    }
  }

  private static URL[] jars() {
    try {
      Path app =
          Path.of(
              EmbeddedBrokers.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.list(app.resolveSibling("embedded"))) {
        return files
            .filter(file -> file.toString().endsWith(".jar"))
            .map(EmbeddedBrokers::url)
            .toArray(URL[]::new);
      }
    } catch (IOException | URISyntaxException e) {
      throw new EmbeddedBrokerException(
          "The embedded broker is not in this installation: " + e.getMessage(), e);
    }
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
