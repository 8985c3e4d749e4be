package org.workermanager.app.architecture.planted.blocking;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

class Waits {
  void sleep() throws InterruptedException {
    Thread.sleep(1);
  }

  Thread thread() {
    return new Thread();
  }

  Executor pool() {
    return Executors.newCachedThreadPool();
  }

  synchronized void monitor() throws InterruptedException {
    wait();
  }

  CountDownLatch latch() {
    return new CountDownLatch(1);
  }

  BlockingQueue<String> queue() {
    return new LinkedBlockingQueue<>();
  }

  Object future() throws Exception {
    return CompletableFuture.completedFuture("planted").get();
  }

  void park() {
    LockSupport.park();
  }

  Path file() {
    return Path.of("planted");
  }

  InputStream stream() {
    return InputStream.nullInputStream();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(1);
  }
}
