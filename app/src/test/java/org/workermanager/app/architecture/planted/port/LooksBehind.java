package org.workermanager.app.architecture.planted.port;

import org.workermanager.app.architecture.planted.neighbour.Behind;
import org.workermanager.app.architecture.planted.neighbour.Neighbour;

record LooksBehind(Neighbour neighbour, Behind[] behind) {}
