package org.workermanager.app.service;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.domain.lifecycle.Transition;
import org.workermanager.domain.monitor.Monitor;
import org.workermanager.domain.registry.Heartbeat;
import org.workermanager.domain.request.Request;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.response.Response;

/**
 * Logs what the domain reports: what concerns the service or a worker type as it is, single
 * requests at debug level.
 */
final class LoggingMonitor implements Monitor {

  private static final Logger LOG = LoggerFactory.getLogger("org.workermanager.monitor");

  /** How often it is said, at most, that a worker type's requests are refused. */
  private static final Duration SELDOM = Duration.ofMinutes(1);

  private final Map<String, Long> refusals = new ConcurrentHashMap<>();

  @Override
  public void workerTypeAlive(String workerType, boolean configured) {
    if (configured) {
      LOG.info("Worker {} is alive", workerType);
    } else {
      LOG.warn(
          "Worker {} is alive, but no tenant has a worker configured that is written so",
          workerType);
    }
  }

  @Override
  public void workerTypeSilent(String workerType) {
    LOG.info("Worker {} has fallen silent", workerType);
  }

  @Override
  public void workerClockWrong(Heartbeat beat) {
    LOG.warn(
        "The clock of worker {}, instance {}, is far behind: it says {}. It counts as alive nevertheless",
        beat.workerType(),
        beat.instance(),
        beat.date());
  }

  @Override
  public void instanceSilent(String instance) {
    LOG.warn(
        "Manager instance {} has not renewed its lease: what it left undone is taken over",
        instance);
  }

  @Override
  public void configured(String tenant) {
    LOG.info("Tenant {} has a new configuration", tenant);
  }

  @Override
  public void workerTypePaused(String workerType) {
    LOG.info("Dispatching to worker {} is paused", workerType);
  }

  @Override
  public void workerTypeResumed(String workerType) {
    LOG.info("Dispatching to worker {} is resumed", workerType);
  }

  @Override
  public void overdue(String tenant, String workerType, long requests, String reason) {
    LOG.warn(
        "{} requests of tenant {} were sent to worker {} longer ago than its dispatch time-out. {}",
        requests,
        tenant,
        workerType,
        reason);
  }

  @Override
  public void moved(Request request) {
    LOG.debug("{} is {}", request.key(), request.status());
  }

  @Override
  public void skipped(Response response) {
    LOG.debug("{} is skipped: {}", response.key(), response.messages());
  }

  @Override
  public void ignored(RequestKey key, Transition.Reason reason) {
    LOG.debug("An answer for {} changes nothing: {}", key, reason);
  }

  @Override
  public void headerDropped(RequestKey key, String header, String reason) {
    LOG.debug("Additional header {} of {} is not passed on: {}", header, key, reason);
  }

  @Override
  public void responseRefused(Response response, String reason) {
    LOG.warn(
        "The broker does not take the response {} for {}, which is set aside: {}",
        response.state(),
        response.key(),
        reason);
  }

  @Override
  public void dispatchRefused(Request request, String reason) {
    LOG.debug("The broker does not take the dispatch of {}: {}", request.key(), reason);
    String workerType = request.state().workerType();
    long now = System.nanoTime();
    Long said = refusals.get(workerType);
    if (said == null || now - said > SELDOM.toNanos()) {
      refusals.put(workerType, now);
      LOG.warn(
          "Requests for worker {} wait, for the broker does not take them: {}", workerType, reason);
    }
  }
}
