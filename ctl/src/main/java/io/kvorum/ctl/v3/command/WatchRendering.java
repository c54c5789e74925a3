// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.GoJson;
import io.kvorum.ctl.v3.client.WatchStream;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.wire.Message;
import io.kvorum.ctl.v3.wire.MessageJson;

/** How an answer of a watch looks. JSON has the names of Go's client, not those of the API. */
record WatchRendering(WatchStream.Delivery delivery) implements Rendering {

  private static final int TYPE = 1;
  private static final int KV = 2;
  private static final int PREVIOUS = 3;
  private static final int REVISION = 3;

  @Override
  public void simple(Output out, Message answer) {
    if (delivery.events().isEmpty()) {
      out.line("progress notify: " + answer.header().number(REVISION));
    }
    for (Message event : delivery.events()) {
      out.line(event.number(TYPE) == 0 ? "PUT" : "DELETE");
      if (event.has(PREVIOUS)) {
        out.pair(event.message(PREVIOUS));
      }
      out.pair(event.message(KV));
    }
  }

  @Override
  public void fields(Output out, Message answer) {
    out.header(answer);
    for (Message event : delivery.events()) {
      out.field("Type", event.number(TYPE) == 0 ? "PUT" : "DELETE");
      if (event.has(PREVIOUS)) {
        out.pairFields("Prev", event.message(PREVIOUS));
      }
      out.pairFields("", event.message(KV));
    }
  }

  @Override
  public void json(Output out, Message answer) {
    GoJson json = new GoJson();
    MessageJson messages = out.jsonOf(json);
    json.beginObject().name("Header");
    messages.object(answer.header());
    json.name("Events").beginArray();
    for (Message event : delivery.events()) {
      messages.object(event);
    }
    json.endArray();
    json.name("CompactRevision").value(delivery.compactRevision());
    json.name("Canceled").value(false).name("Created").value(false).endObject();
    out.json(json);
  }
}
