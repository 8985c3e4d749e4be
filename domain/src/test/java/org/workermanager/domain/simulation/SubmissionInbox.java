package org.workermanager.domain.simulation;

import java.util.Collection;
import java.util.List;
import org.workermanager.domain.Leftover;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.Submission;

/** Takes what requesters ask for. */
final class SubmissionInbox extends Inbox<Submission> {

  SubmissionInbox(History history, ManagerProcess process) {
    super(history, process, history.broker.requests);
  }

  @Override
  List<Leftover> handIn(List<Message<Submission>> batch, int again) {
    List<Submission> delivered = batch.stream().map(this::delivered).toList();
    history.messageChecker.handedIn(process, delivered, again);
    try {
      return process.manager.submit(delivered, this::isOpen);
    } finally {
      history.messageChecker.returned(process, delivered);
    }
  }

  private Submission delivered(Message<Submission> message) {
    Submission s = message.body();
    return new Submission(
        s.tenant(),
        s.requestId(),
        s.source(),
        s.session(),
        s.contentType(),
        s.priority(),
        s.content(),
        s.fingerprint(),
        message.isRedelivered()
            && !history.sabotage.is(Sabotage.Flaw.LOSES_THE_REDELIVERED_MARK_OF_REQUESTS));
  }

  @Override
  void setAside(Submission message) {
    history.messageChecker.setAside(message);
  }

  @Override
  void acknowledged(Submission message) {
    history.messageChecker.acknowledged(message);
  }

  @Override
  void decided(Collection<RequestKey> keys) {
    // what became of each is seen by what was stored and said
  }
}
