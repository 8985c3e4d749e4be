package org.workermanager.app.chaos;

import java.util.List;

/**
 * All that things can happen to.
 *
 * @param peersToBroker the requesters' and workers' way to the broker
 */
record World(
    OwnRabbitMq broker,
    OwnPostgreSql database,
    List<ManagerProcess> managers,
    List<WorkerPeer> workers,
    TcpProxy peersToBroker) {

  /** By its number, from 1. */
  ManagerProcess manager(int number) {
    return managers.get(number - 1);
  }
}
