package org.workermanager.jdbc;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.workermanager.domain.request.Answer;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.HeldRequest;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.request.RequestState;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.search.NumberedRequest;

/**
 * Reads requests from rows of the table of that name, and writes their parts the way it keeps them.
 */
final class RequestRow {

  /** All columns of a request without its content, for a query in which r is the table. */
  static final String COLUMNS =
      "r.id, r.tenant, r.request_id, r.source, r.session, r.content_type, r.priority, r.creation_date, r.fingerprint,"
          + " r.status, r.position, r.step_number, r.worker_type, r.dispatched_worker_type, r.dispatch, r.messages,"
          + " r.additional_headers, r.opened_by, r.answered_by, r.answered_before, r.dead_lettered, r.history, r.finished";

  /** The columns of a request's key, of many keys, as the table u. */
  static final RowArrays<RequestKey> KEYS =
      new RowArrays<RequestKey>()
          .withKey("tenant", "VARCHAR", RequestKey::tenant)
          .withKey("request_id", "VARCHAR", RequestKey::requestId);

  private RequestRow() {}

  static RequestKey key(ResultSet row) throws SQLException {
    return new RequestKey(row.getString("tenant"), row.getString("request_id"));
  }

  static Request request(ResultSet row) throws SQLException {
    return new Request(
        key(row),
        row.getString("source"),
        row.getString("session"),
        row.getString("content_type"),
        row.getInt("priority"),
        instant(row, "creation_date"),
        fingerprint(row, "fingerprint"),
        state(row),
        HistoryText.read(row.getString("history")));
  }

  static NumberedRequest numbered(ResultSet row) throws SQLException {
    return new NumberedRequest(row.getLong("id"), request(row));
  }

  static HeldRequest held(ResultSet row) throws SQLException {
    return new HeldRequest(request(row), Content.of(row.getBytes("content")));
  }

  private static RequestState state(ResultSet row) throws SQLException {
    return new RequestState(
        RequestStatus.valueOf(row.getString("status")),
        position(row.getInt("position"), row.getInt("step_number")),
        row.getString("worker_type"),
        row.getString("dispatched_worker_type"),
        row.getObject("dispatch", UUID.class),
        TextList.read(row.getString("messages")),
        headers(TextList.read(row.getString("additional_headers"))),
        fingerprint(row, "opened_by"),
        answer(row),
        row.getBoolean("finished"));
  }

  private static Answer answer(ResultSet row) throws SQLException {
    Fingerprint by = fingerprint(row, "answered_by");
    return by == null
        ? null
        : new Answer(
            by, row.getBoolean("dead_lettered"), fingerprints(row.getBytes("answered_before")));
  }

  private static List<Fingerprint> fingerprints(byte[] concatenated) {
    List<Fingerprint> fingerprints = new ArrayList<>();
    ByteBuffer rest = ByteBuffer.wrap(concatenated == null ? new byte[0] : concatenated);
    while (rest.hasRemaining()) {
      byte[] next = new byte[Fingerprint.BYTES];
      rest.get(next);
      fingerprints.add(Fingerprint.of(next));
    }
    return fingerprints;
  }

  private static Position position(int code, int step) {
    if (code == Position.START.code()) {
      return Position.START;
    }
    return code == step ? Position.at(step) : Position.after(step);
  }

  static Fingerprint fingerprint(ResultSet row, String column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return bytes == null ? null : Fingerprint.of(bytes);
  }

  private static Map<String, String> headers(List<String> namesAndValues) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      headers.put(namesAndValues.get(i), namesAndValues.get(i + 1));
    }
    return headers;
  }

  static String headers(Map<String, String> headers) {
    List<String> namesAndValues = new ArrayList<>();
    new TreeMap<>(headers)
        .forEach(
            (name, value) -> {
              namesAndValues.add(name);
              namesAndValues.add(value);
            });
    return TextList.write(namesAndValues);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static OffsetDateTime dateTime(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static byte[] answeredBy(RequestState state) {
    return state.answeredBy() == null ? null : bytes(state.answeredBy().fingerprint());
  }

  static byte[] answeredBefore(RequestState state) {
    if (state.answeredBy() == null || state.answeredBy().earlier().isEmpty()) {
      return null;
    }
    List<Fingerprint> earlier = state.answeredBy().earlier();
    ByteBuffer concatenated = ByteBuffer.allocate(earlier.size() * Fingerprint.BYTES);
    earlier.forEach(each -> concatenated.put(each.bytes()));
    return concatenated.array();
  }

  static boolean isDeadLettered(RequestState state) {
    return state.answeredBy() != null && state.answeredBy().isDeadLetter();
  }

  /** The number of the step, null at the start. */
  static Integer stepNumber(RequestState state) {
    return state.position().kind() == Position.Kind.START ? null : state.position().step();
  }

  static byte[] bytes(Fingerprint fingerprint) {
    return fingerprint == null ? null : fingerprint.bytes();
  }
}
