// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.base.ProtoWriter;
import io.kvorum.raft.ConfChange;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.RaftWire;
import io.kvorum.server.command.TreeCommand.Condition;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryCodecTest {

  private static final Bytes KEY = Bytes.utf8("/1/foo");
  private static final Bytes BAR = Bytes.utf8("bar");
  private static final long LATER = 1_700_000_000_000_000_000L;

  @Test
  void rawRequestsOfGenuineMembersAreReadAndWrittenBackByteForByte() {
    int count = 0;
    for (Vectors.Vector vector : Vectors.all()) {
      if (vector.name().startsWith("raw v2 request")) {
        assertEquals(vector.bytes(), V2Request.decode(vector.bytes()).encode(), vector.name());
        count++;
      }
    }
    assertEquals(8, count);
  }

  @Test
  void rawRequestsMeanWhatGenuineMembersMakeOfThem() {
    List<EntryCodec.Decoded> decoded = new ArrayList<>();
    for (Vectors.Vector vector : Vectors.all()) {
      if (vector.name().contains("v2 request")) {
        decoded.add(EntryCodec.decode(entry(vector.bytes())));
      }
    }
    assertEquals(
        List.of(
            new EntryCodec.Decoded(9, new TreeCommand.Update(KEY, BAR, 0, false)),
            new EntryCodec.Decoded(
                9,
                new MemberCommand.Publish(
                    MemberId.parseHex("b31c02ac56e1ddb7"),
                    "m1",
                    List.of("http://127.0.0.1:25811"))),
            new EntryCodec.Decoded(10, new MemberCommand.SetClusterVersion("3.4.0")),
            new EntryCodec.Decoded(11, new TreeCommand.Expire(LATER)),
            new EntryCodec.Decoded(12, new TreeCommand.Create(KEY, false, BAR, LATER)),
            new EntryCodec.Decoded(
                13, new TreeCommand.CompareAndDelete(KEY, new Condition(Bytes.EMPTY, 4))),
            new EntryCodec.Decoded(
                14, new TreeCommand.CreateInOrder(Bytes.utf8("/1/q"), false, Bytes.utf8("x"), 0)),
            new EntryCodec.Decoded(15, new TreeCommand.Read(KEY, false, true)),
            new EntryCodec.Decoded(16, new TreeCommand.Update(KEY, Bytes.EMPTY, LATER, true))),
        decoded);
  }

  @Test
  void whatGenuineMembersWriteForACommandIsWhatWeWrite() {
    List<Bytes> raw =
        Vectors.all().stream()
            .filter(v -> v.name().startsWith("raw v2 request"))
            .map(Vectors.Vector::bytes)
            .toList();
    // The DELETE of the vectors carries more than its command needs.
    for (int i : new int[] {0, 1, 2, 3, 5, 6, 7}) {
      EntryCodec.Decoded decoded = EntryCodec.decode(entry(raw.get(i)));
      EntryCodec.Encoded encoded = EntryCodec.encode(decoded.requestId(), decoded.command());
      assertEquals(new EntryCodec.Encoded(EntryType.NORMAL, raw.get(i)), encoded);
    }
  }

  @Test
  void bootstrapEntriesAreThoseOfGenuineMembers() {
    // The first three entries of the recorded log of a genuine 3.4 cluster.
    List<String> recorded =
        List.of(
            "0800100018d5c98f9f9cf78ba070224c7b226964223a3830383835313734303536353933"
                + "35383432312c227065657255524c73223a5b22687474703a2f2f3132372e302e302e313a"
                + "3235383033225d2c226e616d65223a226d33227d",
            "0800100018b7bb87b7c5d5808eb301224d7b226964223a31323930363139333537313335"
                + "323237323331312c227065657255524c73223a5b22687474703a2f2f3132372e302e302e"
                + "313a3235383031225d2c226e616d65223a226d31227d",
            "0800100018aad4d486b780aee5e001224d7b226964223a31363139373936313333343730"
                + "383834313030322c227065657255524c73223a5b22687474703a2f2f3132372e302e302e"
                + "313a3235383032225d2c226e616d65223a226d32227d");
    List<String> ids = List.of("70402fb9c3e3e4d5", "b31c02ac56e1ddb7", "e0cab80370d52a2a");
    for (int i = 0; i < 3; i++) {
      int member = List.of(3, 1, 2).get(i);
      List<String> urls = List.of("http://127.0.0.1:2580" + member);
      MemberCommand.Add add =
          new MemberCommand.Add(MemberId.parseHex(ids.get(i)), urls, "m" + member, false);
      assertEquals(recorded.get(i), EntryCodec.encode(0, add).data().hex());
    }
  }

  @Test
  void memberChangesHaveTheContextsOfGenuineMembers() {
    MemberId id = MemberId.parseHex("b31c02ac56e1ddb7");
    List<String> urls = List.of("http://a:1", "http://b:2/?x=<&>");
    assertEquals(
        "{\"id\":12906193571352272311,\"peerURLs\":[\"http://a:1\",\"http://b:2/?x=\\u003c\\u0026"
            + "\\u003e\"],\"isLearner\":true}",
        context(new MemberCommand.Add(id, urls, "", true)));
    assertEquals(
        "{\"id\":12906193571352272311,\"peerURLs\":null,\"isPromote\":true}",
        context(new MemberCommand.Promote(id)));
    assertEquals(
        "{\"id\":12906193571352272311,\"peerURLs\":[\"http://a:1\"]}",
        context(new MemberCommand.Update(id, List.of("http://a:1"))));
    assertEquals("", context(new MemberCommand.Remove(id)));
    assertEquals("{}", MemberJson.attributes("", List.of()).utf8());
  }

  @Test
  void everyCommandComesBackAsItWas() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 5000; i++) {
      Command command = command(random);
      long id = command instanceof Command.Nothing ? 0 : random.nextLong();
      EntryCodec.Encoded encoded = EntryCodec.encode(id, command);
      Entry entry = new Entry(encoded.type(), 3, 9, encoded.data());
      assertEquals(new EntryCodec.Decoded(id, command), EntryCodec.decode(entry), "seed " + seed);
    }
  }

  @Test
  void theFormsOf36AreRead() {
    ProtoWriter out = new ProtoWriter();
    int header = out.begin(100);
    out.uint64(1, 5);
    out.end(header);
    int version = out.begin(1300);
    out.string(1, "3.5.0");
    out.end(version);
    assertEquals(
        new EntryCodec.Decoded(5, new MemberCommand.SetClusterVersion("3.5.0")),
        EntryCodec.decode(entry(out.toBytes())));
    out.reset();
    int attributes = out.begin(1301);
    out.uint64(1, 7);
    int inner = out.begin(2);
    out.string(1, "m");
    out.string(2, "http://c:1");
    out.end(inner);
    out.end(attributes);
    assertEquals(
        new EntryCodec.Decoded(
            0, new MemberCommand.Publish(new MemberId(7), "m", List.of("http://c:1"))),
        EntryCodec.decode(entry(out.toBytes())));
  }

  @Test
  void pathsOfGenuineMembersAreCleanedAsTheirStoreDoes() {
    V2Request odd = V2Request.put(1, Bytes.utf8("1//a/./b/../c/"), BAR);
    assertEquals(
        new TreeCommand.Set(Bytes.utf8("/1/a/c"), false, BAR, 0, false),
        EntryCodec.decode(entry(odd.encode())).command());
  }

  @Test
  void anAttributesPathBelowUserKeysIsAnOrdinaryKey() {
    Bytes path = Bytes.utf8("/1/0/members/ab/attributes");
    TreeCommand.Set set = new TreeCommand.Set(path, false, BAR, 0, false);
    assertEquals(
        new EntryCodec.Decoded(3, set), EntryCodec.decode(entry(EntryCodec.encode(3, set).data())));
  }

  @Test
  void rubbishIsRefusedWithItsPosition() {
    for (String hex : List.of("ff", "0a", "1205ffffffffff", "12020a05")) {
      UnreadableEntry fault =
          assertThrows(
              UnreadableEntry.class,
              () -> EntryCodec.decode(entry(Bytes.wrap(HexFormat.of().parseHex(hex)))),
              hex);
      assertEquals(77, fault.logIndex());
    }
    ConfChange liar =
        new ConfChange(1, ConfChange.Type.ADD_NODE, 5, Bytes.utf8("{\"id\":6,\"peerURLs\":[]}"));
    Entry entry = new Entry(EntryType.CONF_CHANGE, 1, 77, RaftWire.encode(liar));
    assertThrows(UnreadableEntry.class, () -> EntryCodec.decode(entry));
  }

  private static String context(MemberCommand command) {
    EntryCodec.Encoded encoded = EntryCodec.encode(1, command);
    assertEquals(EntryType.CONF_CHANGE, encoded.type());
    return RaftWire.decodeConfChange(encoded.data()).context().utf8();
  }

  private static Command command(Random random) {
    Bytes path = Bytes.utf8("/1/" + random.nextInt());
    byte[] raw = new byte[random.nextInt(5)];
    random.nextBytes(raw);
    Bytes value = Bytes.copyOf(raw);
    boolean flag = random.nextBoolean();
    long expires = random.nextInt(3) == 0 ? random.nextLong() : 0;
    Condition condition = new Condition(value, value.isEmpty() || flag ? random.nextLong() | 1 : 0);
    MemberId id = new MemberId(random.nextLong() | 1);
    List<String> urls = List.of("http://h" + random.nextInt(99) + ":1", "http://ä<b>:2");
    return switch (random.nextInt(16)) {
      case 0 -> new TreeCommand.Set(path, flag, value, expires, random.nextBoolean());
      case 1 -> new TreeCommand.Create(path, flag, value, expires);
      case 2 -> new TreeCommand.CreateInOrder(path, flag, value, expires);
      case 3 -> new TreeCommand.Update(path, value, expires, flag);
      case 4 -> new TreeCommand.CompareAndSwap(path, value, condition, expires, flag);
      case 5 -> new TreeCommand.Delete(path, flag, random.nextBoolean());
      case 6 -> new TreeCommand.CompareAndDelete(path, condition);
      case 7 -> new TreeCommand.Expire(random.nextLong());
      case 8 -> new TreeCommand.Read(path, flag, random.nextBoolean());
      case 9 -> new MemberCommand.Add(id, urls, flag ? "n<>" : "", random.nextBoolean());
      case 10 -> new MemberCommand.Promote(id);
      case 11 -> new MemberCommand.Remove(id);
      case 12 -> new MemberCommand.Update(id, urls);
      case 13 -> new MemberCommand.Publish(id, flag ? "m" : "", flag ? urls : List.of());
      case 14 -> new MemberCommand.SetClusterVersion("3." + random.nextInt(9) + ".0");
      default -> new Command.Nothing();
    };
  }

  private static Entry entry(Bytes data) {
    return new Entry(EntryType.NORMAL, 5, 77, data);
  }
}
