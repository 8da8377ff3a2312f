import ArgumentParser
import Foundation
import Worker

/// What a worker starts for each slot; not for people.
struct TrainerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trainer", abstract: "A trainer process of a worker.", shouldDisplay: false)

  @Option(help: .private) var sealedDataset: String?

  func run() throws {
    Foundation.exit(TrainerMain.run(sealedDataset: sealedDataset))
  }
}
