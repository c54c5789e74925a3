// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

/**
 * The conditions and extras of a write; {@link #PLAIN} has none.
 *
 * @param ttlSeconds time to live; none when not positive
 * @param existence whether the key must or must not be there
 * @param previousValue what the key must contain; empty for no condition
 * @param previousIndex what its modified index must be, unsigned; 0 for no condition
 */
public record KeyWrite(
    long ttlSeconds, Existence existence, String previousValue, long previousIndex) {

  /** What a write demands of the key's existence. */
  public enum Existence {
    ANY(""),
    MISSING("false"),
    PRESENT("true");

    /** The query parameter's value; empty when it is left out. */
    private final String parameter;

    Existence(String parameter) {
      this.parameter = parameter;
    }

    String parameter() {
      return parameter;
    }
  }

  public static final KeyWrite PLAIN = new KeyWrite(0, Existence.ANY, "", 0);

  /** The same with a time to live. */
  public KeyWrite withTtl(long seconds) {
    return new KeyWrite(seconds, existence, previousValue, previousIndex);
  }

  /** The same with a demand on existence. */
  public KeyWrite where(Existence demanded) {
    return new KeyWrite(ttlSeconds, demanded, previousValue, previousIndex);
  }

  /** The same with conditions on the content before. */
  public KeyWrite ifPrevious(String value, long index) {
    return new KeyWrite(ttlSeconds, existence, value, index);
  }
}
