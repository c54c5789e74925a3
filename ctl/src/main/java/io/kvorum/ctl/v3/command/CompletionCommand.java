// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** {@code completion}: a script that lets a shell complete commands and flags. */
final class CompletionCommand implements Command {

  private final String shell;

  CompletionCommand(String shell) {
    this.shell = shell;
  }

  @Override
  public CommandSpec spec() {
    return new CommandSpec(shell, "Generate the autocompletion script for " + shell, "[flags]");
  }

  @Override
  public void run(Call call) {
    StringBuilder script = new StringBuilder();
    switch (shell) {
      case "bash" -> bash(script);
      case "zsh" -> {
        script.append("#compdef etcdctl\nautoload -U +X bashcompinit && bashcompinit\n");
        bash(script);
      }
      case "fish" -> fish(script);
      default -> powershell(script);
    }
    call.console().print(script.toString());
  }

  /** What may follow each beginning of a command line: nothing, a group, a command. */
  private static TreeMap<String, List<String>> words() {
    TreeMap<String, List<String>> words = new TreeMap<>();
    for (String path : CommandTable.paths()) {
      int blank = path.indexOf(' ');
      String first = blank < 0 ? path : path.substring(0, blank);
      List<String> top = words.computeIfAbsent("", k -> new ArrayList<>());
      if (!top.contains(first)) {
        top.add(first);
      }
      if (blank >= 0) {
        words.computeIfAbsent(first, k -> new ArrayList<>()).add(path.substring(blank + 1));
      }
      words.put(path, flags(path));
    }
    return words;
  }

  private static List<String> flags(String path) {
    List<String> flags = new ArrayList<>();
    CommandTable.command(path)
        .ifPresent(command -> command.spec().options().forEach(o -> flags.add("--" + o.name())));
    for (Option option : GlobalFlags.ALL) {
      flags.add("--" + option.name());
    }
    return flags;
  }

  private static void bash(StringBuilder script) {
    script.append("# bash completion for etcdctl\n_etcdctl() {\n");
    script.append("  local cur=${COMP_WORDS[COMP_CWORD]} path='' word words=''\n");
    script.append("  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n");
    script.append("    case $word in -*) ;; *) path=\"${path:+$path }$word\" ;; esac\n  done\n");
    script.append("  case $path in\n");
    words()
        .forEach(
            (path, next) ->
                script
                    .append("    '")
                    .append(path)
                    .append("') words='")
                    .append(String.join(" ", next))
                    .append("' ;;\n"));
    script.append("  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n");
    script.append("complete -o default -F _etcdctl etcdctl\n");
  }

  private static void fish(StringBuilder script) {
    script.append("# fish completion for etcdctl\ncomplete -c etcdctl -f\n");
    words()
        .forEach(
            (path, next) -> {
              String condition =
                  path.isEmpty()
                      ? "__fish_use_subcommand"
                      : "__fish_seen_subcommand_from " + path.substring(path.indexOf(' ') + 1);
              script
                  .append("complete -c etcdctl -n '")
                  .append(condition)
                  .append("' -a '")
                  .append(String.join(" ", next))
                  .append("'\n");
            });
  }

  private static void powershell(StringBuilder script) {
    script.append("# powershell completion for etcdctl\n");
    script.append("Register-ArgumentCompleter -Native -CommandName 'etcdctl' -ScriptBlock {\n");
    script.append("  param($wordToComplete, $commandAst, $cursorPosition)\n");
    script.append("  $path = ($commandAst.CommandElements | Select-Object -Skip 1 |\n");
    script.append("    Where-Object { $_.Extent.EndOffset -lt $cursorPosition -and");
    script.append(" $_.ToString() -notlike '-*' }) -join ' '\n  $words = @{\n");
    words()
        .forEach(
            (path, next) ->
                script
                    .append("    '")
                    .append(path)
                    .append("' = '")
                    .append(String.join(" ", next))
                    .append("'\n"));
    script.append("  }[$path]\n  $words -split ' ' |");
    script.append(" Where-Object { $_ -like \"$wordToComplete*\" }\n}\n");
  }
}
