package org.workermanager.app.service;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.workermanager.amqp.connection.AmqpSettings;
import org.workermanager.amqp.connection.BrokerAddress;
import org.workermanager.app.configuration.ConfigurationFile;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.jdbc.JdbcSettings;

/**
 * What a worker manager service is made of.
 *
 * @param tenants to serve, besides those stored in the database
 * @param configurations files to import at start, by tenant (PROTOCOL section 9)
 * @param brokerForgets whether the broker is known to start empty: then all that was dispatched is
 *     dispatched again
 * @param deadLetterResponses whether requesters are told of dead letters, as is usual (PROTOCOL
 *     section 6)
 */
public record ServiceSettings(
    AmqpSettings amqp,
    JdbcSettings database,
    List<String> tenants,
    Map<String, ConfigurationFile> configurations,
    boolean brokerForgets,
    boolean deadLetterResponses) {

  public ServiceSettings {
    requireNonNull(amqp, "amqp");
    requireNonNull(database, "database");
    tenants = List.copyOf(tenants);
    configurations = Map.copyOf(configurations);
    tenants.forEach(ServiceSettings::requireTenant);
    configurations.keySet().forEach(ServiceSettings::requireTenant);
  }

  /** With the responses to dead letters. */
  public ServiceSettings(
      AmqpSettings amqp,
      JdbcSettings database,
      List<String> tenants,
      Map<String, ConfigurationFile> configurations,
      boolean brokerForgets) {
    this(amqp, database, tenants, configurations, brokerForgets, true);
  }

  /** One that requests can name (PROTOCOL section 2). */
  private static void requireTenant(String tenant) {
    String fault = ProtocolText.tenantFault(tenant);
    if (fault != null) {
      throw new IllegalArgumentException("tenant '" + tenant + "' " + fault);
    }
  }

  /** The same, on this broker. */
  public ServiceSettings withBroker(BrokerAddress broker) {
    return new ServiceSettings(
        amqp.withBroker(broker),
        database,
        tenants,
        configurations,
        brokerForgets,
        deadLetterResponses);
  }
}
