package org.workermanager.app.chaos;

import java.util.ArrayList;
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

  /** Between whom there are ways: managers and services first, then the peers and the broker. */
  static List<String> ways(int managers) {
    List<String> ways = new ArrayList<>();
    for (int number = 1; number <= managers; number++) {
      ways.add("manager-" + number + " to the broker");
      ways.add("manager-" + number + " to the database");
    }
    ways.add("requesters and workers to the broker");
    return ways;
  }

  TcpProxy way(String name) {
    int index = ways(managers.size()).indexOf(name);
    if (index == 2 * managers.size()) {
      return peersToBroker;
    }
    ManagerProcess manager = managers.get(index / 2);
    return index % 2 == 0 ? manager.toBroker() : manager.toDatabase();
  }

  /** By its number, from 1. */
  ManagerProcess manager(int number) {
    return managers.get(number - 1);
  }
}
