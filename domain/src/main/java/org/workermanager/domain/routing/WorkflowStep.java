package org.workermanager.domain.routing;

/** One step of a workflow: its number orders it among the others, and a worker type does it. */
public record WorkflowStep(int stepNumber, String workerType) {}
