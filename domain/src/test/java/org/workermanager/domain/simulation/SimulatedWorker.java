package org.workermanager.domain.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.RequestKey;

/** A worker, which takes one request at a time and may do everything wrong that workers do. */
final class SimulatedWorker {

  private static final Duration BEAT = Duration.ofSeconds(10);

  private enum Stage {
    TAKEN,
    BEGUN,
    REPLIED
  }

  private final History history;
  private final String type;
  private final String name;
  private final boolean echoes;
  private final Duration clockError;
  private final Consumer<HeldRequest> consumer;
  private Message<HeldRequest> inHand;
  private Stage stage;
  private Reply lastReply;
  private long lastBeatNanos = Long.MIN_VALUE / 2;

  SimulatedWorker(History history, String type, String name) {
    this.history = history;
    this.type = type;
    this.name = name;
    Dice dice = history.dice;
    echoes = dice.chance(0.6);
    clockError =
        history.happens(Injection.WORKER_CLOCK_WRONG)
            ? Duration.ofMinutes(dice.between(-300, 300))
            : Duration.ZERO;
    consumer = new Consumer<>(history.broker.worker(type));
    history.trace.add(() -> this + " starts" + (echoes ? ", echoing" : ""));
    beat();
  }

  String type() {
    return type;
  }

  // ---- Heartbeats ----

  void beatInTime() {
    if (history.time.nanos() - lastBeatNanos >= BEAT.toNanos()) {
      beat();
    }
  }

  void beat() {
    lastBeatNanos = history.time.nanos();
    Instant date = history.time.now().plus(clockError);
    for (MessageQueue<Heartbeat> queue : history.broker.heartbeats()) {
      if (!history.happens(Injection.HEARTBEATS_LOST)) {
        queue.publish(new Heartbeat(name, type, date));
      }
    }
  }

  // ---- Work ----

  boolean hasWork() {
    return inHand != null || consumer.hasWork();
  }

  /** Goes one step on, in whatever it does. */
  void act() {
    if (inHand == null) {
      if (history.dice.chance(0.3)) {
        beat();
      } else {
        take();
      }
      return;
    }
    switch (stage) {
      case TAKEN, BEGUN -> work();
      case REPLIED -> finish();
    }
  }

  private void take() {
    consumer.prefetch(1);
    List<Message<HeldRequest>> next = consumer.take(1);
    if (!next.isEmpty()) {
      inHand = next.get(0);
      stage = Stage.TAKEN;
      history.trace.add(() -> this + " takes " + History.text(inHand.body()));
    }
  }

  private void work() {
    if (history.happens(Injection.WORKER_DIES_BEFORE_REPLYING)) {
      die("before replying");
    } else if (history.happens(Injection.WORKER_REJECTS)) {
      reject();
    } else if (history.happens(Injection.WORKER_ACKNOWLEDGES_AND_DIES)) {
      history.facts.swallowed(Dispatch.of(inHand.body().request()));
      consumer.acknowledge(List.of(inHand));
      die("with what it acknowledged");
    } else if (stage == Stage.TAKEN && history.dice.chance(0.4)) {
      reply(ReplyStatus.RUNNING, null);
      stage = Stage.BEGUN;
    } else {
      answer();
    }
  }

  private void answer() {
    if (history.happens(Injection.WORKER_FAILS)) {
      reply(history.dice.chance(0.7) ? ReplyStatus.ERROR : ReplyStatus.INVALID_CONTENT, null);
    } else if (history.happens(Injection.WORKER_GIVES_NO_CONTENT)) {
      reply(ReplyStatus.SUCCESS, null);
    } else {
      String result = MessageChecker.text(inHand.body().content()) + ">" + type;
      reply(ReplyStatus.SUCCESS, Content.of(result.getBytes(UTF_8)));
    }
    stage = Stage.REPLIED;
  }

  private void finish() {
    if (history.happens(Injection.WORKER_DIES_BEFORE_ACKNOWLEDGING)) {
      die("before acknowledging");
    } else if (history.happens(Injection.REPLY_DUPLICATED)) {
      history.trace.add(() -> this + " repeats its reply");
      history.facts.sent(lastReply.fingerprint());
      history.broker.replies.publish(lastReply);
    } else {
      consumer.acknowledge(List.of(inHand));
      inHand = null;
    }
  }

  private void reply(ReplyStatus status, Content content) {
    RequestKey key = inHand.body().request().key();
    String message =
        history.happens(Injection.STORE_REFUSES_MESSAGE)
            ? "said" + FaultyRequestStore.REFUSED
            : "said";
    Fingerprint fingerprint = history.newFingerprint();
    history.facts.answered(fingerprint, new Answered(key, dispatch(), echoes, status, content));
    lastReply =
        new Reply(
            key,
            status,
            List.of(message),
            Map.of(),
            content,
            echoes ? dispatch().toString() : null,
            fingerprint,
            false);
    history.trace.add(() -> this + " replies " + status + " to " + History.text(inHand.body()));
    MessageQueue<Reply> replies = history.broker.replies;
    if (history.happens(Injection.REPLIES_REORDERED)) {
      replies.publish(lastReply, history.dice.below(replies.size() + 1));
    } else {
      replies.publish(lastReply);
    }
  }

  private void reject() {
    RequestKey key = inHand.body().request().key();
    Fingerprint fingerprint = history.newFingerprint();
    history.facts.answered(fingerprint, new Answered(key, dispatch(), true, null, null));
    history.trace.add(() -> this + " rejects " + History.text(inHand.body()));
    history.broker.deadLetters.publish(
        new DeadLetter(key, "crash", dispatch().toString(), fingerprint, false));
    consumer.acknowledge(List.of(inHand));
    inHand = null;
  }

  private UUID dispatch() {
    return inHand.body().request().state().dispatch();
  }

  private void die(String when) {
    history.trace.add(() -> this + " dies " + when);
    consumer.close();
    history.fleet.remove(this);
  }

  /** Does all there is to do. Returns whether there was anything. */
  boolean workThrough() {
    boolean worked = false;
    if (inHand == null) {
      take();
    }
    while (inHand != null) {
      worked = true;
      if (stage == Stage.REPLIED) {
        finish();
      } else {
        work();
      }
      if (inHand == null) {
        take();
      }
    }
    return worked;
  }

  @Override
  public String toString() {
    return "worker " + type + " " + name;
  }
}
