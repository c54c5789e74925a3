// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kvorum.server.transport.net.StockGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** The v2 API and gRPC on one port. */
class BesideGrpcTest {

  @Test
  void theV2ApiAnswersOverHttp2AsOverHttp11() throws Exception {
    try (var port = new TestPort();
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      var url = URI.create("http://127.0.0.1:" + port.address.getPort() + "/v2/keys/nothing");
      var first = client.send(get(url), HttpResponse.BodyHandlers.ofString());
      var second = client.send(get(url), HttpResponse.BodyHandlers.ofString());
      var plain = port.get("/v2/keys/nothing");
      assertEquals(HttpClient.Version.HTTP_2, second.version());
      for (var answer : new HttpResponse<?>[] {first, second}) {
        assertEquals(404, answer.statusCode());
        assertEquals(plain.body(), answer.body());
        assertEquals("7", answer.headers().firstValue("X-Etcd-Index").orElseThrow());
      }
    }
  }

  private static HttpRequest get(URI url) {
    return HttpRequest.newBuilder(url).build();
  }

  @Test
  void aServiceThatIsNotThereYetIsUnimplemented() {
    try (var port = new TestPort();
        var client = new StockGrpc(port.address)) {
      var failure =
          assertThrows(
              StatusRuntimeException.class, () -> client.call("/etcdserverpb.KV/Put", new byte[0]));
      assertEquals(Status.Code.UNIMPLEMENTED, failure.getStatus().getCode());
      assertEquals("unknown service etcdserverpb.KV", failure.getStatus().getDescription());
    }
  }
}
