// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import java.util.List;

/**
 * A member of the cluster as the members API tells it.
 *
 * @param id in hexadecimal, as the server writes it
 * @param name empty until it was started for the first time
 */
public record Member(String id, String name, List<String> peerUrls, List<String> clientUrls) {}
