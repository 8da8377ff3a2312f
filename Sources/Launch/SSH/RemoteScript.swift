internal import Platform

/// The scripts that run on a host, each as one command for whatever shell the user has there.
///
/// A login shell of any kind (sh, csh, fish) must pass them on as they stand: so they hold no single
/// quote, no exclamation mark, no doubled backslash and no end of line.
package struct RemoteScript: Hashable, Sendable {
  package let text: String
  let arguments: [String]

  /// What is run by `ssh TARGET`.
  package var command: String {
    (["exec", "sh", "-c", "'\(text)'", "sh"] + arguments.map(ShellWord.quoted))
      .joined(separator: " ")
  }

  /// What one launch tells all its scripts.
  package struct Context: Hashable, Sendable {
    /// Marks its lines; nobody else knows it before.
    package var token: String
    /// Names this launch in the records of its workers.
    package var launch: String
    /// Where the coordinator listens, as the user wrote it: which workers are meant.
    package var endpoint: String
    package var bundle: BundleName

    package init(token: String, launch: String, endpoint: String, bundle: BundleName) {
      self.token = token
      self.launch = launch
      self.endpoint = endpoint
      self.bundle = bundle
    }
  }

  /// Becomes a worker that ends with its standard input, or says why not.
  ///
  /// - Parameters:
  ///   - line: The host's place in the hosts file.
  ///   - worker: Its options but for `--connect`, whose value is the first line of input.
  package static func start(
    _ context: Context, line: HostNumber, worker: [String]
  ) -> RemoteScript {
    RemoteScript(
      text: lines(
        opening, functions, checks, others,
        "note $$ attached;",
        "say ready \"$host\" $$;",
        // Whoever started this has gone: nobody wants a worker.
        "read -r address || exit 0;",
        "exec \"$here/bin/vaesweep\" worker --connect \"$address\" \"$@\""),
      arguments: startArguments(context, line) + worker)
  }

  /// Starts a worker that outlives the connection, and waits a while for it to join.
  ///
  /// Input: the endpoint and the invitation, a line each; the second may be empty.
  package static func detach(
    _ context: Context, line: HostNumber, worker: [String]
  ) -> RemoteScript {
    RemoteScript(
      text: lines(
        opening, functions, checks, others,
        "say ready \"$host\" $$;",
        "read -r address || exit 0; read -r join || exit 0;",
        // printf is part of the shell: the invitation stands in nobody's list of processes. What becomes
        // the worker tells its number, by which its log is called.
        "first=\"$base/launch/.starting-$host-$$\"; printf \"%s\\n\" \"$join\" | setsid sh -c",
        "\"echo \\$\\$ >\\\"\\$1\\\"; shift; exec \\\"\\$@\\\" >\\\"\\$0@\\$\\$.log\\\" 2>&1\"",
        "\"$base/launch/$host\" \"$first\" \"$here/bin/vaesweep\" worker --connect \"$address\" \"$@\" &",
        "join=; pid=; n=0; while [ -z \"$pid\" ] && [ $n -lt 150 ]; do pause; n=$((n+1));",
        "pid=$(cat \"$first\" 2>/dev/null); done; rm -f \"$first\";",
        "[ -n \"$pid\" ] || { say failed 127; exit 0; }; log=\"$base/launch/$host@$pid.log\";",
        "note $pid detached;",
        "n=0; while [ $n -lt 150 ]; do",
        "if grep -qs \"joining sweep\" \"$log\"; then say detached \"$host\" $pid joined; exit 0; fi;",
        "if [ -z \"$(started $pid)\" ]; then wait $pid; status=$?; tail -n 5 \"$log\" 2>/dev/null;",
        "rm -f \"$base/launch/$host@$pid\"; say failed $status; exit 0; fi;",
        "pause; n=$((n+1)); done;",
        "say detached \"$host\" $pid waiting"),
      arguments: startArguments(context, line) + worker)
  }

  /// Puts the archive on standard input where a worker is started from: whole, or not at all.
  package static func copy(_ context: Context) -> RemoteScript {
    RemoteScript(
      text: lines(
        "token=$1; folder=$2; digest=$3;", functions,
        "umask 077; mkdir -p \"$base/bin\" || exit 1;",
        // What a copy that was cut off has left, and versions that nothing has started for long.
        "find \"$base/bin\" -maxdepth 1 -name \".copying-*\" -mmin +1440 -exec rm -rf {} +;",
        "find \"$base/bin\" -maxdepth 1 -name \"vaesweep-*\" -mtime +90 -exec rm -rf {} +;",
        "new=\"$base/bin/.copying-$host-$$\"; mkdir \"$new\" || exit 1;",
        "trap \"rm -rf \\\"$new\\\"\" EXIT;",
        "tar -xf - -C \"$new\" || exit 1;",
        "( whole \"$new\" ) || { echo \"the copy is not what was sent\"; exit 1; };",
        "here=\"$base/bin/$folder\";",
        // One that is damaged makes room; one that another host with this home has made serves.
        "if [ -e \"$here\" ] && ( whole \"$here\" ); then say copied; exit 0; fi;",
        "[ -e \"$here\" ] && mv \"$here\" \"$new.old\" && rm -rf \"$new.old\";",
        "mv -T \"$new\" \"$here\" || ( whole \"$here\" ) || exit 1;",
        "say copied"),
      arguments: [context.token, context.bundle.folder, context.bundle.digest])
  }

  /// Ends workers that were started here: SIGTERM, and SIGKILL for one that has not ended after a while.
  ///
  /// - Parameters:
  ///   - onlyOwn: Of this launch alone, not of earlier ones too.
  ///   - endpoint: Of this coordinator alone; nil for any.
  package static func stop(_ context: Context, onlyOwn: Bool, endpoint: String?) -> RemoteScript {
    RemoteScript(
      text: lines(
        "token=$1; launch=$2; endpoint=$3;", functions,
        "found=; for record in \"$base/launch/$host@\"*; do",
        known,
        "[ \"$launch\" = any ] || [ \"$launch\" = \"$by\" ] || continue;",
        "[ \"$endpoint\" = any ] || [ \"$endpoint\" = \"$at\" ] || continue;",
        "found=1; finish $pid \"$start\"; rm -f \"$record\"; done;",
        "[ -n \"$found\" ] || say none"),
      arguments: [context.token, onlyOwn ? context.launch : "any", endpoint ?? "any"])
  }

  private static func lines(_ lines: String...) -> String { lines.joined(separator: " ") }

  private static func startArguments(_ context: Context, _ line: HostNumber) -> [String] {
    [
      context.token, context.bundle.folder, context.bundle.digest, context.bundle.machine,
      context.launch, context.endpoint, "\(line.value)",
    ]
  }

  private static let opening =
    "token=$1; folder=$2; digest=$3; machine=$4; launch=$5; endpoint=$6; line=$7; shift 7;"

  private static let functions = lines(
    "say() { echo \"vaesweep-launch:$token: $*\"; };",
    "pause() { sleep 0.2 2>/dev/null || sleep 1; };",
    "base=\"${XDG_CACHE_HOME:-$HOME/.cache}/vaesweep\";",
    "host=$(uname -n); boot=$(cat /proc/sys/kernel/random/boot_id);",
    // When a process was started, in ticks since the boot; nothing for one that has ended. Together
    // with the boot that names it for good, which its number alone does not.
    "started() { set -f; set -- $(cat \"/proc/$1/stat\" 2>/dev/null); set +f;",
    "[ \"$3\" = Z ] || echo \"${22}\"; };",
    // Its files are those that were sent.
    "whole() { [ -x \"$1/bin/vaesweep\" ] && cd \"$1\" || return 1;",
    "command -v sha256sum >/dev/null || return 0;",
    "[ \"$(sha256sum <SHA256SUMS | cut -c1-64)\" = \"$digest\" ] || return 1;",
    "sha256sum -c SHA256SUMS >/dev/null 2>&1; };",
    "note() { echo \"$1 $(started $1) $boot $launch $2 $endpoint\" >\"$base/launch/$host@$1\"; };",
    "finish() { kill -TERM $1; n=0; while [ \"$(started $1)\" = \"$2\" ]; do",
    "if [ $n -ge 150 ]; then kill -KILL $1; say killed $1; return; fi;",
    "pause; n=$((n+1)); done; say ended $1; };")

  private static let checks = lines(
    "[ \"$(uname -sm)\" = \"Linux $machine\" ] || { say machine $(uname -sm); exit 0; };",
    "here=\"$base/bin/$folder\";",
    "( whole \"$here\" ) || { say missing; exit 0; };",
    // Only what nothing starts for long is removed.
    "touch \"$here\";",
    "umask 077; mkdir -p \"$base/launch\" || exit 1;",
    // The log of a worker that runs, however long it has said nothing, stays.
    "find \"$base/launch\" -name \"*.log\" -mtime +7 | while read -r old; do",
    "[ -f \"${old%.log}\" ] || rm -f \"$old\"; done;",
    // The line of the hosts file that comes here first keeps the host: another is another name of it, and
    // each would end the other's worker.
    "find \"$base/launch\" -name \".line-*\" -mtime +7 -exec rm -f {} +;",
    "claim=\"$base/launch/.line-$host-$boot-$launch\"; ln -s $line \"$claim\" 2>/dev/null;",
    "[ \"$(readlink \"$claim\" || echo $line)\" = $line ] || { say twice; exit 0; };")

  /// Reads a record of a worker, and goes on with the next where that has ended.
  private static let known = lines(
    "case $record in *.log) continue;; esac; [ -f \"$record\" ] || continue;",
    "read -r pid start on by mode at <\"$record\" || continue;",
    "[ \"$on\" = \"$boot\" ] && [ -n \"$start\" ] && [ \"$(started $pid)\" = \"$start\" ] ||",
    "{ rm -f \"$record\"; continue; };")

  /// A worker of this launch whose connection was lost makes room; another launch's is left alone.
  private static let others = lines(
    "for record in \"$base/launch/$host@\"*; do", known,
    "[ \"$at\" = \"$endpoint\" ] || continue;",
    "if [ \"$by\" = \"$launch\" ]; then finish $pid \"$start\"; rm -f \"$record\";",
    // One whose launch has just ended is about to end itself.
    "else n=0; while [ \"$mode\" = attached ] && [ $n -lt 75 ] &&",
    "[ \"$(started $pid)\" = \"$start\" ]; do pause; n=$((n+1)); done;",
    "if [ \"$(started $pid)\" = \"$start\" ]; then say busy $pid; exit 0; fi;",
    "rm -f \"$record\"; fi; done;")
}
