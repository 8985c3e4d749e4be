package org.workermanager.app.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workermanager.amqp.embedded.EmbeddedBroker;
import org.workermanager.app.embedded.EmbeddedBrokers;

/** The packaged program with a broker that speaks TLS. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SecureBrokerIT {

  @TempDir private Path folder;

  private static String uri(TlsFront front) {
    return "amqps://guest:guest@localhost:" + front.port() + "/v";
  }

  @ParameterizedTest
  @EnumSource(Packaging.class)
  void servesWhenItsAuthorityIsNamed(Packaging packaging) throws Exception {
    EmbeddedBroker broker = EmbeddedBrokers.start(0, "v", folder.resolve("broker"));
    try (TlsFront front = new TlsFront(broker.port(), new CountDownLatch(1));
        RunningProgram program =
            packaging.start(
                folder,
                "run",
                "--http=off",
                "--amqp-uri-file=" + Files.writeString(folder.resolve("uri"), uri(front)),
                "--amqp-ca=" + front.certificate(folder.resolve("ca.pem")))) {
      program.awaitLine("Ready: broker localhost:" + front.port());
      program.assertStops();
    } finally {
      broker.close();
    }
  }

  @Test
  void saysOnceWhyNotHoweverOftenItTries() throws Exception {
    EmbeddedBroker broker = EmbeddedBrokers.start(0, "v", folder.resolve("broker"));
    CountDownLatch tried = new CountDownLatch(4);
    try (TlsFront front = new TlsFront(broker.port(), tried);
        RunningProgram program =
            Packaging.JAR.start(folder, List.of("run", "--http=off", "--amqp-uri", uri(front)))) {
      String said = program.awaitError(" WARN ");
      assertTrue(said.contains("its certificate was issued by CN=front, whom nobody"), said);
      assertTrue(said.contains("--amqp-ca FILE"), said);
      assertTrue(tried.await(60, TimeUnit.SECONDS), "it goes on trying");
      program.assertStops();
      String err = program.err().text();
      assertEquals(1, err.lines().filter(line -> !line.contains(" INFO ")).count(), err);
    } finally {
      broker.close();
    }
  }
}
