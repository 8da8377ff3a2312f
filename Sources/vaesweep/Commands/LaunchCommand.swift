import ArgumentParser

struct LaunchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "launch", abstract: "Start workers on other hosts, watch them, end them.",
    subcommands: [LaunchSSHCommand.self, LaunchSlurmCommand.self])
}
