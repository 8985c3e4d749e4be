package org.workermanager.app;

/** The program's start. */
public final class Main {
  private Main() {}

  /**
   * Runs the program.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.out.println("worker manager");
  }
}
