/**
 * Which worker types are alive, learnt from heartbeats (PROTOCOL section 4). In memory, without
 * infrastructure.
 */
package org.workermanager.domain.registry;
