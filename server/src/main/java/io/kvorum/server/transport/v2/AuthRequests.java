// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.request.Authorisation;
import io.kvorum.server.request.ManageRoles;
import io.kvorum.server.request.ManageUsers;
import io.kvorum.server.request.SwitchAuth;
import io.kvorum.server.request.V2Door;

/**
 * What {@code /v2/auth} calls, and who decides about the rest.
 *
 * @param door whether authentication in v3 alone has shut this API
 */
public record AuthRequests(
    Authorisation authorisation,
    ManageUsers users,
    ManageRoles roles,
    SwitchAuth enable,
    V2Door door) {}
