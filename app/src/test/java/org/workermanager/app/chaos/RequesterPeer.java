package org.workermanager.app.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Submits requests in bursts, each once: one that the broker has not confirmed when the connection
 * is lost may have been accepted, or not.
 */
final class RequesterPeer extends Peer {

  private static final int LARGEST_BURST = 100;

  private final Ledger ledger;
  private final Random random;
  private final int perSecond;
  private final int mostOwed;
  private volatile boolean submitting = true;

  /**
   * @param perSecond how many requests, in the mean
   * @param mostOwed it waits while more than these are to be answered
   */
  RequesterPeer(String name, int port, Ledger ledger, Random random, int perSecond, int mostOwed) {
    super(name, port);
    this.ledger = ledger;
    this.random = random;
    this.perSecond = perSecond;
    this.mostOwed = mostOwed;
  }

  /** Submits no more, but hears what the broker confirms. */
  void endSubmitting() {
    submitting = false;
  }

  @Override
  void attend(Connection connection) throws Exception {
    Channel channel = connection.createChannel();
    Session session = new Session(channel);
    while (isOn(connection) && channel.isOpen()) {
      int burst =
          submitting && ledger.countOwed() < mostOwed ? 1 + random.nextInt(LARGEST_BURST) : 0;
      for (int i = 0; i < burst; i++) {
        session.submit(ledger.open(random));
      }
      Patience.rest(Duration.ofMillis(Math.max(10, 1_000L * burst / perSecond)));
    }
  }

  /** What it does on one connection. */
  private final class Session {

    private final Channel channel;
    private final NavigableMap<Long, Account> unconfirmed = new ConcurrentSkipListMap<>();

    /** Those that no queue took: the broker confirms them too, afterwards. */
    private final Set<String> returned = ConcurrentHashMap.newKeySet();

    Session(Channel channel) throws IOException {
      this.channel = channel;
      channel.confirmSelect();
      channel.addReturnListener(
          message ->
              returned.add(
                  String.valueOf(message.getProperties().getHeaders().get(Wire.REQUEST_ID))));
      channel.addConfirmListener(this::confirmed, (number, multiple) -> crash());
    }

    void submit(Account account) throws IOException {
      Assignment assignment = account.assignment();
      Map<String, Object> headers = new HashMap<>();
      headers.put(Wire.TENANT, assignment.tenant());
      headers.put(Wire.REQUEST_ID, assignment.requestId());
      headers.put(Wire.OWNER, "chaos");
      headers.put(Wire.SESSION, name());
      headers.put(Wire.CONTENT_TYPE, assignment.contentType());
      unconfirmed.put(channel.getNextPublishSeqNo(), account);
      account.submitted(name());
      channel.basicPublish(
          Wire.REQUESTS,
          "",
          true,
          Wire.persistent(headers, assignment.priority()),
          assignment.content().getBytes(UTF_8));
    }

    private void confirmed(long number, boolean multiple) {
      Map<Long, Account> confirmed =
          multiple
              ? unconfirmed.headMap(number, true)
              : unconfirmed.subMap(number, true, number, true);
      for (Account account : confirmed.values()) {
        if (returned.remove(account.assignment().requestId())) {
          account.returned();
        } else {
          ledger.accepted(account);
        }
      }
      confirmed.clear();
    }
  }
}
