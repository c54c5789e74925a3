// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.request.CheckHealth;
import io.kvorum.server.request.ReportStatistics;

/** What the status endpoints call. */
public record StatusRequests(CheckHealth health, ReportStatistics statistics) {}
