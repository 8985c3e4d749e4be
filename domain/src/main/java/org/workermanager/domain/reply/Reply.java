package org.workermanager.domain.reply;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.RequestKey;

/**
 * A worker's reply (PROTOCOL section 5). Texts are made storable on the way in.
 *
 * @param key of the request it is about, as the worker wrote it
 * @param dispatch the dispatch it answers, where the worker echoed it; else null
 * @param content null where the worker gave none
 * @param redelivered whether the broker says that it may have delivered this message before
 */
public record Reply(
    RequestKey key,
    ReplyStatus status,
    List<String> messages,
    Map<String, String> additionalHeaders,
    Content content,
    String dispatch,
    Fingerprint fingerprint,
    boolean redelivered) {

  public Reply {
    requireNonNull(key, "key");
    requireNonNull(status, "status");
    requireNonNull(fingerprint, "fingerprint");
    messages = messages.stream().map(ProtocolText::storable).toList();
    additionalHeaders = Map.copyOf(additionalHeaders);
  }

  /** The same with other additional headers. */
  public Reply withAdditionalHeaders(Map<String, String> headers) {
    return new Reply(key, status, messages, headers, content, dispatch, fingerprint, redelivered);
  }
}
