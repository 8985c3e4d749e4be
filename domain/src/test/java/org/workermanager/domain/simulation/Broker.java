package org.workermanager.domain.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Submission;

/** The queues of PROTOCOL section 1. What requesters are told, the {@link MessageChecker} hears. */
final class Broker {

  final MessageQueue<Submission> requests = new MessageQueue<>();
  final MessageQueue<Reply> replies = new MessageQueue<>();
  final MessageQueue<DeadLetter> deadLetters = new MessageQueue<>();

  /** By manager process, while it consumes. */
  private final Map<ManagerProcess, MessageQueue<Heartbeat>> heartbeats = new LinkedHashMap<>();

  private final Map<String, MessageQueue<HeldRequest>> workers = new TreeMap<>();

  /** What the broker cannot do before then, for anybody. */
  long awayUntilNanos;

  MessageQueue<HeldRequest> worker(String workerType) {
    return workers.computeIfAbsent(workerType, type -> new MessageQueue<>());
  }

  MessageQueue<Heartbeat> openHeartbeats(ManagerProcess process) {
    MessageQueue<Heartbeat> queue = new MessageQueue<>();
    heartbeats.put(process, queue);
    return queue;
  }

  void closeHeartbeats(ManagerProcess process) {
    heartbeats.remove(process);
  }

  List<MessageQueue<Heartbeat>> heartbeats() {
    return new ArrayList<>(heartbeats.values());
  }
}
