// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.base;

/** Releases compared by major and minor number. */
public final class MinorVersion {

  private MinorVersion() {}

  /** {@code 3.7.1} becomes {@code 3.7.0}. */
  public static String cut(String version) {
    return part(version, 0) + "." + part(version, 1) + ".0";
  }

  public static int compare(String left, String right) {
    int byMajor = Integer.compare(part(left, 0), part(right, 0));
    return byMajor != 0 ? byMajor : Integer.compare(part(left, 1), part(right, 1));
  }

  /** Whether {@code left} is the minor version right before {@code right}. */
  public static boolean isOneBelow(String left, String right) {
    return part(left, 0) == part(right, 0) && part(left, 1) == part(right, 1) - 1;
  }

  /** Whether it is written {@code 3.4} or {@code 3.4.0}, digits and dots only. */
  public static boolean isOne(String version) {
    return version.matches("[0-9]{1,6}\\.[0-9]{1,6}(\\.[0-9]{1,6})?");
  }

  private static int part(String version, int index) {
    String[] parts = version.split("\\.", -1);
    String digits = index < parts.length ? parts[index] : "";
    return digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) : 0;
  }
}
