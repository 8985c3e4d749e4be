package org.workermanager.domain.response;

/** What a requester can be told about its request (PROTOCOL section 7). */
public enum ResponseState {
  SKIPPED,
  GRANTED,
  DELAYED,
  INVALID_CONTENT,
  ERROR,
  SUCCESS
}
