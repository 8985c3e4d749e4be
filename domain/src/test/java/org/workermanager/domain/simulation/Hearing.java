package org.workermanager.domain.simulation;

import java.util.EnumSet;
import java.util.Set;
import org.workermanager.domain.response.ResponseState;

/**
 * What a requester has heard of one request, and could hear next, as one who knows nothing but the
 * protocol sees it (PROTOCOL sections 5 and 7).
 */
final class Hearing {

  private static final Set<ResponseState> AT_FIRST =
      EnumSet.of(ResponseState.GRANTED, ResponseState.DELAYED);

  private boolean granted;
  private boolean succeeded;

  /** Returns whether this can come now. */
  boolean hears(ResponseState state) {
    boolean possible =
        AT_FIRST.contains(state)
            ? !succeeded
            : granted && (!succeeded || state == ResponseState.SUCCESS);
    granted |= state == ResponseState.GRANTED;
    succeeded |= state == ResponseState.SUCCESS;
    return possible;
  }
}
