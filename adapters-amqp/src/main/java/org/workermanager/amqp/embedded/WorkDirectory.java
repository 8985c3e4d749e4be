package org.workermanager.amqp.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The directory of one running broker, locked so that no second one, of any process, uses it. */
final class WorkDirectory implements AutoCloseable {

  private final Path path;
  private final FileChannel lockFile;

  private WorkDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  static WorkDirectory open(Path directory) {
    try {
      Path path = Files.createDirectories(directory.toAbsolutePath());
      FileChannel lockFile =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(lockFile)) {
        lockFile.close();
        throw new EmbeddedBrokerException(
            "Another embedded broker is using " + path + ": stop it, or use another directory");
      }
      return new WorkDirectory(path, lockFile);
    } catch (AccessDeniedException e) {
      throw new EmbeddedBrokerException(
          "The embedded broker cannot use "
              + directory
              + ": this user may not write "
              + e.getFile(),
          e);
    } catch (FileAlreadyExistsException e) {
      throw new EmbeddedBrokerException(
          "The embedded broker cannot use " + directory + ": it is a file, not a folder", e);
    } catch (IOException e) {
      throw new EmbeddedBrokerException(
          "The embedded broker cannot use " + directory + ": " + e.getMessage(), e);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw new EmbeddedBrokerException(
          "The embedded broker cannot unlock " + path + ": " + e.getMessage(), e);
    }
  }

  private static boolean lock(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
