package org.workermanager.domain.simulation;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.store.Changes;

/** Notices when a history meets a {@link HardCase}. */
final class Sightings {

  private final Coverage coverage;
  private final int pageSize;

  /** How often each dispatch was answered for good. */
  private final Map<Dispatch, Integer> answered = new HashMap<>();

  Sightings(Coverage coverage, int pageSize) {
    this.coverage = coverage;
    this.pageSize = pageSize;
  }

  void said(Answered answer) {
    if (answer.status() != ReplyStatus.RUNNING) {
      int times = answered.merge(new Dispatch(answer.key(), answer.dispatch()), 1, Integer::sum);
      if (answer.isDeadLetter() && times > 1) {
        coverage.count(HardCase.DEAD_LETTER_AFTER_REPLY);
      } else if (times > 1) {
        coverage.count(HardCase.WORKER_ANSWERED_TWICE);
      }
    }
  }

  void handedIn(List<Submission> batch) {
    Map<String, Submission> byId = new HashMap<>();
    for (Submission submission : batch) {
      Submission other = byId.put(submission.requestId(), submission);
      if (other != null) {
        coverage.count(
            other.tenant().equals(submission.tenant())
                ? HardCase.SAME_ID_TWICE_IN_ONE_BATCH
                : HardCase.SAME_ID_IN_TWO_TENANTS);
      }
    }
  }

  void handedIn(Story story, boolean redelivered) {
    if (story.inHand > 0) {
      coverage.count(HardCase.SAME_MESSAGE_IN_TWO_PLACES_AT_ONCE);
    }
    if (redelivered && story.lives > 0) {
      coverage.count(
          story.state.finished()
              ? HardCase.REDELIVERED_AFTER_IT_FINISHED
              : HardCase.REDELIVERED_AFTER_COMMIT);
    } else if (redelivered && story.handedIn == 0) {
      coverage.count(HardCase.REDELIVERED_THOUGH_NEVER_HANDLED);
    }
  }

  /**
   * @param by in which lane the request was changed last; null if that is over
   */
  void handedIn(Answered answer, RequestState current, Lane by) {
    boolean over = current.finished() || !current.status().isSent();
    if (answer.status() == ReplyStatus.RUNNING && over) {
      coverage.count(HardCase.RUNNING_WHEN_IT_WAS_OVER);
    } else if (answer.status() == ReplyStatus.SUCCESS
        && !current.finished()
        && !answer.dispatch().equals(current.dispatch())) {
      coverage.count(HardCase.LATE_SUCCESS);
    }
    if (by == Lane.OPERATOR) {
      coverage.count(
          current.status() == RequestStatus.TO_DELETE
              ? HardCase.ANSWER_WHILE_DELETED
              : HardCase.ANSWER_WHILE_RETRIED);
    }
  }

  void committed(Lane lane, Changes changes) {
    if (lane == Lane.DISPATCH && changes.updated().size() == pageSize) {
      coverage.count(HardCase.DRAINED_PAGE_BY_PAGE);
    }
  }

  void became(Lane lane, RequestState state) {
    if (state.status() == RequestStatus.NO_WORKER_AVAILABLE) {
      if (state.position().kind() == Position.Kind.AFTER_STEP) {
        coverage.count(HardCase.WAITING_BETWEEN_STEPS);
      } else if (state.workerType() == null) {
        coverage.count(HardCase.WAITING_WITHOUT_A_WAY_ON);
      }
      if (lane == Lane.OVERDUE) {
        coverage.count(HardCase.WAITING_AGAIN_WHEN_OVERDUE);
      }
    } else if (state.status() == RequestStatus.SUCCESS && lane != Lane.REPLIES) {
      coverage.count(HardCase.FINISHED_BY_CONFIGURATION);
    }
  }

  /**
   * @param dispatched the dispatch that this is an answer to, or is taken for one to
   */
  void moved(ManagerProcess by, Answered answer, RequestState before, Owed dispatched) {
    if (!answer.dispatch().equals(before.dispatch())) {
      coverage.count(HardCase.UNNAMED_ANSWER_TAKEN_FOR_ANOTHER_DISPATCH);
    } else if (!before.status().isSent() && answer.status() == ReplyStatus.SUCCESS) {
      coverage.count(HardCase.SUCCESS_AFTER_ERROR);
    }
    if (!dispatched.closed) {
      coverage.count(
          dispatched.lane == Lane.REQUESTS
              ? HardCase.ANSWER_BEFORE_INTAKE_HAS_RETURNED
              : HardCase.ANSWER_BEFORE_DISPATCH_IS_CONFIRMED);
    }
    if (dispatched.by != by) {
      coverage.count(HardCase.ANSWER_ON_ANOTHER_INSTANCE);
    }
  }

  void sent(ManagerProcess by, String workerType) {
    if (!by.heardWorkers.mayLive(workerType)) {
      coverage.count(HardCase.TYPE_SILENT_BEFORE_ITS_DISPATCH);
    }
  }

  void closed(Owed owed) {
    if (owed.state.status() == RequestStatus.NO_WORKER_AVAILABLE
        && owed.state.workerType() != null
        && owed.by.heardWorkers.mustLive(owed.state.workerType())) {
      coverage.count(HardCase.TYPE_ALIVE_WHILE_REQUESTS_ARE_STORED);
    }
    if (owed.interrupted) {
      coverage.count(
          owed.by.isDead()
              ? HardCase.BATCH_OF_A_DEAD_PROCESS_FINISHED
              : HardCase.BATCH_FINISHED_LATER);
    }
  }

  void configured(RequestState ofOne) {
    if (ofOne.status() == RequestStatus.NO_WORKER_AVAILABLE) {
      coverage.count(HardCase.CONFIGURED_WHILE_REQUESTS_WAIT);
    } else if (ofOne.status().isSent()) {
      coverage.count(HardCase.CONFIGURED_WHILE_REQUESTS_ARE_SENT);
    }
  }

  void outlived() {
    coverage.count(HardCase.PUBLISHED_BY_ONE_THAT_OUTLIVED_ITS_LEASE);
  }

  void idReused() {
    coverage.count(HardCase.ID_REUSED);
  }
}
