// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.FixedText;
import io.kvorum.ctl.v3.output.HexText;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.output.Table;
import io.kvorum.ctl.v3.wire.Message;
import java.util.ArrayList;
import java.util.List;

/** {@code member}: the members of the cluster. */
final class MemberCommands {

  static final int ID = 1;
  private static final int NAME = 2;
  private static final int PEER_URLS = 3;
  static final int CLIENT_URLS = 4;
  private static final int LEARNER = 5;
  static final int MEMBERS = 2;
  private static final int CLUSTER_ID = 1;

  private static final Option PEER_URLS_FLAG =
      Option.text("comma separated peer URLs for the member.", "peer-urls");

  private MemberCommands() {}

  private static long id(Call call) {
    if (call.count() != 1) {
      throw call.badArguments("member ID is not provided");
    }
    try {
      return Numbers.unsigned(call.argument(0), 16);
    } catch (Numbers.Mistake e) {
      throw call.badArguments("bad member ID arg (" + e.getMessage() + "), expecting ID in Hex");
    }
  }

  private static List<String> urls(Call call) {
    String text = call.flags().text(PEER_URLS_FLAG);
    if (text.isEmpty()) {
      throw call.badArguments("member peer urls not provided");
    }
    return List.of(text.split(",", -1));
  }

  /** How a change is told: {@code Member ID DONE cluster CLUSTER}. */
  private static String change(long id, String done, Message answer) {
    String cluster = HexText.padded(answer.header().number(CLUSTER_ID), ' ');
    return "Member " + HexText.padded(id, ' ') + " " + done + " cluster " + cluster;
  }

  /** The request for the list; asked for as it is now unless {@code serializable}. */
  static ProtoWriter listRequest(boolean serializable) {
    ProtoWriter request = new ProtoWriter();
    request.bool(1, !serializable);
    return request;
  }

  static final class ListAll implements Command, Rendering {

    private static final Option CONSISTENCY =
        Option.text("l", "Linearizable(l) or Serializable(s)", List.of("consistency"));

    @Override
    public CommandSpec spec() {
      return new CommandSpec("list", "Lists all members in the cluster", "[flags]", CONSISTENCY);
    }

    @Override
    public void run(Call call) {
      String consistency = call.flags().text(CONSISTENCY);
      if (!consistency.equals("l") && !consistency.equals("s")) {
        throw call.fail(ExitStatus.BAD_FEATURE, "unknown consistency flag \"" + consistency + "\"");
      }
      call.show(call.ask(Rpc.MEMBER_LIST, listRequest(consistency.equals("s"))), this);
    }

    private static List<String> row(Message member) {
      return List.of(
          Long.toHexString(member.number(ID)),
          member.text(NAME).isEmpty() ? "unstarted" : "started",
          member.text(NAME),
          String.join(",", member.texts(PEER_URLS)),
          String.join(",", member.texts(CLIENT_URLS)),
          member.flag(LEARNER) ? "true" : "false");
    }

    @Override
    public void simple(Output out, Message answer) {
      for (Message member : answer.messages(MEMBERS)) {
        out.line(String.join(", ", row(member)));
      }
    }

    @Override
    public void table(Output out, Message answer) {
      Table table = new Table("ID", "STATUS", "NAME", "PEER ADDRS", "CLIENT ADDRS", "IS LEARNER");
      for (Message member : answer.messages(MEMBERS)) {
        table.row(row(member));
      }
      table.print(out);
    }

    @Override
    public void fields(Output out, Message answer) {
      out.header(answer);
      for (Message member : answer.messages(MEMBERS)) {
        out.unsigned("ID", member.number(ID));
        out.quoted("Name", member.text(NAME));
        for (String url : member.texts(PEER_URLS)) {
          out.quoted("PeerURL", url);
        }
        for (String url : member.texts(CLIENT_URLS)) {
          out.quoted("ClientURL", url);
        }
        out.flag("IsLearner", member.flag(LEARNER));
        out.line("");
      }
    }
  }

  static final class Add implements Command, Rendering {

    private static final Option LEARNER_FLAG =
        Option.flag("indicates if the new member is raft learner", "learner");

    private String name = "";
    private List<String> urls = List.of();

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "add",
          "Adds a member into the cluster",
          "<memberName> [options] [flags]",
          LEARNER_FLAG,
          PEER_URLS_FLAG);
    }

    @Override
    public void run(Call call) {
      if (call.count() < 1) {
        throw call.badArguments("member name not provided");
      }
      if (call.count() > 1) {
        String second = call.argument(1);
        boolean looksLikeUrl = second.startsWith("http://") || second.startsWith("https://");
        throw call.badArguments(
            "too many arguments" + (looksLikeUrl ? ", did you mean --peer-urls=" + second : ""));
      }
      name = call.argument(0);
      urls = urls(call);
      for (String url : urls) {
        checkUrl(call, url);
      }
      ProtoWriter request = new ProtoWriter();
      for (String url : urls) {
        request.stringAlways(1, url);
      }
      request.bool(2, call.isSet(LEARNER_FLAG));
      call.show(call.ask(Rpc.MEMBER_ADD, request), this);
    }

    private static void checkUrl(Call call, String url) {
      for (String scheme : List.of("http://", "https://", "unix://", "unixs://")) {
        if (url.startsWith(scheme)) {
          return;
        }
      }
      throw call.fail(ExitStatus.ERROR, "URL scheme must be http, https, unix, or unixs: " + url);
    }

    @Override
    public void simple(Output out, Message answer) {
      Message added = answer.message(2);
      boolean learner = added.flag(LEARNER);
      out.line(change(added.number(ID), learner ? "added as learner to" : "added to", answer));
      out.line("");
      out.line("ETCD_NAME=\"" + name + "\"");
      List<String> cluster = new ArrayList<>();
      for (Message member : answer.messages(3)) {
        boolean isNew = member.number(ID) == added.number(ID);
        for (String url : member.texts(PEER_URLS)) {
          cluster.add((isNew ? name : member.text(NAME)) + "=" + url);
        }
      }
      out.line("ETCD_INITIAL_CLUSTER=\"" + String.join(",", cluster) + "\"");
      out.line("ETCD_INITIAL_ADVERTISE_PEER_URLS=\"" + String.join(",", urls) + "\"");
      out.line("ETCD_INITIAL_CLUSTER_STATE=\"existing\"");
    }
  }

  static final class Remove implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("remove", "Removes a member from the cluster", "<memberID> [flags]");
    }

    @Override
    public void run(Call call) {
      long id = id(call);
      ProtoWriter request = new ProtoWriter();
      request.uint64(1, id);
      Message answer = call.ask(Rpc.MEMBER_REMOVE, request);
      call.show(answer, new FixedText(change(id, "removed from", answer), false));
    }
  }

  static final class Update implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "update",
          "Updates a member in the cluster",
          "<memberID> [options] [flags]",
          PEER_URLS_FLAG);
    }

    @Override
    public void run(Call call) {
      long id = id(call);
      ProtoWriter request = new ProtoWriter();
      request.uint64(1, id);
      for (String url : urls(call)) {
        request.stringAlways(2, url);
      }
      Message answer = call.ask(Rpc.MEMBER_UPDATE, request);
      call.show(answer, new FixedText(change(id, "updated in", answer), false));
    }
  }

  static final class Promote implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "promote", "Promotes a non-voting member in the cluster", "<memberID> [flags]");
    }

    @Override
    public void run(Call call) {
      long id = id(call);
      ProtoWriter request = new ProtoWriter();
      request.uint64(1, id);
      Message answer = call.ask(Rpc.MEMBER_PROMOTE, request);
      call.show(answer, new FixedText(change(id, "promoted in", answer), false));
    }
  }
}
