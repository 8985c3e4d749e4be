package org.workermanager.app.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A RabbitMQ node of this program's own, which touches no other one on this machine: it even has a
 * port mapper (epmd) of its own.
 */
final class OwnRabbitMq implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration ORDERLY_END = Duration.ofSeconds(15);

  private final Prerequisites programs;
  private final Path folder;
  private final Path log;
  private final int port;
  private final Map<String, String> environment = new HashMap<>();
  private Process portMapper;
  private Process server;
  private boolean closed;

  /** One that is still to be {@linkplain #start started}, with all of its files in this folder. */
  OwnRabbitMq(Prerequisites programs, Path folder) throws IOException {
    this.programs = programs;
    this.folder = Files.createDirectories(folder);
    this.log = folder.resolve("output.log");
    this.port = OwnProcess.freePort();
    Path configuration = folder.resolve("rabbitmq.conf");
    Files.writeString(configuration, "listeners.tcp.local = 127.0.0.1:" + port + "\n");
    Path plugins = folder.resolve("enabled_plugins");
    Files.writeString(plugins, "[].\n");
    int portMapperPort = OwnProcess.freePort();
    environment.put("HOME", folder.toString());
    environment.put("ERL_EPMD_PORT", Integer.toString(portMapperPort));
    environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
    environment.put("ERL_FLAGS", "-kernel inet_dist_use_interface {127,0,0,1}");
    environment.put("RABBITMQ_CONF_ENV_FILE", folder.resolve("none").toString());
    environment.put("RABBITMQ_CONFIG_FILE", configuration.toString());
    environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", plugins.toString());
    environment.put("RABBITMQ_NODENAME", "chaos@localhost");
    environment.put("RABBITMQ_DIST_PORT", Integer.toString(OwnProcess.freePort()));
    environment.put("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString());
    environment.put("RABBITMQ_LOG_BASE", folder.toString());
    environment.put("RABBITMQ_PID_FILE", folder.resolve("pid").toString());
  }

  /** Starts it, and waits until it has the protocol's virtual host. */
  void start() throws Exception {
    startProcesses();
    Patience.require(
        "The start of RabbitMQ (see " + log + ")", PATIENCE, () -> tell("await_startup"));
    order("add_vhost", Wire.VIRTUAL_HOST);
    order("set_permissions", "-p", Wire.VIRTUAL_HOST, "guest", ".*", ".*", ".*");
  }

  private synchronized void startProcesses() throws IOException {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    portMapper = OwnProcess.start(folder, log, environment, List.of(programs.epmd().toString()));
    server =
        OwnProcess.start(folder, log, environment, List.of(programs.rabbitMqServer().toString()));
  }

  int port() {
    return port;
  }

  void stopApplication() throws Exception {
    order("stop_app");
  }

  void startApplication() throws Exception {
    order("start_app");
  }

  /** Has it find that it uses too much memory, until {@link #endAlarm}. */
  void alarm() throws Exception {
    order("set_vm_memory_high_watermark", "0");
  }

  void endAlarm() throws Exception {
    order("set_vm_memory_high_watermark", "0.4");
  }

  /** Has it stand still until {@link #resume}. */
  void pause() throws IOException, InterruptedException {
    OwnProcess.signal("STOP", pid());
  }

  void resume() throws IOException, InterruptedException {
    OwnProcess.signal("CONT", pid());
  }

  private long pid() throws IOException {
    return Long.parseLong(Files.readString(folder.resolve("pid")).strip());
  }

  /** Its queues, with what is in them. */
  List<String> queues() throws Exception {
    Path listing = Files.createTempFile(folder, "queues", ".txt");
    List<String> command =
        command(
            "--no-table-headers",
            "-p",
            Wire.VIRTUAL_HOST,
            "list_queues",
            "name",
            "messages_ready",
            "messages_unacknowledged",
            "consumers");
    OwnProcess.run(folder, listing, environment, command, PATIENCE);
    List<String> queues = Files.readAllLines(listing);
    Files.delete(listing);
    return queues;
  }

  private void order(String... words) throws Exception {
    if (!tell(words)) {
      throw new IllegalStateException(
          "rabbitmqctl %s failed, see %s".formatted(String.join(" ", words), log));
    }
  }

  private boolean tell(String... words) throws IOException, InterruptedException {
    return OwnProcess.run(folder, log, environment, command(words), PATIENCE);
  }

  private List<String> command(String... words) {
    List<String> command = new ArrayList<>(List.of(programs.rabbitMqCtl().toString(), "-q"));
    command.addAll(List.of(words));
    return command;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (server == null) {
      return;
    }
    try {
      if (server.isAlive() && Files.exists(folder.resolve("pid"))) {
        resume();
        OwnProcess.signal("TERM", pid());
        server.waitFor(ORDERLY_END.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    OwnProcess.killAll(server);
    OwnProcess.killAll(portMapper);
  }
}
