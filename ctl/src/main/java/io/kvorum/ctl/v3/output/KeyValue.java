// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.output;

/** The field numbers of a stored pair. */
public final class KeyValue {

  public static final int KEY = 1;
  public static final int CREATE_REVISION = 2;
  public static final int MOD_REVISION = 3;
  public static final int VERSION = 4;
  public static final int VALUE = 5;
  public static final int LEASE = 6;

  private KeyValue() {}
}
