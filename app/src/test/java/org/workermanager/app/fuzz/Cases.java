package org.workermanager.app.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Makes cases: the same ones for the same seed. */
final class Cases {

  private static final double GOOD = 0.35;

  /** More than there are cases of a seed. */
  private static final long ROOM = 1_000_003;

  private static final List<Mutation> REQUESTS = RequestMutations.all();
  private static final List<Mutation> REPLIES = ReplyMutations.all();
  private static final List<Mutation> BEATS = BeatMutations.all();
  private static final List<Mutation> LETTERS = LetterMutations.all();
  private static final List<Function<String, Draft>> KINDS =
      List.of(Draft::request, id -> Draft.reply(id, id), Draft::beat, id -> Draft.letter(id, id));

  private final int frameMax;

  private final boolean rabbitMq;

  /**
   * @param frameMax of the broker, in bytes
   * @param rabbitMq whether the broker is RabbitMQ
   */
  Cases(int frameMax, boolean rabbitMq) {
    this.frameMax = frameMax;
    this.rabbitMq = rabbitMq;
  }

  Case next(long seed, int number) {
    Odd odd =
        new Odd(
            new Random(new SplittableRandom(seed * ROOM + number).nextLong()), frameMax, rabbitMq);
    String id = "fuzz-" + seed + "-" + number + ".";
    if (odd.chance(GOOD)) {
      return good(id, odd);
    }
    return switch (odd.random.nextInt(12)) {
      case 0, 1, 2, 3 -> request(id, odd);
      case 4, 5, 6 -> answer(id, "reply ", odd.oneOf(REPLIES), Draft.reply(id, id), odd);
      case 7 -> answer(id, "dead letter ", odd.oneOf(LETTERS), Draft.letter(id, id), odd);
      case 8 -> beat(id, odd);
      case 9 -> misdirected(id, odd);
      case 10 -> decorated(id, odd);
      default -> odd.chance(0.5) ? twice(id, odd) : rejected(id);
    };
  }

  private static Case good(String id, Odd odd) {
    Case good = new Case(id, "good", List.of(End.PROCESSED), Draft.request(id));
    good.fromWorker = List.of(goodReply(id, odd));
    return good;
  }

  private static Draft goodReply(String id, Odd odd) {
    Draft reply = Draft.reply(id, id);
    reply.echoes = odd.chance(0.5);
    return reply;
  }

  private static Case request(String id, Odd odd) {
    Mutation mutation = odd.oneOf(REQUESTS);
    Draft request = Draft.request(id);
    Case spoiled =
        new Case(id, "request: " + mutation.name(), apply(mutation, request, odd), request);
    Object requestId = request.headers.get("regards.request.id");
    spoiled.fromWorker = List.of(Draft.reply(id, WireProperties.read(String.valueOf(requestId))));
    return spoiled;
  }

  private static List<End> apply(Mutation mutation, Draft draft, Odd odd) {
    List<End> ends = mutation.change().apply(draft, odd);
    if (odd.chance(0.5)) {
      Decoration.some(draft, odd);
    }
    return ends;
  }

  /** To a good request; and a good reply, unless the request is to end by it. */
  private static Case answer(String id, String kind, Mutation mutation, Draft answer, Odd odd) {
    List<End> ends = apply(mutation, answer, odd);
    Case spoiled = new Case(id, kind + mutation.name(), ends, Draft.request(id));
    boolean last = ends.equals(List.of(End.answered("GRANTED", "ERROR")));
    spoiled.fromWorker = last ? List.of(answer) : List.of(answer, goodReply(id, odd));
    return spoiled;
  }

  private static Case beat(String id, Odd odd) {
    Mutation mutation = odd.oneOf(BEATS);
    Draft beat = Draft.beat(id);
    return new Case(id, "beat " + mutation.name(), apply(mutation, beat, odd), beat);
  }

  /** A good message, on a queue where others are expected. */
  private static Case misdirected(String id, Odd odd) {
    int kind = odd.random.nextInt(KINDS.size());
    Draft draft = KINDS.get(kind).apply(id);
    String to = odd.oneOf(Draft.REQUESTS, Draft.REPLIES, Draft.BEATS, Draft.LETTERS);
    draft.exchange = to;
    if (odd.chance(0.3)) {
      Decoration.some(draft, odd);
    }
    Case misdirected = new Case(id, "misdirected to " + to, List.of(endOf(kind, to)), draft);
    misdirected.fromWorker = List.of(Draft.reply(id, id));
    return misdirected;
  }

  private static End endOf(int kind, String to) {
    boolean isReply = kind == 1;
    boolean isBeat = kind == 2;
    return switch (to) {
      case Draft.REQUESTS ->
          isBeat
              ? End.setAside("No response is possible: regards.request.id")
              : isReply ? End.answered("SKIPPED regards.request.owner") : End.PROCESSED;
      case Draft.REPLIES ->
          isBeat
              ? End.setAside("regards.request.id is missing")
              : isReply ? End.ignored("NOT_HELD") : End.setAside("The body is not");
      case Draft.BEATS ->
          isBeat
              ? BeatMutations.HEARD
              : End.setAside(isReply ? "The body's field" : "The body is not");
      default -> isBeat ? End.setAside("regards.request.id is missing") : End.ignored("NOT_HELD");
    };
  }

  /** Odd, and to be processed all the same; the reply too. */
  private static Case decorated(String id, Odd odd) {
    Draft request = Draft.request(id);
    Draft reply = goodReply(id, odd);
    for (Draft draft : List.of(request, reply)) {
      if (odd.chance(0.2)) {
        // straight to the queue
        draft.routingKey = draft == reply ? Draft.REPLIES : Draft.REQUEST_QUEUE;
        draft.exchange = "";
      }
      Decoration.some(draft, odd);
    }
    Case decorated = new Case(id, "decorated", List.of(End.PROCESSED), request);
    decorated.fromWorker = List.of(reply);
    return decorated;
  }

  /** Asked for again while it is worked on. */
  private static Case twice(String id, Odd odd) {
    Case twice =
        new Case(
            id,
            "request: its id is held",
            List.of(End.answered("GRANTED", "SKIPPED already held", "SUCCESS")),
            Draft.request(id));
    Draft again = Draft.request(id);
    again.body = odd.bytes(10);
    twice.fromWorker = new ArrayList<>(List.of(again));
    twice.onceSkipped = Draft.reply(id, id);
    return twice;
  }

  private static Case rejected(String id) {
    Case rejected =
        new Case(
            id,
            "rejected by its worker",
            List.of(End.answered("GRANTED", "ERROR")),
            Draft.request(id));
    rejected.rejected = true;
    return rejected;
  }
}
