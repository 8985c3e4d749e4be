package org.workermanager.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Hands many rows to one statement: an array for each column, which the database makes rows of
 * again. So a batch is one round trip, however large.
 *
 * @param <T> what a row is made of
 */
final class RowArrays<T> {

  private record Column<T>(String type, boolean isKey, Function<T, Object> value) {}

  private final Map<String, Column<T>> columns = new LinkedHashMap<>();

  /** A column that tells rows apart, otherwise as any other. */
  RowArrays<T> withKey(String name, String type, Function<T, Object> value) {
    columns.put(name, new Column<>(type, true, value));
    return this;
  }

  /**
   * @param name of the column and of the parameter
   * @param type in SQL, of one element
   * @param value of a row's element, which may be null
   */
  RowArrays<T> with(String name, String type, Function<T, Object> value) {
    columns.put(name, new Column<>(type, false, value));
    return this;
  }

  /** The columns' names, as in a column list. */
  String names() {
    return String.join(", ", columns.keySet());
  }

  /** A table expression named u, with these columns. */
  String rows() {
    return columns.entrySet().stream()
        .map(column -> "CAST(:" + column.getKey() + " AS " + column.getValue().type() + " ARRAY)")
        .collect(Collectors.joining(", ", "unnest(", ") AS u (" + names() + ")"));
  }

  /** Assigns every column but the key's. */
  String assignments() {
    return columns.entrySet().stream()
        .filter(column -> !column.getValue().isKey())
        .map(column -> column.getKey() + " = u." + column.getKey())
        .collect(Collectors.joining(", "));
  }

  <S extends SqlStatement<S>> S bind(Handle handle, S statement, Collection<T> rows) {
    columns.forEach(
        (name, column) -> {
          List<Object> elements = new ArrayList<>(rows.size());
          rows.forEach(row -> elements.add(column.value().apply(row)));
          Array array = array(handle.getConnection(), column.type(), elements);
          statement.bind(
              name, (Argument) (position, prepared, context) -> prepared.setArray(position, array));
        });
    return statement;
  }

  private static Array array(Connection connection, String type, List<Object> elements) {
    try {
      return connection.createArrayOf(
          type.equals("TIMESTAMP WITH TIME ZONE") ? "timestamptz" : type, elements(type, elements));
    } catch (SQLException e) {
      throw new ConnectionException(e);
    }
  }

  /** PostgreSQL's driver knows arrays of bytes by their Java type. */
  private static Object[] elements(String type, List<Object> elements) {
    return type.equals("BYTEA") ? elements.toArray(new byte[0][]) : elements.toArray();
  }
}
