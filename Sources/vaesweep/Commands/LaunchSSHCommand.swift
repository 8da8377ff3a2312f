import ArgumentParser
import Foundation
import Launch
import Logging
import Platform
import Sweep
import ZeroMQ

struct LaunchSSHCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ssh", abstract: "Start a worker on every host of a file, by ssh.",
    discussion: """
      The file names a host per line, with its slots: 'user@host 8', or 'host auto' for one per core; \
      what follows a # is a comment. Hosts are reached by your own ssh, with its configuration and keys, \
      and without prompts; they need no Swift, and no copy of this program: it is sent to \
      ~/.cache/vaesweep/bin there where it is missing, of another version or damaged.

      Beside a coordinator with keys the workers are let in by an invitation that is made here, sent by \
      ssh alone and revoked at the end; where the coordinator runs elsewhere, give --join one that was \
      made there. A worker that dies is started again after a pause that grows; a host on which five die \
      quickly one after the other, or on which something must be mended first, is given up with the \
      reason. The command ends with the sweep: 0 complete, 3 where the coordinator has told of failed or \
      cancelled points, 1 where no host is left.

      Ctrl-C, SIGTERM or the end of this program, however it comes, has every worker hand back what it \
      holds and end. With --detach workers go on by themselves, and the invitation stays open until all \
      have come by it, for seven days at the most; --stop ends those that any launch has started on these \
      hosts.
      """)

  @Argument(help: "A file with a host per line: 'user@host 8' or 'host auto'.") var hosts: String
  @Option(
    help: """
      Where the coordinator listens, as hosts reach it, such as tcp://HOST:5757; with --tunnel as this \
      host does.
      """) var connect: String?
  @Flag(help: "Leave once the workers have joined; they go on by themselves.") var detach = false
  @Flag(help: "End the workers on these hosts; with --connect those of that coordinator.")
  var stop = false
  @Option(help: "How ssh is called, such as 'ssh -p 2222'.") var ssh = "ssh"
  @Flag(
    help: """
      Hosts need not reach the coordinator: workers do through their ssh connection (ssh -R).
      """) var tunnel = false
  @Option(
    help: ArgumentHelp(
      "The program for the hosts, where they cannot run this one (default: this one).",
      valueName: "file")) var binary: String?
  @Option(
    help: ArgumentHelp(
      "An invitation made beside the coordinator, or the file with it.",
      valueName: "invitation|@file")) var join: String?
  @Option(
    parsing: .unconditional, help: "How long a worker waits for a coordinator: 30s, 10m, 2h.",
    transform: Patience.read) var wait = Patience(.seconds(600))
  @OptionGroup var operatorOptions: OperatorOptions

  func run() throws {
    try requireSense()
    let entries = try readHosts()
    let signal = try StopSignal()
    let contact = try connect.map { (text) throws(CommandError) in
      try LaunchContact(
        text, operatorOptions, join: join, isTunnelled: tunnel, uses: stop ? nil : entries.count)
    }
    var isAwaited = false
    defer { if !isAwaited { contact?.revoke() } }
    guard let program = SSHProgram(command: ssh, tunnel: tunnel ? contact?.tunnelled : nil) else {
      throw CommandError.badInput("--ssh '\(ssh)': this is no command: write it as in a shell")
    }
    let bundle = try readBundle()
    if let warning = contact?.warning { Logger.console().warning("\(warning)") }
    Signals.request(signal)
    // ssh for each host has two pipes and its end's descriptor.
    OpenFileLimit.raise(to: 256 + 4 * entries.count)
    let purpose: LaunchPurpose = stop ? .stop : detach ? .detach : .attend
    let service = LaunchService(
      entries,
      options: LaunchOptions(
        ssh: program,
        context: RemoteScript.Context(
          token: Self.token, launch: Self.token, endpoint: connect ?? "any", bundle: bundle.name),
        bundle: bundle, purpose: purpose, endpoint: contact?.endpoint ?? "",
        worker: (contact?.worker ?? []) + ["--wait", wait.description]
          + (detach ? [] : ["--end-with-input", "--tell-end"]),
        invitation: contact?.invitation ?? "", stopsAny: connect == nil),
      stop: signal)
    let status = purpose == .attend ? contact?.statusWatch(operatorOptions) : nil
    status?.start()
    var display = LaunchDisplay(entries, sending: bundle, status: status)
    let ending = service.run(&display)
    display.end()
    // Those that wait for their coordinator come by it; it is used up when all have.
    isAwaited = detach && !ending.wasStopped && ending.givenUp < ending.hosts
    try conclude(ending, purpose, status)
  }

  private func requireSense() throws(CommandError) {
    guard !(detach && stop) else {
      throw .badInput("--detach and --stop exclude each other: leave one of them out")
    }
    guard !(detach && tunnel) else {
      throw .badInput(
        "--detach and --tunnel exclude each other: a tunnel lives as long as this command")
    }
    guard connect != nil || stop else {
      throw .badInput("where is the coordinator? give --connect tcp://HOST:5757")
    }
  }

  private func readHosts() throws(CommandError) -> [HostEntry] {
    do throws(HostsFileError) {
      return try HostsFile(path: hosts).hosts
    } catch {
      throw .badInput(error)
    }
  }

  private func readBundle() throws(CommandError) -> ProgramBundle {
    do throws(BundleError) {
      return try ProgramBundle(path: binary ?? ThisProgram.path, version: programVersion)
    } catch {
      throw binary == nil ? .failure(error) : .badInput("--binary: \(error)")
    }
  }

  /// Sixteen digits that nobody knows before.
  private static let token = String(UInt64.random(in: (1 << 60)...UInt64.max), radix: 16)

  private func conclude(
    _ ending: FleetEnding, _ purpose: LaunchPurpose, _ status: StatusWatch?
  ) throws(CommandError) {
    let lost =
      "\(ending.givenUp) of \(ending.hosts.of("host")) \(ending.givenUp == 1 ? "was" : "were") given up"
    switch purpose {
    case .stop:
      guard ending.givenUp == 0 else { throw .failure("\(lost): what runs there is not known") }
    case .detach:
      if ending.givenUp < ending.hosts {
        let by = ssh == "ssh" ? "" : " --ssh \(ShellWord.quoted(ssh))"
        Console.say(
          "to end the workers: vaesweep launch ssh \(ShellWord.quoted(hosts))\(by) --stop")
      }
      guard ending.givenUp == 0 else { throw .failure(lost) }
    case .attend:
      if ending.isComplete {
        let gaps = status?.gaps() ?? 0
        guard gaps == 0 else {
          throw CommandError(
            .failedPoints,
            "the sweep is complete, but \(gaps.of("point")) failed or \(gaps == 1 ? "is" : "are") "
              + "cancelled: 'vaesweep status' tells which")
        }
        return Console.say("the sweep is complete")
      }
      if ending.wasStopped {
        guard ending.unknown == 0 else {
          throw CommandError(
            .interrupted,
            "interrupted; whether the workers of \(ending.unknown.of("host")) have ended is not known: "
              + "--stop ends them")
        }
        throw CommandError(.interrupted, "interrupted; every worker has been ended")
      }
      throw .failure("\(lost): no worker is left")
    }
    if ending.wasStopped { throw CommandError(.interrupted, "interrupted") }
  }
}
