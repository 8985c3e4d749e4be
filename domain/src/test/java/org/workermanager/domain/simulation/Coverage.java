package org.workermanager.domain.simulation;

/** How often everything happened, in all histories. */
final class Coverage {

  private final long[] injected = new long[Injection.values().length];
  private final long[] met = new long[HardCase.values().length];
  private long histories;
  private long steps;
  private long lives;
  private long terminal;

  void count(Injection injection) {
    injected[injection.ordinal()]++;
  }

  void count(HardCase hardCase) {
    met[hardCase.ordinal()]++;
  }

  void history(int stepsDone, long accepted, long finished) {
    histories++;
    steps += stepsDone;
    lives += accepted;
    terminal += finished;
  }

  long times(Injection injection) {
    return injected[injection.ordinal()];
  }

  long times(HardCase hardCase) {
    return met[hardCase.ordinal()];
  }

  long histories() {
    return histories;
  }

  /** For people. */
  String report() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%,d histories of %.0f steps, %,d requests accepted, of which %,d finished%n"
            .formatted(histories, (double) steps / Math.max(1, histories), lives, terminal));
    text.append("Injected:\n");
    for (Injection injection : Injection.values()) {
      text.append("%,14d %s%n".formatted(times(injection), words(injection)));
    }
    text.append("Hard cases met:\n");
    for (HardCase hardCase : HardCase.values()) {
      text.append("%,14d %s%n".formatted(times(hardCase), words(hardCase)));
    }
    return text.toString();
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
