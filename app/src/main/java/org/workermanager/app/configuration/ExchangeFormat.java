package org.workermanager.app.configuration;

/** The names by which the exchange format (PROTOCOL section 9) calls what is in it. */
public final class ExchangeFormat {

  static final String MICROSERVICE = "rs-worker-manager";
  static final String MODULE = "workermanager";

  static final String WORKER = "fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto";
  static final String WORKFLOW = "fr.cnes.regards.modules.workermanager.dto.WorkflowConfigDto";
  static final String SETTING =
      "fr.cnes.regards.framework.modules.tenant.settings.domain.DynamicTenantSetting";

  /** The only setting there is. */
  public static final String SKIP_CONTENT_TYPES = "skipContentTypes";

  /** What it is for, as operators read it. */
  public static final String SKIP_CONTENT_TYPES_DESCRIPTION =
      "Content types whose requests are answered SKIPPED";

  private ExchangeFormat() {}
}
