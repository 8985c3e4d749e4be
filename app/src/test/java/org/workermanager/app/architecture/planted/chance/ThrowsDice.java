package org.workermanager.app.architecture.planted.chance;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

class ThrowsDice {
  UUID uuid() {
    return UUID.randomUUID();
  }

  Random random() {
    return new Random();
  }

  Random secure() {
    return new SecureRandom();
  }

  Random local() {
    return ThreadLocalRandom.current();
  }

  double math() {
    return Math.random();
  }

  void shuffle() {
    Collections.shuffle(new ArrayList<>());
  }
}
