// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

/** Compares without any exception. */
record ExactComparison() implements Comparison {
  @Override
  public boolean same(String field, String expected, String actual) {
    return expected.equals(actual);
  }
}
