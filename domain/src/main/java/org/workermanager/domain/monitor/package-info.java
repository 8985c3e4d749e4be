/** The outbound port for what the domain has to tell: it does not log. */
package org.workermanager.domain.monitor;
