import ArgumentParser
import Foundation
import Platform
import Sweep

@main
struct VAESweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vaesweep",
    abstract: "How much of a variational autoencoder's result is architecture, and how much luck?",
    version: programVersion,
    subcommands: [
      RunCommand.self, PlanCommand.self, CoordinatorCommand.self, WorkerCommand.self,
      LaunchCommand.self,
      StatusCommand.self, ControlCommand.self, KeysCommand.self, SummaryCommand.self,
      CompareCommand.self,
      LuckCommand.self,
      ClaimsCommand.self,
      SeedsCommand.self, ExportCommand.self, ReportCommand.self, ShowCommand.self,
      AuditCommand.self, MergeCommand.self, TrainCommand.self,
      SchemaCommand.self,
      DataCommand.self, BenchCommand.self,
      DoctorCommand.self, TrainerCommand.self,
    ])

  /// Every error becomes one line on standard error and an exit status.
  static func main() {
    // A reader that has gone shows as EPIPE, and `Output` knows what that means.
    ProcessSignals.ignoreWriteSignals()
    // Swift would print a backtrace of every thread.
    signal(SIGQUIT, SIG_DFL)
    StandardStreams.fillGaps()
    var failure = runCommand()
    do throws(CommandError) {
      try Output.flush()
    } catch {
      failure = error
    }
    if let message = failure?.message { Console.complain(message) }
    // Everything is written. The libraries' own handlers are passed over: OpenBLAS's joins its threads,
    // which never end where 'ulimit -v' leaves them no memory.
    _exit(failure?.status.rawValue ?? 0)
  }

  private static func runCommand() -> CommandError? {
    var command: any ParsableCommand
    do {
      command = try parseAsRoot()
    } catch {
      return unparsed(error)
    }
    do {
      try command.run()
      return nil
    } catch let error as CommandError {
      return error
    } catch {
      // A command group run by itself asks for its help.
      return exitCode(for: error).isSuccess ? unparsed(error) : .failure("\(error)")
    }
  }

  /// The command whose help says how it is called, as the parser names it in its usage.
  private static func help(for error: any Error) -> String {
    let usage = fullMessage(for: error)
      .firstMatch(of: /(?:USAGE|Usage): (vaesweep(?: [a-z]+(?:-[a-z]+)*)*)/)
    return (usage.map { String($0.1) } ?? "vaesweep") + " --help"
  }

  private static func unparsed(_ error: any Error) -> CommandError? {
    guard exitCode(for: error).isSuccess else {
      let line = message(for: error).split(separator: "\n")
        .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
      return .badInput("\(line) (see '\(help(for: error))')")
    }
    // Help and version are "errors" to the parser.
    do throws(CommandError) {
      try Output.write(fullMessage(for: error) + "\n")
      return nil
    } catch {
      return error
    }
  }
}
