package org.workermanager.app.command;

import picocli.CommandLine.Command;

/** What can be done with held requests. */
@Command(
    name = "requests",
    description = "Look at the requests that a running manager holds, retry or delete them.",
    mixinStandardHelpOptions = true,
    subcommands = {
      RequestsListCommand.class,
      RequestsShowCommand.class,
      RequestsCountsCommand.class,
      RequestsChangeCommand.Retry.class,
      RequestsChangeCommand.Delete.class,
      RequestsOperationsCommand.class
    })
final class RequestsCommand {}
