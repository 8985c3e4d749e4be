package org.workermanager.app.chaos;

/** What can be wrong with the network between two. */
enum Interference {
  NONE("nothing is wrong", false, false, false),
  /** Everything arrives late. */
  DELAY("everything is delayed", false, false, false),
  /** Connections are accepted, nothing is forwarded, and all of it is when it ends. */
  STALL("everything is held back, and delivered later", true, true, false),
  /** Connections are accepted, nothing is forwarded, and they are reset when it ends. */
  BLACK_HOLE("a black hole", true, true, true),
  /** The service goes on hearing, and what it answers is lost; reset when it ends. */
  LOST_ANSWERS("answers are lost", false, true, true),
  /** Connections are reset, and so are new ones. */
  REFUSAL("everything is reset", false, false, true),
  /** Connections are reset over and over; in between, new ones work. */
  CUTS("cut over and over", false, false, true);

  final String text;

  /** What goes to the service waits. */
  final boolean holdsQuestions;

  /** What comes from the service waits. */
  final boolean holdsAnswers;

  /** The connections that live when it ends do not survive it. */
  final boolean resets;

  Interference(String text, boolean holdsQuestions, boolean holdsAnswers, boolean resets) {
    this.text = text;
    this.holdsQuestions = holdsQuestions;
    this.holdsAnswers = holdsAnswers;
    this.resets = resets;
  }
}
