import ArgumentParser
import Foundation
import Report
import ResultStore
import Sweep
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
    let tables: StatusTables
    switch (connect, store) {
    case (let text?, nil):
      let endpoint = try EndpointOption.parse(text, insecure: insecure, option: "--connect")
      tables = StatusTables(try ask(endpoint))
    case (nil, let path?): tables = try read(path)
    default: throw CommandError.badInput("status needs one of --connect ENDPOINT and --store FILE")
    }
    try Output.write(tables.render(output.format))
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

  private func read(_ path: String) throws(CommandError) -> StatusTables {
    do throws(StoreError) {
      return try StatusTables(StoreReader(path: path))
    } catch {
      throw .of(error)
    }
  }
}
