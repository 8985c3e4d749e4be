package org.workermanager.amqp;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Stands between a client and a broker, and does to their connections what RabbitMQ does when it is
 * short of memory or disk space: from the first message on that a client publishes, it reads
 * nothing more from that one, and tells it so. It can also vanish, as a machine does whose power is
 * cut: nothing passes any more, and nobody is told.
 */
public final class AlarmedProxy implements AutoCloseable {

  static final String REASON = "low on memory";

  private static final int PROTOCOL_HEADER = 8;
  private static final int FRAME_HEADER = 7;
  private static final int METHOD = 1;
  private static final int FRAME_END = 0xCE;
  private static final int BASIC_PUBLISH = 60 << 16 | 40;
  private static final int CONNECTION_TUNE = 10 << 16 | 30;
  private static final int TUNE_LENGTH = 4 + 2 + 4 + 2;
  private static final int CONNECTION_BLOCKED = 10 << 16 | 60;
  private static final int CONNECTION_UNBLOCKED = 10 << 16 | 61;

  private final URI target;
  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Set<Socket> vanished = new HashSet<>();
  private boolean alarmed;
  private boolean fast;
  private int blocked;

  public AlarmedProxy(String targetUri) throws IOException {
    target = URI.create(targetUri);
    daemon(this::accept);
  }

  /** The target's URI, by way of this proxy. */
  public String uri() {
    return target.toString().replace(":" + target.getPort(), ":" + server.getLocalPort());
  }

  public synchronized void alarm() {
    alarmed = true;
  }

  public synchronized void endAlarm() {
    alarmed = false;
    notifyAll();
  }

  /**
   * On connections made from now on it takes 1 s, instead of 10 s, until a heartbeat is missing.
   */
  public synchronized void beatFast() {
    fast = true;
  }

  /** Nothing passes any more on the connections there are; new ones can be made. Ends an alarm. */
  public synchronized void vanish() {
    vanished.addAll(sockets);
    endAlarm();
  }

  /** Waits until so many connections are blocked. */
  public synchronized void awaitBlocked(int connections) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (blocked < connections) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("Nothing was published while the alarm was on");
      }
      wait(left);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = server.accept();
        Socket broker = new Socket(target.getHost(), target.getPort());
        sockets.addAll(List.of(client, broker));
        daemon(() -> pass(client, broker, true));
        daemon(() -> pass(broker, client, false));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pass(Socket from, Socket to, boolean published) throws IOException {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      if (published) {
        to.getOutputStream().write(in.readNBytes(PROTOCOL_HEADER));
      }
      while (true) {
        byte[] frame = next(in, from);
        if (published && isPublish(frame)) {
          waitOutAlarm(from);
        }
        write(frame, to);
      }
    }
  }

  private byte[] next(DataInputStream in, Socket from) throws IOException {
    try {
      byte[] frame = frame(in);
      return fast && isTune(frame) ? withHeartbeatOfASecond(frame) : frame;
    } finally {
      // also of the end, for the broker notices before
      awaitPresence(from);
    }
  }

  private synchronized void awaitPresence(Socket socket) throws IOException {
    try {
      while (vanished.contains(socket)) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /** A whole frame at a time: also what is said of the alarm goes to the client. */
  private static void write(byte[] frame, Socket to) throws IOException {
    synchronized (to) {
      to.getOutputStream().write(frame);
    }
  }

  private static byte[] frame(DataInputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream copy = new DataOutputStream(bytes);
    copy.writeByte(in.readUnsignedByte());
    copy.writeShort(in.readUnsignedShort());
    int size = in.readInt();
    copy.writeInt(size);
    copy.write(in.readNBytes(size + 1));
    return bytes.toByteArray();
  }

  private static boolean isPublish(byte[] frame) {
    return frame[0] == METHOD && ByteBuffer.wrap(frame).getInt(FRAME_HEADER) == BASIC_PUBLISH;
  }

  private static boolean isTune(byte[] frame) {
    return frame[0] == METHOD && ByteBuffer.wrap(frame).getInt(FRAME_HEADER) == CONNECTION_TUNE;
  }

  private static byte[] withHeartbeatOfASecond(byte[] tune) {
    return ByteBuffer.wrap(tune).putShort(FRAME_HEADER + TUNE_LENGTH - 2, (short) 1).array();
  }

  private void waitOutAlarm(Socket publisher) throws IOException {
    synchronized (this) {
      if (!alarmed) {
        return;
      }
    }
    write(frame(CONNECTION_BLOCKED, REASON), publisher);
    synchronized (this) {
      blocked++;
      notifyAll();
      while (alarmed || vanished.contains(publisher)) {
        try {
          wait();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      blocked--;
    }
    write(frame(CONNECTION_UNBLOCKED, ""), publisher);
  }

  private static byte[] frame(int method, String argument) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream frame = new DataOutputStream(bytes);
    frame.writeByte(METHOD);
    frame.writeShort(0);
    frame.writeInt(4 + (argument.isEmpty() ? 0 : 1 + argument.length()));
    frame.writeInt(method);
    if (!argument.isEmpty()) {
      frame.writeByte(argument.length());
      frame.writeBytes(argument);
    }
    frame.writeByte(FRAME_END);
    return bytes.toByteArray();
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void daemon(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // closed
              }
            },
            "alarmed proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      vanished.clear();
      endAlarm();
    }
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
