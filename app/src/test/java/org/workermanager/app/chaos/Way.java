package org.workermanager.app.chaos;

/** A way through the network. */
sealed interface Way {

  /** From whom, to whom. */
  String text();

  /** What stands in for the network there. */
  TcpProxy in(World world);

  /** A manager's, by its number. */
  record ToBroker(int manager) implements Way {
    @Override
    public String text() {
      return "manager-%d to the broker".formatted(manager);
    }

    @Override
    public TcpProxy in(World world) {
      return world.manager(manager).toBroker();
    }
  }

  /** A manager's, by its number. */
  record ToDatabase(int manager) implements Way {
    @Override
    public String text() {
      return "manager-%d to the database".formatted(manager);
    }

    @Override
    public TcpProxy in(World world) {
      return world.manager(manager).toDatabase();
    }
  }

  /** That of all requesters and workers to the broker. */
  record OfPeers() implements Way {
    @Override
    public String text() {
      return "requesters and workers to the broker";
    }

    @Override
    public TcpProxy in(World world) {
      return world.peersToBroker();
    }
  }
}
