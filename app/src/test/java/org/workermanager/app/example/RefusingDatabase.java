package org.workermanager.app.example;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** What PostgreSQL says to whom it does not let in, after it has asked for the password. */
final class RefusingDatabase implements AutoCloseable {

  private static final int TLS_WANTED = 80877103;
  private static final int PASSWORD_WANTED = 3;

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));

  RefusingDatabase() throws IOException {
    Thread thread = new Thread(this::accept, "database that refuses");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + server.getLocalPort() + "/name";
  }

  private void accept() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        refuse(client);
      } catch (IOException e) {
        // it is gone
      }
    }
  }

  private static void refuse(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    DataOutputStream out = new DataOutputStream(client.getOutputStream());
    int length = in.readInt();
    int request = in.readInt();
    if (request == TLS_WANTED) {
      out.write('N');
      length = in.readInt();
      in.readInt();
    }
    in.readNBytes(length - 8);
    out.write('R');
    out.writeInt(8);
    out.writeInt(PASSWORD_WANTED);
    in.read();
    in.readNBytes(in.readInt() - 4);
    ByteArrayOutputStream error = new ByteArrayOutputStream();
    for (String field : new String[] {"SFATAL", "C28P01", "Mpassword authentication failed"}) {
      error.write((field + "\0").getBytes(US_ASCII));
    }
    out.write('E');
    out.writeInt(4 + error.size() + 1);
    out.write(error.toByteArray());
    out.write(0);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
