package org.workermanager.app.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.workermanager.amqp.client.RequestMessage;
import org.workermanager.amqp.client.Requester;
import org.workermanager.amqp.client.ResponseMessage;
import org.workermanager.amqp.connection.BrokerAddress;

/** Has the README's workers asked for something. */
record UpperRequester(Requester requester, BlockingQueue<ResponseMessage> responses)
    implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  static UpperRequester connect(String amqpUri) throws Exception {
    BlockingQueue<ResponseMessage> responses = new LinkedBlockingQueue<>();
    return new UpperRequester(
        Requester.connectTemporarily(BrokerAddress.parse(amqpUri), responses::add), responses);
  }

  void submit(String requestId, String text) throws Exception {
    requester.submit(
        List.of(
            new RequestMessage("demo", requestId, "me", "today", "text", 0, text.getBytes(UTF_8))));
  }

  /** The next response that says so; others are passed over. */
  ResponseMessage await(String state) throws InterruptedException {
    ResponseMessage response;
    do {
      response = responses.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (response == null) {
        throw new AssertionError("No response " + state);
      }
    } while (!response.state().equals(state));
    return response;
  }

  /** Waits for so many successes, and tells the different results. */
  Set<String> awaitResults(int successes) throws InterruptedException {
    Set<String> results = new HashSet<>();
    for (int i = 0; i < successes; i++) {
      results.add(new String(await("SUCCESS").content(), UTF_8));
    }
    return results;
  }

  @Override
  public void close() {
    requester.close();
  }
}
