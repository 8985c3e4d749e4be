package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Bytes to a server, and what comes back until it closes the connection. */
final class RawCall {

  private static final int PATIENCE_MILLIS = 60_000;

  private RawCall() {}

  /** Writes what a client library would not let one write. */
  interface Writer {
    void write(OutputStream out) throws IOException;
  }

  /** Lines end in |. */
  static String send(InetSocketAddress address, String text) throws IOException {
    return send(address, out -> out.write(text.replace("|", "\r\n").getBytes(ISO_8859_1)));
  }

  static String send(InetSocketAddress address, Writer writer) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      writer.write(socket.getOutputStream());
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  /** Of the first answer in what came back. */
  static int status(String answer) {
    return Integer.parseInt(answer.split(" ")[1]);
  }
}
