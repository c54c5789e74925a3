// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Encrypts a connection with the JVM's own trusted authorities and checks the host's name. A class
 * of its own, so that plain connections load nothing of the TLS library.
 */
final class TlsUpgrade {

  private TlsUpgrade() {}

  /**
   * The encrypted side of a connected socket, which it closes when the handshake fails.
   *
   * @throws TransportFailure when there is no agreement
   */
  static Socket of(Socket plain, HttpUrl url, Deadline deadline) {
    try {
      plain.setSoTimeout(deadline.socketMillis());
      SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
      SSLSocket socket = (SSLSocket) factory.createSocket(plain, url.host(), url.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      TransportFailure failure = SocketFailures.read(plain, e);
      HttpTransport.close(plain);
      throw deadline.isOver() ? new TimeLimitReached() : failure;
    }
  }
}
