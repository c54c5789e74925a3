// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.output;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.v3.wire.Message;
import io.kvorum.ctl.v3.wire.MessageJson;

/** Standard output in the format that was asked for. Used by one thread. */
public final class Output {

  private static final int BAD_FEATURE = 4;

  private final Console console;
  private final Format format;
  private final boolean hex;

  /**
   * @param hex whether bytes and ids are shown in hexadecimal
   */
  public Output(Console console, Format format, boolean hex) {
    this.console = console;
    this.format = format;
    this.hex = hex;
  }

  public Format format() {
    return format;
  }

  /** Prints an answer. */
  public void show(Message answer, Rendering rendering) {
    switch (format) {
      case SIMPLE -> rendering.simple(this, answer);
      case FIELDS -> rendering.fields(this, answer);
      case JSON -> rendering.json(this, answer);
      case PROTOBUF -> console.print(answer.source());
      case TABLE -> rendering.table(this, answer);
    }
  }

  /** Says that the command has no such format. */
  public CommandExit unsupported() {
    String name =
        switch (format) {
          case SIMPLE -> "simple";
          case FIELDS -> "fields";
          case JSON -> "json";
          case PROTOBUF -> "protobuf";
          case TABLE -> "table";
        };
    console.errorLine("Error: " + name + " not supported as output format");
    return new CommandExit(BAD_FEATURE);
  }

  public void line(String text) {
    console.line(text);
  }

  public void errorLine(String text) {
    console.errorLine(text);
  }

  /** Bytes and a newline, as they are or in hexadecimal. */
  public void bytesLine(Bytes bytes) {
    if (hex) {
      console.line(HexText.escaped(bytes));
    } else {
      console.print(bytes);
      console.print("\n");
    }
  }

  /** Raw bytes. */
  public void raw(Bytes bytes) {
    console.print(bytes);
  }

  /** Key and value of a pair, each on a line. */
  public void pair(Message pair) {
    bytesLine(pair.bytes(KeyValue.KEY));
    bytesLine(pair.bytes(KeyValue.VALUE));
  }

  /** A message as a line of JSON. */
  public void json(Message answer) {
    GoJson json = new GoJson();
    jsonOf(json).object(answer);
    json(json);
  }

  /** A writer of messages into an open JSON text. */
  public MessageJson jsonOf(GoJson json) {
    return new MessageJson(json, hex);
  }

  /** A finished JSON text as a line. */
  public void json(GoJson json) {
    console.print(json.toBytes());
    console.print("\n");
  }

  // --- fields ---

  /** The header's lines; what has no revision has none to tell. */
  public void header(Message answer) {
    Message header = answer.header();
    unsigned("ClusterID", header.number(1));
    unsigned("MemberID", header.number(2));
    if (header.number(3) != 0) {
      number("Revision", header.number(3));
    }
    unsigned("RaftTerm", header.number(4));
  }

  /** The lines of a pair, their names after a prefix. */
  public void pairFields(String prefix, Message pair) {
    quoted(prefix + "Key", pair.bytes(KeyValue.KEY));
    number(prefix + "CreateRevision", pair.number(KeyValue.CREATE_REVISION));
    number(prefix + "ModRevision", pair.number(KeyValue.MOD_REVISION));
    number(prefix + "Version", pair.number(KeyValue.VERSION));
    quoted(prefix + "Value", pair.bytes(KeyValue.VALUE));
    number(prefix + "Lease", pair.number(KeyValue.LEASE));
  }

  public void number(String name, long value) {
    field(name, Long.toString(value));
  }

  public void unsigned(String name, long value) {
    field(name, Long.toUnsignedString(value));
  }

  public void flag(String name, boolean value) {
    field(name, value ? "true" : "false");
  }

  public void quoted(String name, Bytes value) {
    field(name, GoQuote.of(value));
  }

  public void quoted(String name, String value) {
    field(name, GoQuote.of(Bytes.utf8(value)));
  }

  public void field(String name, String value) {
    console.line("\"" + name + "\" : " + value);
  }

  /** Hands everything printed so far to the operating system. */
  public void flush() {
    console.flush();
  }
}
