import ArgumentParser
import Foundation
import Sweep

@main
struct VAESweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vaesweep",
    abstract: "How much of a variational autoencoder's result is architecture, and how much luck?",
    version: programVersion,
    subcommands: [
      RunCommand.self, PlanCommand.self, CoordinatorCommand.self, WorkerCommand.self,
      StatusCommand.self, SummaryCommand.self, CompareCommand.self, SeedsCommand.self,
      ExportCommand.self, TrainCommand.self, DataCommand.self, BenchCommand.self,
      DoctorCommand.self, TrainerCommand.self,
    ])

  /// Every error becomes one line on standard error and the exit status of DESIGN.md.
  static func main() {
    // A reader that has seen enough (`| head`) is no error.
    signal(SIGPIPE, SIG_DFL)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as CommandError {
      if let message = error.message { Console.complain(message) }
      Foundation.exit(error.status.rawValue)
    } catch {
      guard exitCode(for: error).isSuccess else {
        let line = message(for: error).split(separator: "\n").first.map(String.init) ?? "\(error)"
        Console.complain("\(line) (see 'vaesweep --help')")
        Foundation.exit(ExitStatus.badInput.rawValue)
      }
      // Help and version are "errors" to the parser.
      print(fullMessage(for: error))
    }
  }
}

/// The exit statuses of DESIGN.md.
enum ExitStatus: Int32 {
  case error = 1
  case badInput = 2
  case failedPoints = 3
  case interrupted = 130
}

/// What ends a command early: an exit status and one line for standard error.
struct CommandError: Error {
  let status: ExitStatus
  let message: String?

  init(_ status: ExitStatus, _ message: String?) {
    self.status = status
    self.message = message
  }

  static func badInput(_ message: some CustomStringConvertible) -> CommandError {
    CommandError(.badInput, message.description)
  }

  static func failure(_ message: some CustomStringConvertible) -> CommandError {
    CommandError(.error, message.description)
  }
}
