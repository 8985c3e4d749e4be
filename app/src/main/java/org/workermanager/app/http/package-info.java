/**
 * HTTP for operators (PROTOCOL section 10 and more): JSON over the domain's inbound port {@link
 * org.workermanager.domain.Operator}, and nothing else of the domain than the values it takes and
 * gives.
 */
package org.workermanager.app.http;
