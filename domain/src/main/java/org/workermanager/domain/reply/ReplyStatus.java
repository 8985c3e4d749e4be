package org.workermanager.domain.reply;

/** What a worker says about a request (PROTOCOL section 5). */
public enum ReplyStatus {
  RUNNING,
  INVALID_CONTENT,
  ERROR,
  SUCCESS
}
