import Foundation
import Launch
import Sweep
import Wire

/// Shows a launch: a row per host where standard error is a terminal, plain lines where it is not.
struct LaunchDisplay: LaunchWatcher {
  private let megabytes: Int
  private let status: StatusWatch?
  private var words: [String]
  private var lastShown: ContinuousClock.Instant?
  private let width: Int

  init(_ hosts: [HostEntry], sending bundle: ProgramBundle, status: StatusWatch?) {
    megabytes = max(1, bundle.archive.reduce(0) { $0 + $1.count } / 1_000_000)
    words = hosts.map { _ in "" }
    width = hosts.map(\.target.count).max() ?? 0
    self.status = status
  }

  mutating func tell(_ line: String, about host: HostEntry) {
    Console.say("\(host.target): \(line)")
  }

  mutating func hear(_ line: String, from host: HostEntry) {
    // On a terminal it stands in the host's row.
    if !Console.isTerminal { Console.say("\(host.target): \(line)") }
  }

  mutating func show(_ fleet: LaunchFleet, at now: Duration) {
    if Console.isTerminal { draw(fleet, now) } else { list(fleet) }
  }

  func end() { Console.endBar() }

  /// What changed, a line each.
  private mutating func list(_ fleet: LaunchFleet) {
    for (index, host) in fleet.hosts.enumerated() where host.state.word != words[index] {
      words[index] = host.state.word
      switch host.state {
      case .copying: tell("sending the program, \(megabytes) MB", about: host.entry)
      case .running:
        let worker = host.worker.map { " (process \($0.process) on \($0.host))" } ?? ""
        tell("a worker runs\(worker)", about: host.entry)
      case .over(.complete): tell("complete", about: host.entry)
      case .over(.stopped): tell("stopped", about: host.entry)
      // What a detached or a lost host came to has been told.
      case .pausing, .connecting, .lackingProgram, .leaving, .over(.detached), .over(.givenUp):
        break
      }
    }
  }

  private mutating func draw(_ fleet: LaunchFleet, _ now: Duration) {
    let time = ContinuousClock.now
    let isNews = fleet.hosts.map(\.state.word) != words
    guard isNews || lastShown.map({ time - $0 >= .seconds(1) }) ?? true else { return }
    words = fleet.hosts.map(\.state.word)
    lastShown = time
    let size = TerminalSize.ofStandardError
    let reply = status?.status
    var lines = ["\(fit("HOST", width))  STATE       SLOTS  POINTS  SINCE     LAST LINE"]
    // A terminal's height holds them, or the rest is counted.
    let shown = fleet.hosts.count + 3 <= size.height ? fleet.hosts.count : max(1, size.height - 4)
    for host in fleet.hosts.prefix(shown) { lines.append(row(host, reply, now)) }
    if shown < fleet.hosts.count { lines.append("… and \(fleet.hosts.count - shown) more") }
    if let reply { lines.append(ProgressDisplay.bar(reply, width: size.width)) }
    Console.showBar(
      lines.map { String($0.printable.prefix(max(1, size.width - 1))) }.joined(separator: "\n"))
  }

  private func row(_ host: LaunchedHost, _ reply: StatusReply?, _ now: Duration) -> String {
    let worker = reply?.workers.first {
      $0.host == host.worker?.host && $0.process == host.worker?.process
    }
    let slots = worker?.slots ?? host.entry.slots
    let since = ((now - host.since) / .seconds(1)).secondsInWords
    return [
      fit(host.entry.target, width), fit(host.state.word, 10),
      fit(slots.map { "\($0)" } ?? "auto", 5), fit(worker.map { "\($0.finished)" } ?? "–", 6),
      fit(since, 8), host.lastLine,
    ].joined(separator: "  ")
  }

  private func fit(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

extension HostState {
  /// The state in a word, as a table shows it.
  var word: String {
    switch self {
    case .pausing: "waiting"
    case .connecting: "connecting"
    case .lackingProgram: "in line"
    case .copying: "copying"
    case .running: "running"
    case .leaving: "leaving"
    case .over(.complete): "complete"
    case .over(.stopped): "stopped"
    case .over(.detached): "detached"
    case .over(.givenUp): "given up"
    }
  }
}
