// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.Bytes;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormFieldsTest {
  private final FormFields form = new FormFields();

  @Test
  void valuesAreUnescaped() {
    form.addQuery("a=x+y%20z&b&=c&%61%3d=1&&utf8=%e6%97%a5");
    assertEquals(Optional.of("x y z"), form.text("a"));
    assertEquals(Optional.of(""), form.text("b"));
    assertEquals(Optional.of("c"), form.text(""));
    assertEquals(Optional.of("1"), form.text("a="));
    assertEquals(Optional.of("日"), form.text("utf8"));
    assertEquals(Optional.empty(), form.get("missing"));
    assertEquals(Optional.empty(), form.error());
  }

  @Test
  void bytesNeedNotBeText() {
    form.addBody(Bytes.wrap(new byte[] {'v', '=', (byte) 0xff, '%', 'f', 'e'}));
    assertEquals(Optional.of(Bytes.wrap(new byte[] {(byte) 0xff, (byte) 0xfe})), form.get("v"));
  }

  @Test
  void aPairThatIsWrongIsLeftOutAndTheRestIsRead() {
    form.addQuery("a=%zz&b=2");
    assertEquals(Optional.of("invalid URL escape \"%zz\""), form.error());
    assertEquals(Optional.empty(), form.get("a"));
    assertEquals(Optional.of("2"), form.text("b"));
  }

  @Test
  void theErrorOfTheBodyCountsBeforeThatOfTheQuery() {
    form.addBody(Bytes.utf8("a=%x"));
    form.addQuery("b;c");
    assertEquals(Optional.of("invalid URL escape \"%x\""), form.error());
  }
}
