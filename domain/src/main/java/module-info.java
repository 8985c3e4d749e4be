/** The worker manager's decisions, free of any technology: JDK only, no logging, no blocking. */
module org.workermanager.domain {
  exports org.workermanager.domain;
  exports org.workermanager.domain.lifecycle;
  exports org.workermanager.domain.memory;
  exports org.workermanager.domain.monitor;
  exports org.workermanager.domain.operation;
  exports org.workermanager.domain.protocol;
  exports org.workermanager.domain.publish;
  exports org.workermanager.domain.registry;
  exports org.workermanager.domain.reply;
  exports org.workermanager.domain.request;
  exports org.workermanager.domain.response;
  exports org.workermanager.domain.routing;
  exports org.workermanager.domain.search;
  exports org.workermanager.domain.store;
}
