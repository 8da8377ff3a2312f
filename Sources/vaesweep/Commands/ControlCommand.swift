import ArgumentParser
import Sweep
import SweepFile
import Tables
import Wire

struct ControlCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "control", abstract: "Steer a sweep while its coordinator runs.",
    discussion: """
      Every order is on the disk before it is acknowledged, and holds after a restart of the coordinator \
      too, until it is taken back. It is about the sweep that is served, also where that is extended; \
      other sweeps of the store are left alone, but a host is drained for all. 'vaesweep status' tells \
      what holds.
      """,
    subcommands: [
      Pause.self, Resume.self, Drain.self, Undrain.self, Cancel.self, Retry.self, Extend.self,
      Stop.self,
    ])

  /// Where the coordinator is, and how its answer is shown.
  struct Options: ParsableArguments {
    @Option(help: "The coordinator's endpoint, such as tcp://127.0.0.1:5757.") var connect: String
    @OptionGroup var operatorOptions: OperatorOptions

    /// Sends an order and prints what became of it.
    func send(_ request: OperatorRequest, patience: Duration = .seconds(30)) throws {
      let query = try operatorOptions.query(at: connect, patience: patience)
      try Output.write(try query.order(request) + "\n")
    }
  }
}

extension ControlCommand {
  struct Pause: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Begin nothing more; points that are being trained are trained to their end.")
    @OptionGroup var options: Options
    func run() throws { try options.send(.order(.pause)) }
  }

  struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Go on after a pause.")
    @OptionGroup var options: Options
    func run() throws { try options.send(.order(.resume)) }
  }

  struct Drain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a host nothing more; what it trains it trains to its end.")
    @Argument(help: "The host's name, as 'vaesweep status' shows it.") var host: String
    @OptionGroup var options: Options
    func run() throws { try options.send(.order(.drain(host: try HostArgument.checked(host)))) }
  }

  struct Undrain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a host points again, whoever had drained it.")
    @Argument(help: "The host's name, as 'vaesweep status' shows it.") var host: String
    @OptionGroup var options: Options
    func run() throws { try options.send(.order(.undrain(host: try HostArgument.checked(host)))) }
  }

  struct Cancel: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Do without points that have no outcome, and stop those that are being trained.",
      discussion: """
        Without --where all of them. An outcome that comes in spite of it counts. Also points that this \
        sweep is extended by are cancelled where they match, until 'vaesweep control retry' says otherwise.
        """)
    @OptionGroup var filter: FilterOptions
    @OptionGroup var options: Options
    func run() throws { try options.send(.order(.cancel(texts: try filter.texts()))) }
  }

  struct Retry: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Train failed and cancelled points after all; without --where all of them.")
    @OptionGroup var filter: FilterOptions
    @OptionGroup var options: Options
    func run() throws { try options.send(.order(.retry(texts: try filter.texts()))) }
  }

  struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End the coordinator, with its state kept.",
      discussion: "As SIGTERM does: started again on the same store it goes on where it was.")
    @OptionGroup var options: Options
    func run() throws { try options.send(.stop) }
  }

  struct Extend: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Go on with a changed sweep file: more seeds, another architecture, more epochs.",
      discussion: """
        Points that have their outcome are not trained again, and workers go on meanwhile. The \
        coordinator serves the new file from then on, and after a restart too, whichever of the two that \
        is started with; there, --replace goes back. Where the file leaves out points that have no outcome \
        yet it is not taken, unless --replace says that they are not wanted any more.
        """)
    @Argument(help: "The sweep file.") var sweep: String
    @Option(
      name: .customLong("set"),
      help: ArgumentHelp("Set a key of the file, as for 'plan'.", valueName: "KEY=VALUE"))
    var overrides: [String] = []
    @Flag(help: "Points that are left out and have no outcome are not trained any more.")
    var replace = false
    @OptionGroup var options: Options

    func run() throws {
      let contents = try SweepOptions.read(sweep, overrides)
      guard contents.yaml.utf8.count <= ExtendRequest.largestText else {
        throw CommandError.badInput(
          "\(sweep): larger than \(ExtendRequest.largestText) bytes, which is what one message holds"
        )
      }
      // The store is read and checked anew.
      try options.send(
        .extend(ExtendRequest(yaml: contents.yaml, replaces: replace)), patience: .seconds(300))
    }
  }
}

/// The name of a host on the command line.
enum HostArgument {
  static func checked(_ host: String) throws(CommandError) -> String {
    let isName =
      (1...255).contains(host.utf8.count)
      && host.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != " " }
    guard isName else {
      throw .badInput(
        "HOST: \(host.isEmpty ? "nothing" : "what was given") is no host's name, which has 1 to 255 bytes, "
          + "none of them a space or a control character")
    }
    return host
  }
}
