package org.workermanager.app.chaos;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What has to be on this machine.
 *
 * @param asPostgres what a command of PostgreSQL must begin with here: it does not run as root
 */
record Prerequisites(
    Path managerJar,
    Path rabbitMqServer,
    Path rabbitMqCtl,
    Path epmd,
    Path initDb,
    Path pgCtl,
    List<String> asPostgres) {

  private static final String POSTGRES = "postgres";

  /** Collects what is missing, so that all of it is said at once. */
  private static final class Search {

    private final List<String> missing = new ArrayList<>();

    Path program(String name, String what, List<Path> folders) {
      Optional<Path> found =
          folders.stream()
              .map(folder -> folder.resolve(name))
              .filter(Files::isExecutable)
              .findFirst();
      if (found.isEmpty()) {
        missing.add(
            "%s (%s) is neither on the PATH nor in %s".formatted(name, what, folders.get(0)));
      }
      return found.orElse(null);
    }
  }

  /** Looks for all of it. */
  static Prerequisites find(Path managerJar) throws IOException, MissingException {
    Search search = new Search();
    if (!Files.isReadable(managerJar)) {
      search.missing.add(
          managerJar.toAbsolutePath() + " is not there: mvn -DskipTests package makes it");
    }
    // Debian's wrapper on the PATH changes the user: what it wraps comes first
    List<Path> rabbitMq = andPath(List.of(Path.of("/usr/lib/rabbitmq/bin")));
    List<Path> postgreSql = andPath(postgreSqlFolders());
    Path server = search.program("rabbitmq-server", "RabbitMQ", rabbitMq);
    Path ctl = search.program("rabbitmqctl", "RabbitMQ", rabbitMq);
    Path epmd = search.program("epmd", "Erlang", andPath(List.of(Path.of("/usr/bin"))));
    Path initDb = search.program("initdb", "PostgreSQL", postgreSql);
    Path pgCtl = search.program("pg_ctl", "PostgreSQL", postgreSql);
    List<String> asPostgres = List.of();
    if (isRoot()) {
      Path runUser = search.program("runuser", "util-linux", andPath(List.of(Path.of("/sbin"))));
      asPostgres = List.of(String.valueOf(runUser), "-u", POSTGRES, "--");
    }
    if (!search.missing.isEmpty()) {
      throw new MissingException(search.missing);
    }
    return new Prerequisites(
        managerJar.toAbsolutePath(), server, ctl, epmd, initDb, pgCtl, asPostgres);
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static List<Path> andPath(List<Path> folders) {
    List<Path> all = new ArrayList<>(folders);
    Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(Path::of)
        .forEach(all::add);
    return all;
  }

  /** Debian keeps its programs off the PATH; the newest version first. */
  private static List<Path> postgreSqlFolders() throws IOException {
    Path root = Path.of("/usr/lib/postgresql");
    List<Path> versions = new ArrayList<>();
    if (Files.isDirectory(root)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, "[0-9]*")) {
        folders.forEach(versions::add);
      }
    }
    versions.sort(
        Comparator.comparingInt((Path folder) -> folder.getFileName().toString().length())
            .thenComparing(folder -> folder.getFileName().toString())
            .reversed());
    return versions.isEmpty()
        ? List.of(root.resolve("*/bin"))
        : versions.stream().map(folder -> folder.resolve("bin")).toList();
  }

  /** The same, with the managers' program there. */
  Prerequisites withManager(Path jar) {
    return new Prerequisites(jar, rabbitMqServer, rabbitMqCtl, epmd, initDb, pgCtl, asPostgres);
  }

  /** Gives a folder to the user that PostgreSQL runs as. */
  void giveToPostgres(Path folder) throws IOException {
    if (!asPostgres.isEmpty()) {
      Files.setOwner(
          folder,
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(POSTGRES));
    }
  }
}
