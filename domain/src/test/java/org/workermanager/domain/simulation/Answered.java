package org.workermanager.domain.simulation;

import java.util.UUID;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.RequestKey;

/**
 * What a worker said, or the broker for it, as they know it themselves.
 *
 * @param dispatch the one it is truly about
 * @param named whether the message says so
 * @param status null for a dead letter
 * @param content null where it gave none
 */
record Answered(RequestKey key, UUID dispatch, boolean named, ReplyStatus status, Content content) {

  boolean isDeadLetter() {
    return status == null;
  }
}
