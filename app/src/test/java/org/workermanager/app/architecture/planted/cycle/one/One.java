package org.workermanager.app.architecture.planted.cycle.one;

import org.workermanager.app.architecture.planted.cycle.two.Two;

public record One(Two two) {}
