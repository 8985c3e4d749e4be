package org.workermanager.app.architecture.planted.neighbour;

public record Behind() {}
