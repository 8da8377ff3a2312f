internal import Glibc
package import Platform

/// What a launch needs besides its hosts.
package struct LaunchOptions: Sendable {
  package var ssh: SSHProgram
  package var context: RemoteScript.Context
  package var bundle: ProgramBundle
  package var purpose: LaunchPurpose
  /// Where workers find the coordinator, unless a tunnel leads there.
  package var endpoint: String
  /// The workers' options but for `--connect` and `--slots`.
  package var worker: [String]
  /// What a worker reads from its standard input, and nobody else is shown; empty where it needs none.
  package var invitation: String
  /// Whether workers of any coordinator are ended, with ``LaunchPurpose/stop``.
  package var stopsAny: Bool

  package init(
    ssh: SSHProgram, context: RemoteScript.Context, bundle: ProgramBundle,
    purpose: LaunchPurpose, endpoint: String, worker: [String], invitation: String,
    stopsAny: Bool
  ) {
    self.ssh = ssh
    self.context = context
    self.bundle = bundle
    self.purpose = purpose
    self.endpoint = endpoint
    self.worker = worker
    self.invitation = invitation
    self.stopsAny = stopsAny
  }
}

/// Whoever watches a launch.
package protocol LaunchWatcher {
  /// Something happened on a host that a person should know.
  mutating func tell(_ line: String, about host: HostEntry)
  /// A worker, or ssh, said a line.
  mutating func hear(_ line: String, from host: HostEntry)
  /// The hosts as they stand now.
  mutating func show(_ fleet: LaunchFleet, at now: Duration)
}

/// Runs a launch: one `ssh` for each host, one thread for all.
package final class LaunchService {
  private let options: LaunchOptions
  private let stop: StopSignal
  private var fleet: LaunchFleet
  private var connections: [HostNumber: SSHConnection] = [:]
  private let start = ContinuousClock.now

  package init(_ hosts: [HostEntry], options: LaunchOptions, stop: StopSignal) {
    self.options = options
    self.stop = stop
    fleet = LaunchFleet(
      hosts, purpose: options.purpose, hasTunnel: options.ssh.tunnel != nil)
  }

  private var now: Duration { ContinuousClock.now - start }

  /// Runs until nothing is left to do for any host.
  package func run(_ watcher: inout some LaunchWatcher) -> FleetEnding {
    handle(.tick, &watcher)
    while !fleet.isOver {
      wait()
      if stop.isRequested {
        // A second request wakes it once, not for ever.
        stop.wakeUp.clear()
        if !fleet.isStopping { handle(.stopRequested, &watcher) }
      }
      for (number, connection) in connections { attend(connection, number, &watcher) }
      handle(.tick, &watcher)
      watcher.show(fleet, at: now)
    }
    return fleet.ending
  }

  /// Waits for anything to happen, for a moment at most: deadlines are looked at by the fleet.
  private func wait() {
    var items = [pollfd(fd: stop.wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
    var limit: Int32 = 500
    for connection in connections.values {
      let (output, input, end) = connection.descriptors
      items.append(pollfd(fd: output, events: Int16(POLLIN), revents: 0))
      items.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
      items.append(pollfd(fd: end, events: Int16(POLLIN), revents: 0))
      if connection.lacksEndDescriptor { limit = 50 }
    }
    _ = poll(&items, nfds_t(items.count), limit)
  }

  private func attend(
    _ connection: SSHConnection, _ number: HostNumber, _ watcher: inout some LaunchWatcher
  ) {
    connection.write()
    for line in connection.read() { pass(line, number, &watcher) }
    guard let end = connection.ended() else { return }
    for line in end.lines { pass(line, number, &watcher) }
    connections[number] = nil
    handle(.host(number, .disconnected(status: end.status)), &watcher)
  }

  private func pass(_ line: String, _ number: HostNumber, _ watcher: inout some LaunchWatcher) {
    if let mark = RemoteMark(line, token: options.context.token) {
      return handle(.host(number, .marked(mark)), &watcher)
    }
    watcher.hear(line, from: fleet.hosts[number.value].entry)
    handle(.host(number, .said(line)), &watcher)
  }

  private func handle(_ event: LaunchFleet.Event, _ watcher: inout some LaunchWatcher) {
    for effect in fleet.handle(event, at: now) { perform(effect, &watcher) }
  }

  private func perform(_ one: LaunchFleet.Effect, _ watcher: inout some LaunchWatcher) {
    let entry = fleet.hosts[one.host.value].entry
    switch one.effect {
    case .connect(let errand): connect(errand, one.host, entry, &watcher)
    case .introduce(let port):
      let endpoint = port.map { "tcp://127.0.0.1:\($0)" } ?? options.endpoint
      let isAsked = options.purpose == .detach || !options.invitation.isEmpty
      connections[one.host]?.send([
        Array("\(endpoint)\n".utf8), isAsked ? Array("\(options.invitation)\n".utf8) : [],
      ])
    case .closeInput: connections[one.host]?.closeInput()
    case .cut: connections[one.host]?.cut()
    case .tell(let line): watcher.tell(line, about: entry)
    }
  }

  private func connect(
    _ errand: Errand, _ number: HostNumber, _ entry: HostEntry,
    _ watcher: inout some LaunchWatcher
  ) {
    let words = options.ssh.call(
      entry.target, script(errand, number, entry).command, forwards: errand == .start)
    do throws(SystemError) {
      let connection = try SSHConnection(words)
      connections[number] = connection
      switch errand {
      case .copy:
        connection.send(options.bundle.archive)
        connection.closeInput()
      case .stop: connection.closeInput()
      case .start, .detach: break
      }
    } catch {
      watcher.hear("\(error)", from: entry)
      handle(.host(number, .said("\(error)")), &watcher)
      handle(.host(number, .disconnected(status: nil)), &watcher)
    }
  }

  private func script(
    _ errand: Errand, _ number: HostNumber, _ entry: HostEntry
  ) -> RemoteScript {
    let worker = options.worker + (entry.slots.map { ["--slots", "\($0)"] } ?? [])
    switch errand {
    case .start: return .start(options.context, line: number, worker: worker)
    case .detach: return .detach(options.context, line: number, worker: worker)
    case .copy: return .copy(options.context)
    case .stop(let onlyOwn):
      return .stop(
        options.context, onlyOwn: onlyOwn,
        endpoint: onlyOwn || options.stopsAny ? nil : options.context.endpoint)
    }
  }
}
