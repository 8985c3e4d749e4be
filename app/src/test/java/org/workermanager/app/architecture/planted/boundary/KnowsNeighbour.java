package org.workermanager.app.architecture.planted.boundary;

import org.workermanager.app.architecture.planted.neighbour.Neighbour;

record KnowsNeighbour(Neighbour neighbour) {}
