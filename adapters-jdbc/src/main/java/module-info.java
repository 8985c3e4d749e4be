/** The stores in a relational database: H2 or PostgreSQL. */
module org.workermanager.jdbc {
  requires transitive org.workermanager.domain;
  requires com.zaxxer.hikari;
  requires io.leangen.geantyref; // Jdbi needs it, but an automatic module cannot say so.
  requires java.sql;
  requires org.jdbi.v3.core;
  requires org.slf4j;

  exports org.workermanager.jdbc;
}
