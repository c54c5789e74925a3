// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe.log;

import io.kvorum.base.GoJson;
import io.kvorum.env.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/**
 * One named logger. A line: level, ts, caller, msg, then the pairs in the order given.
 *
 * <p>Standard error is the sink, written a whole line at a time, so that lines of several threads
 * never mix.
 */
final class JsonLogger extends LegacyAbstractLogger implements LoggingEventAware {

  private static final long serialVersionUID = 1L;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSZ").withZone(ZoneId.systemDefault());

  private final transient PrintStream sink;
  private final transient Clock clock;
  private final String caller;
  private final boolean library;

  JsonLogger(String name, PrintStream sink, Clock clock) {
    this.clock = clock;
    this.name = name;
    this.library = name.startsWith("io.vertx.") || name.startsWith("io.netty.");
    this.sink = sink;
    this.caller = name.startsWith("io.kvorum.server.") ? name.substring(17) : name;
  }

  @Override
  public boolean isTraceEnabled() {
    return LogThreshold.lets(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return LogThreshold.lets(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return LogThreshold.lets(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return LogThreshold.lets(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return LogThreshold.lets(Level.ERROR);
  }

  @Override
  public void log(LoggingEvent event) {
    write(
        event.getLevel(),
        event.getMessage(),
        event.getArgumentArray(),
        event.getKeyValuePairs(),
        event.getThrowable());
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String message,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    write(level, message, arguments, null, failure);
  }

  private Instant now() {
    long nanos = clock.unixNanos();
    return Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
  }

  /** A library's word on a connection that broke: peers and clients come and go. */
  private boolean isChatter(@Nullable Throwable failure) {
    return library
        && failure != null
        && (failure instanceof IOException
            || failure.getClass().getName().startsWith("io.vertx.core.http."));
  }

  private void write(
      Level level,
      String message,
      Object @Nullable [] arguments,
      @Nullable List<KeyValuePair> pairs,
      @Nullable Throwable failure) {
    if (isChatter(failure) && !LogThreshold.lets(Level.DEBUG)) {
      return;
    }
    GoJson line = new GoJson();
    line.beginObject().name("level").value(level.name().toLowerCase(Locale.ROOT));
    line.name("ts").value(TIME.format(now()));
    line.name("caller").value(caller);
    line.name("msg").value(MessageFormatter.basicArrayFormat(message, arguments));
    if (pairs != null) {
      for (KeyValuePair pair : pairs) {
        line.name(pair.key);
        value(line, pair.value);
      }
    }
    if (failure != null) {
      line.name("error").value(String.valueOf(failure));
      if (level == Level.ERROR) {
        line.name("stacktrace").value(StackText.of(failure));
      }
    }
    byte[] text = line.endObject().newline().toBytes().toArray();
    synchronized (sink) {
      sink.write(text, 0, text.length);
      sink.flush();
    }
  }

  private static void value(GoJson line, @Nullable Object value) {
    switch (value) {
      case null -> line.nil();
      case Boolean truth -> line.value(truth.booleanValue());
      case Long number -> line.value(number.longValue());
      case Integer number -> line.value((long) number);
      case Iterable<?> values -> {
        line.beginArray();
        values.forEach(each -> line.value(String.valueOf(each)));
        line.endArray();
      }
      default -> line.value(String.valueOf(value));
    }
  }
}
