import ArgumentParser
import Foundation
import Report
import ResultStore
import Sweep
import SweepFile
import Wire
import ZeroMQ

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how far a sweep is, from its coordinator or its store.")

  @Option(help: "Ask the coordinator that listens here.") var connect: String?
  @Option(help: "Read this store; nothing is known of what runs.") var store: String?
  @Flag(help: "Reach a coordinator beyond loopback without encryption.") var insecure = false
  @OptionGroup var output: FormatOptions

  func run() throws {
    let table: Table
    switch (connect, store) {
    case (let text?, nil):
      let endpoint = try EndpointOption.parse(text, insecure: insecure, option: "--connect")
      table = Self.table(try ask(endpoint))
    case (nil, let path?): table = try read(path)
    default: throw CommandError.badInput("status needs one of --connect ENDPOINT and --store FILE")
    }
    try Output.write(table.render(output.format))
  }

  private func ask(_ endpoint: Endpoint) throws(CommandError) -> StatusReply {
    do {
      let context = try Context()
      let socket = try Socket(.dealer, in: context)
      try socket.setMaxFrameSize(Frame.largest)
      try socket.connect(endpoint)
      _ = try socket.send([try Frame.encode(.statusRequest(StatusRequest()))])
      guard let message = try socket.receive(atMost: 1, within: .seconds(5)),
        let frame = message.frames.first
      else { throw CommandError.failure("no coordinator answered at \(endpoint) within 5 s") }
      switch try Frame.decode(frame) {
      case .statusReply(let reply): return reply
      case .refusal(let refusal): throw CommandError.failure(refusal.reason)
      default: throw CommandError.failure("\(endpoint) did not answer like a coordinator")
      }
    } catch let error as CommandError {
      throw error
    } catch {
      throw .failure("\(error)")
    }
  }

  private static func table(_ status: StatusReply) -> Table {
    var table = Table(
      caption: [
        "sweep \(status.sweep), coordinator epoch \(status.coordinatorEpoch): "
          + ProgressDisplay.line(status)
      ],
      columns: [
        "sweep", .number("points"), .number("ok"), .number("diverged"), .number("failed"),
        .number("running"), .number("workers"), .number("slots"),
        .number("points_per_hour", decimals: 1), .number("seconds_left", decimals: 0),
      ])
    table.append([
      .text(status.sweep), .integer(status.points), .integer(status.ok),
      .integer(status.diverged), .integer(status.failed), .integer(status.running),
      .integer(status.workers.count), .integer(status.workers.reduce(0) { $0 + $1.slots }),
      .number(status.pointsPerHour), Cell(status.secondsLeft),
    ])
    return table
  }

  private func read(_ path: String) throws(CommandError) -> Table {
    do throws(StoreError) {
      let reader = try StoreReader(path: path)
      let sweeps = try reader.sweeps()
      let progress = try reader.progress()
      let points = sweeps.reduce(0) { sum, stored in
        let definition = try? SweepFile.parse(yaml: stored.yaml, file: stored.name)
        return sum + (definition?.grid.count().points ?? 0)
      }
      var table = Table(
        caption: ["store \(path), coordinator epoch \(progress.coordinatorEpoch)"],
        columns: [
          "sweeps", .number("points"), .number("ok"), .number("diverged"), .number("failed"),
          .number("open_attempts"), .number("faults"), .number("finished_in_last_hour"),
        ])
      table.append([
        .text(sweeps.map(\.name).joined(separator: ", ")), .integer(points),
        .integer(progress.ok), .integer(progress.diverged), .integer(progress.failed),
        .integer(progress.open), .integer(progress.faults), .integer(progress.finishedInLastHour),
      ])
      return table
    } catch {
      throw .badInput(error)
    }
  }
}
