package org.workermanager.domain.simulation;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.workermanager.domain.Leftover;
import org.workermanager.domain.reply.DeadLetter;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.RequestKey;

/** Takes what comes back from workers: replies, or dead letters. */
final class AnswerInbox<A> extends Inbox<A> {

  /** What is to be known of one kind of answers. */
  private record Kind<A>(
      Function<Message<A>, A> delivered,
      BiFunction<List<A>, BooleanSupplier, List<Leftover>> take,
      Function<A, Fingerprint> fingerprint,
      Function<A, RequestKey> key) {}

  private final Kind<A> kind;

  /** The requests about which it is stored what the answers in hand lead to. */
  private final Set<RequestKey> decided = new HashSet<>();

  private AnswerInbox(
      History history, ManagerProcess process, MessageQueue<A> queue, Kind<A> kind) {
    super(history, process, queue);
    this.kind = kind;
  }

  static AnswerInbox<Reply> ofReplies(History history, ManagerProcess process) {
    return new AnswerInbox<>(
        history,
        process,
        history.broker.replies,
        new Kind<>(
            message -> reply(message, history.sabotage),
            process.manager::replies,
            Reply::fingerprint,
            Reply::key));
  }

  static AnswerInbox<DeadLetter> ofDeadLetters(History history, ManagerProcess process) {
    return new AnswerInbox<>(
        history,
        process,
        history.broker.deadLetters,
        new Kind<>(
            AnswerInbox::deadLetter,
            process.manager::deadLetters,
            DeadLetter::fingerprint,
            DeadLetter::key));
  }

  private static Reply reply(Message<Reply> message, Sabotage sabotage) {
    Reply r = message.body();
    return new Reply(
        r.key(),
        r.status(),
        r.messages(),
        r.additionalHeaders(),
        r.content(),
        sabotage.is(Sabotage.Flaw.LOSES_THE_NAME_OF_THE_DISPATCH) ? null : r.dispatch(),
        r.fingerprint(),
        message.isRedelivered()
            && !sabotage.is(Sabotage.Flaw.LOSES_THE_REDELIVERED_MARK_OF_ANSWERS));
  }

  private static DeadLetter deadLetter(Message<DeadLetter> message) {
    DeadLetter l = message.body();
    return new DeadLetter(
        l.key(), l.reason(), l.dispatch(), l.fingerprint(), message.isRedelivered());
  }

  @Override
  List<Leftover> handIn(List<Message<A>> batch, int again) {
    decided.clear();
    for (Message<A> message : batch) {
      history.messageChecker.handedIn(kind.fingerprint().apply(message.body()));
    }
    return kind.take().apply(batch.stream().map(kind.delivered()).toList(), this::isOpen);
  }

  @Override
  void setAside(A message) {
    decided.add(kind.key().apply(message));
    history.messageChecker.setAside(kind.fingerprint().apply(message));
  }

  @Override
  void acknowledged(A message) {
    history.messageChecker.acknowledged(
        kind.fingerprint().apply(message), decided.contains(kind.key().apply(message)));
  }

  @Override
  void decided(Collection<RequestKey> keys) {
    decided.addAll(keys);
  }
}
