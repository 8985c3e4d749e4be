package org.workermanager.app.architecture.planted.cycle.two;

import org.workermanager.app.architecture.planted.cycle.one.One;

public record Two(One one) {}
